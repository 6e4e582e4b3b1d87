#pragma once

#include <QWidget>
#include <array>
#include <map>

#include "ui/bridge/training_service.h"
#include "ui/training/run_curves.h"

class QSettings;

namespace signet::ui {

class CurvePanel;

/// The curves of up to eight runs in two panels, each with a metric of its own and the same settings. Keeps
/// every point of the runs it is given. GUI thread.
class CurvesView : public QWidget {
    Q_OBJECT
public:
    explicit CurvesView(QWidget* parent = nullptr);

    struct Run {
        std::filesystem::path folder;
        QString name;
        std::optional<std::uint64_t> bestStep;
        std::vector<training::Metric> metrics;  ///< what its curves are
    };
    /// The runs to overlay, at most kSeriesColours of them. A run keeps its colour while it stays.
    void setRuns(const std::vector<Run>& runs);
    void add(const training::RunNews& news);
    CurvePanel* panel(int number) const { return m_panels[static_cast<std::size_t>(number)]; }
    const RunCurves* curves(const std::filesystem::path& folder) const;

    void saveSettings(QSettings& settings) const;
    void restoreSettings(const QSettings& settings);

private:
    struct Shown {
        Run run;
        int colour = 0;
        RunCurves curves;
        std::array<int, 2> id{};             ///< in each panel
        std::array<std::size_t, 2> drawn{};  ///< points handed over
    };

    void fill(int panel);
    void append(int panel, Shown& shown);
    void offerMetrics();
    /// What a curve is, by the first run that says so; null where none does.
    const training::Metric* described(const QString& name) const;
    void markBest(int panel, const Shown& shown);
    int freeColour() const;

    std::array<CurvePanel*, 2> m_panels{};
    std::array<QString, 2> m_begun;  ///< the metric that each shows until a person chooses
    std::vector<Shown> m_runs;
};

}  // namespace signet::ui
