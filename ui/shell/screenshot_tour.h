#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <filesystem>

namespace signet::ui {

class MainWindow;
class Services;
class ThemeController;

/// Opens the samples, waits until everything is done, and writes "<page>-<theme>-<width>x<height>.png" of
/// every page in both themes at two window sizes, the empty start included. Then quits; status 1 where a
/// picture could not be written or the work did not end within kTimeLimitMs.
class ScreenshotTour : public QObject {
    Q_OBJECT
public:
    static constexpr int kTimeLimitMs = 300'000;

    ScreenshotTour(MainWindow& window, Services& services, ThemeController& theme,
                   std::filesystem::path folder);

private:
    static constexpr int kTurnsToRead = 20;  ///< of the poll, until curves and samples have been read

    void step();
    void prepare();
    /// Makes a case, one thing a call; true when it is ready.
    bool prepareCase();
    /// Puts made-up scores and measured samples on the ROC page, one thing a call; true when it is ready.
    bool prepareRoc();
    /// Has pictures drawn and read, one thing a call; true when they are.
    bool prepareGenerators();
    /// Registers made-up instances and looks for those of some samples.
    void prepareFingerprints();
    /// Puts made-up results among those of the experiments.
    void prepareExperiments();
    bool settled() const;
    /// Goes on with events until the page's service rests.
    void settleFingerprints() const;
    void settleExperiments() const;
    void saveAll();
    void saveRoc(const QString& suffix);
    void saveComparison(const QString& suffix);
    void saveCaseParts(const QString& suffix);
    void savePicture(const QString& name);
    void finish(int status);

    MainWindow& m_window;
    Services& m_services;
    ThemeController& m_theme;
    std::filesystem::path m_folder;
    QTimer m_timer;
    QElapsedTimer m_clock;
    enum class Stage { Start, Examining, Previewing, Training, Case, Roc, Drawing, Taking };
    Stage m_stage = Stage::Start;
    int m_turns = 0;
    int m_bestRow = 0;      ///< of the queue: a signature with a code
    int m_conflictRow = 0;  ///< of the queue: conflicts between the layers
    bool m_failed = false;
};

}  // namespace signet::ui
