#pragma once

#include <QStringList>
#include <QWidget>

#include "ui/bridge/worker_thread.h"
#include "ui/plot/curve_plot.h"

class QAction;
class QComboBox;
class QLabel;
class QSlider;

namespace signet::ui {

class NoticeBar;

/// A CurvePlot under a bar of controls: which metric, smoothing, x axis, logarithms, percentile range, fit
/// and export. One panel shows one metric of up to kSeriesColours runs; whoever uses it lists the metrics
/// and, on metricChanged, fills the plot with the curves of the new one. Exports run on a thread of the
/// panel's own. GUI thread.
class CurvePanel : public QWidget {
    Q_OBJECT
public:
    explicit CurvePanel(QWidget* parent = nullptr);
    ~CurvePanel() override;

    CurvePlot* plot() const { return m_plot; }
    /// Of exports; a page puts it into its strip.
    NoticeBar* notice() const { return m_notice; }

    /// The metrics to choose from. The one shown stays where it is among them, else the first is shown.
    void setMetrics(const QStringList& names);
    /// Empty while there are none.
    QString metric() const;
    void setMetric(const QString& name);

    /// What a person sets here, to be remembered or given to other panels.
    struct Settings {
        double smoothing = 0.6;
        CurvePlot::Axis axis = CurvePlot::Axis::Step;
        bool logX = false;
        bool logY = false;
        bool percentileRange = false;

        bool operator==(const Settings&) const = default;
    };
    Settings settings() const;
    /// Emits settingsChanged only for a person's changes, not for this.
    void setSettings(const Settings& settings);

    /// Asks for a file name and writes; the result appears in a notice.
    void exportAs(CurvePlot::Format format);

Q_SIGNALS:
    void metricChanged(const QString& name);
    void settingsChanged();
    void exported(const QString& path);
    void exportFailed(const QString& message);

private:
    void makeControls();
    void makeActions();
    void makeLayout();
    void change();
    void apply();
    void write(CurvePlot::Format format, const QString& name);

    QComboBox* m_metric;
    QSlider* m_smoothing;
    QLabel* m_smoothingLabel;
    QLabel* m_smoothingValue;
    QComboBox* m_axis;
    NoticeBar* m_notice;
    CurvePlot* m_plot;
    QAction* m_logXAction = nullptr;
    QAction* m_logYAction = nullptr;
    QAction* m_percentileAction = nullptr;
    QAction* m_fitAction = nullptr;
    QAction* m_exportAction = nullptr;
    bool m_applying = false;
    WorkerThread m_worker{"plot-export"};  // last: stopped before what it reports to goes
};

}  // namespace signet::ui
