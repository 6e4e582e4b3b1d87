#include "ui/training/curves_view.h"

#include <QSettings>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/training/curve_panel.h"
#include "ui/training/run_text.h"

namespace signet::ui {
namespace {

constexpr std::size_t kPointsATurn = 100'000;  ///< see CurvePlot::append

}  // namespace

CurvesView::CurvesView(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("curvesView"));
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("curvesSplitter"));
    splitter->setChildrenCollapsible(false);
    for (int i = 0; i < 2; ++i) {
        auto* panel = new CurvePanel(this);
        panel->setObjectName(QStringLiteral("curvePanel%1").arg(i + 1));
        m_panels[static_cast<std::size_t>(i)] = panel;
        splitter->addWidget(panel);
        connect(panel, &CurvePanel::metricChanged, this, [this, i] { fill(i); });
        connect(panel, &CurvePanel::settingsChanged, this, [this, i] {
            m_panels[static_cast<std::size_t>(1 - i)]->setSettings(
                m_panels[static_cast<std::size_t>(i)]->settings());
        });
    }
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(splitter);
}

int CurvesView::freeColour() const {
    for (int colour = 0;; ++colour) {
        if (std::none_of(m_runs.begin(), m_runs.end(), [&](const Shown& s) { return s.colour == colour; }))
            return colour;
    }
}

void CurvesView::setRuns(const std::vector<Run>& runs) {
    const auto same = [](const Shown& shown, const Run& run) { return shown.run.folder == run.folder; };
    bool changed = runs.size() != m_runs.size();
    std::erase_if(m_runs, [&](const Shown& shown) {
        return std::none_of(runs.begin(), runs.end(), [&](const Run& run) { return same(shown, run); });
    });
    for (const Run& run : runs) {
        const auto at =
            std::find_if(m_runs.begin(), m_runs.end(), [&](const Shown& s) { return same(s, run); });
        if (at == m_runs.end()) {
            changed = true;
            Shown shown;
            shown.run = run;
            shown.colour = freeColour();
            m_runs.push_back(std::move(shown));
        } else {
            changed = changed || at->run.name != run.name;
            at->run = run;
        }
    }
    if (changed) {
        offerMetrics();
        for (int panel = 0; panel < 2; ++panel) fill(panel);
    } else {
        for (int panel = 0; panel < 2; ++panel) {
            for (Shown& shown : m_runs) markBest(panel, shown);
        }
    }
}

void CurvesView::add(const training::RunNews& news) {
    const auto at = std::find_if(m_runs.begin(), m_runs.end(),
                                 [&](const Shown& s) { return s.run.folder == news.folder; });
    if (at == m_runs.end()) return;
    if (news.curvesRestarted) at->curves.clear();
    const auto before = at->curves.metrics().size();
    for (const Json& record : news.curves) at->curves.add(record);
    if (at->curves.metrics().size() != before) offerMetrics();
    for (int panel = 0; panel < 2; ++panel) {
        if (news.curvesRestarted)
            fill(panel);
        else
            append(panel, *at);
    }
}

const RunCurves* CurvesView::curves(const std::filesystem::path& folder) const {
    for (const Shown& shown : m_runs) {
        if (shown.run.folder == folder) return &shown.curves;
    }
    return nullptr;
}

void CurvesView::offerMetrics() {
    QStringList names;
    for (const Shown& shown : m_runs) {
        for (const QString& name : shown.curves.metrics()) {
            if (!names.contains(name)) names << name;
        }
    }
    for (int i = 0; i < 2; ++i) {
        CurvePanel* panel = m_panels[static_cast<std::size_t>(i)];
        QString& begun = m_begun[static_cast<std::size_t>(i)];
        const bool isChosen = panel->metric() != begun && names.contains(panel->metric());
        panel->setMetrics(names);
        if (isChosen) continue;
        for (const QString& name : names) {
            const auto* metric = described(name);
            if (!metric || metric->plot != i + 1) continue;
            panel->setMetric(name);
            break;
        }
        begun = panel->metric();
    }
}

const training::Metric* CurvesView::described(const QString& name) const {
    for (const Shown& shown : m_runs) {
        if (const auto* metric = training::findMetric(shown.run.metrics, name.toStdString())) return metric;
    }
    return nullptr;
}

void CurvesView::fill(int number) {
    const auto index = static_cast<std::size_t>(number);
    CurvePlot* plot = m_panels[index]->plot();
    plot->clear();
    const QString name = m_panels[index]->metric();
    const auto* metric = described(name);
    plot->setYLabel(metricText(metric ? std::vector{*metric} : std::vector<training::Metric>{}, name));
    for (Shown& shown : m_runs) {
        shown.id[index] = plot->addCurve(shown.run.name, seriesColour(shown.colour));
        shown.drawn[index] = 0;
        append(number, shown);
        markBest(number, shown);
    }
}

void CurvesView::markBest(int number, const Shown& shown) {
    const auto index = static_cast<std::size_t>(number);
    const auto* metric = training::findMetric(shown.run.metrics, m_panels[index]->metric().toStdString());
    const bool isMeasure = metric && metric->isScore;  // no other curve is marked
    m_panels[index]->plot()->setBest(shown.id[index], isMeasure ? shown.run.bestStep : std::nullopt);
}

void CurvesView::append(int number, Shown& shown) {
    const auto index = static_cast<std::size_t>(number);
    const auto points = shown.curves.points(m_panels[index]->metric(), shown.drawn[index]);
    if (points.empty()) return;
    CurvePlot* plot = m_panels[index]->plot();
    // In pieces, so that a long run that is opened does not hold the window up.
    const auto piece = std::span(points).first(std::min(points.size(), kPointsATurn));
    plot->append(shown.id[index], piece);
    shown.drawn[index] += piece.size();
    if (piece.size() == points.size()) return;
    QTimer::singleShot(0, this, [this, number, folder = shown.run.folder] {
        for (Shown& later : m_runs) {
            if (later.run.folder == folder) append(number, later);
        }
    });
}

void CurvesView::saveSettings(QSettings& settings) const {
    const auto shared = m_panels[0]->settings();
    settings.setValue(QStringLiteral("training/smoothing"), shared.smoothing);
    settings.setValue(QStringLiteral("training/axis"), static_cast<int>(shared.axis));
    settings.setValue(QStringLiteral("training/logX"), shared.logX);
    settings.setValue(QStringLiteral("training/logY"), shared.logY);
    settings.setValue(QStringLiteral("training/percentiles"), shared.percentileRange);
}

void CurvesView::restoreSettings(const QSettings& settings) {
    CurvePanel::Settings shared;
    shared.smoothing = std::clamp(
        settings.value(QStringLiteral("training/smoothing"), shared.smoothing).toDouble(), 0.0, 0.99);
    shared.axis = static_cast<CurvePlot::Axis>(
        std::clamp(settings.value(QStringLiteral("training/axis"), 0).toInt(), 0, 2));
    shared.logX = settings.value(QStringLiteral("training/logX"), false).toBool();
    shared.logY = settings.value(QStringLiteral("training/logY"), false).toBool();
    shared.percentileRange = settings.value(QStringLiteral("training/percentiles"), false).toBool();
    for (CurvePanel* panel : m_panels) panel->setSettings(shared);
}

}  // namespace signet::ui
