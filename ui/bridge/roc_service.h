#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <functional>
#include <memory>
#include <stop_token>
#include <variant>
#include <vector>

#include "core/examine/score_folders.h"
#include "core/metrics/operating_point.h"
#include "core/metrics/roc_band.h"
#include "core/metrics/score_file.h"
#include "ui/bridge/engine.h"
#include "ui/bridge/outbox.h"
#include "ui/bridge/worker_thread.h"

namespace signet::ui {

/// One detector on one set of images. Not changed once made, so that threads may share it.
struct RocDetector {
    std::string name;
    std::string source;                  ///< where the scores come from, for people
    examine::SetWords words;             ///< what its images are called
    std::vector<double> signedScores;    ///< ascending; of those that should reach the threshold
    std::vector<double> unsignedScores;  ///< ascending; of those that should not
    metrics::Roc roc;
    metrics::RocBand band;
    /// Of a model measured on folders; null and empty for a score file.
    std::shared_ptr<const examine::FolderScores> folders;
    std::size_t modelIndex = 0;
    std::string model;
    std::string modelSha256;
};
using RocDetectorPtr = std::shared_ptr<const RocDetector>;
using RocDetectors = std::vector<RocDetectorPtr>;
using FolderScoresPtr = std::shared_ptr<const examine::FolderScores>;

/// The detectors of a score file. Throws signet::Error. Not for the GUI thread.
RocDetectors detectorsOf(const std::filesystem::path& scoreFile);

/// Reads score files, measures folders, saves calibrations and writes exports on workers. Lives on the GUI
/// thread, which it never blocks. One measurement at a time; between two images the device is free for
/// whoever waits.
class RocService : public QObject {
    Q_OBJECT
public:
    explicit RocService(std::shared_ptr<EngineHost> host, QObject* parent = nullptr);

    void open(const std::filesystem::path& scoreFile);
    /// Does nothing while one runs.
    void measure(const examine::ScoreFoldersOptions& options);
    /// What has been measured by then arrives, also where the measurement had not begun.
    void stop();
    bool isMeasuring() const { return m_outbox.isOpen(m_measurement); }
    bool isIdle() const { return m_outbox.isIdle(); }

    /// Writes the calibration of the detector's scores at this threshold into the model's folder; what was
    /// there is kept beside it. Examinations begun afterwards use the new one.
    void saveCalibration(const models::Manifest& manifest, const RocDetectorPtr& detector, double threshold);

    /// Runs on a worker; what it throws becomes writeFailed.
    using Write = std::function<void(const std::filesystem::path&)>;
    void write(const std::filesystem::path& path, Write write);

Q_SIGNALS:
    void opened(const signet::ui::RocDetectors& detectors);
    void openFailed(const std::filesystem::path& file, const QString& message);
    /// secondsLeft < 0: not known.
    void progress(quint64 done, quint64 total, const QString& what, double secondsLeft);
    /// problem: why there is no curve; empty when all is well.
    void measured(signet::ui::FolderScoresPtr scores, const signet::ui::RocDetectors& detectors,
                  const QString& problem);
    void measureFailed(const QString& message);
    /// kept: the copy of the earlier calibration; empty where there was none.
    void calibrationSaved(const QString& model, const std::filesystem::path& kept);
    void calibrationFailed(const QString& message);
    void written(const std::filesystem::path& path);
    void writeFailed(const QString& message);

private:
    struct Event {
        enum class Kind {
            Opened,
            OpenFailed,
            Measured,
            MeasureFailed,
            Saved,
            SaveFailed,
            Written,
            WriteFailed
        };
        Kind kind;
        std::filesystem::path path;
        std::string message;
        RocDetectors detectors;
        FolderScoresPtr scores;
    };
    struct Progress {
        quint64 done, total;
        std::string what;
    };
    using Message = std::variant<Event, Progress>;

    void announce(const Event& event);
    void announce(const Progress& latest);

    std::shared_ptr<EngineHost> m_host;
    Outbox<Message> m_outbox;
    quint64 m_measurement = 0;     ///< the newest request for one
    std::stop_source m_stopAsked;  ///< of that measurement
    QElapsedTimer m_clock;         ///< since the phase began
    QString m_phase;
    WorkerThread m_files{"roc-files"};
    WorkerThread m_measure{"roc-measure"};
};

}  // namespace signet::ui
