#include "ui/training/curve_panel.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSlider>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "ui/bridge/text.h"
#include "ui/intake/file_dialogs.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kSmoothingSteps = 99;  // hundredths
constexpr int kWidestFirst = 520;    // px; wider, its controls would drift apart

struct FormatText {
    const char* ending;
    QString action;
    QString filter;
};

FormatText textOf(CurvePlot::Format format) {
    switch (format) {
        case CurvePlot::Format::Csv:
            return {"csv", CurvePanel::tr("&CSV, every point"), CurvePanel::tr("CSV (*.csv)")};
        case CurvePlot::Format::Png:
            return {"png", CurvePanel::tr("P&NG picture"), CurvePanel::tr("PNG (*.png)")};
        case CurvePlot::Format::Pdf:
            break;
    }
    return {"pdf", CurvePanel::tr("&PDF, vector"), CurvePanel::tr("PDF (*.pdf)")};
}

/// A file name without characters that folders or shells take amiss.
QString safeName(const QString& metric) {
    QString name;
    for (const QChar c : metric) name += c.isLetterOrNumber() || c == QLatin1Char('.') ? c : QLatin1Char('-');
    return name.isEmpty() ? QStringLiteral("curves") : name;
}

/// Two groups of controls: side by side where there is room, else one above the other.
class TwoPartBar final : public QWidget {
public:
    TwoPartBar(QWidget* first, QWidget* second, QWidget* parent)
        : QWidget(parent),
          m_first(first),
          m_second(second),
          m_layout(new QBoxLayout(QBoxLayout::LeftToRight, this)) {
        m_layout->setContentsMargins(kGrid, 4, kGrid, 4);
        m_layout->setSpacing(4);
        m_layout->addWidget(first, 1);
        m_layout->addWidget(second, 1);
        first->setMaximumWidth(kWidestFirst);
        const int wider = std::max(first->minimumSizeHint().width(), second->minimumSizeHint().width());
        setMinimumWidth(wider + 2 * kGrid);
    }

protected:
    void resizeEvent(QResizeEvent* event) override {
        QWidget::resizeEvent(event);
        const int both = m_first->minimumSizeHint().width() + m_second->minimumSizeHint().width() + 3 * kGrid;
        m_layout->setDirection(width() < both ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    }

private:
    QWidget* m_first;
    QWidget* m_second;
    QBoxLayout* m_layout;
};

}  // namespace

CurvePanel::CurvePanel(QWidget* parent)
    : QWidget(parent),
      m_metric(new QComboBox(this)),
      m_smoothing(new QSlider(Qt::Horizontal, this)),
      m_smoothingLabel(makeLabel(QStringLiteral("smoothingLabel"), tr("Smoothing"), this)),
      m_smoothingValue(makeLabel(QStringLiteral("smoothingValue"), {}, this)),
      m_axis(new QComboBox(this)),
      m_notice(new NoticeBar(QStringLiteral("curveNotice"), this)),
      m_plot(new CurvePlot(this)) {
    setObjectName(QStringLiteral("curvePanel"));
    m_plot->setObjectName(QStringLiteral("curvePlot"));
    makeControls();
    makeActions();
    makeLayout();
    setSettings({});
}

CurvePanel::~CurvePanel() = default;

void CurvePanel::makeControls() {
    m_metric->setObjectName(QStringLiteral("curveMetric"));
    m_metric->setAccessibleName(tr("Metric"));
    m_metric->setToolTip(tr("The metric shown"));
    m_metric->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_metric->setMinimumContentsLength(8);
    m_metric->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_metric->setMaximumWidth(240);
    connect(m_metric, &QComboBox::currentTextChanged, this, [this](const QString& name) {
        m_plot->setYLabel(name);
        Q_EMIT metricChanged(name);
    });
    m_smoothing->setObjectName(QStringLiteral("curveSmoothing"));
    m_smoothing->setAccessibleName(tr("Smoothing, hundredths"));
    m_smoothing->setToolTip(tr("Weight of the past in the moving average; 0 shows the raw values only"));
    m_smoothing->setRange(0, kSmoothingSteps);
    m_smoothing->setPageStep(10);
    m_smoothing->setMinimumWidth(56);
    m_smoothing->setMaximumWidth(160);
    m_smoothingLabel->setBuddy(m_smoothing);
    m_smoothingValue->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("0.00")));
    connect(m_smoothing, &QSlider::valueChanged, this, &CurvePanel::change);
    m_axis->setObjectName(QStringLiteral("curveAxis"));
    m_axis->setAccessibleName(tr("Horizontal axis"));
    m_axis->setToolTip(tr("Horizontal axis; process time leaves out queue and pauses"));
    m_axis->addItem(tr("Step"), static_cast<int>(CurvePlot::Axis::Step));
    m_axis->addItem(tr("Images"), static_cast<int>(CurvePlot::Axis::Images));
    m_axis->addItem(tr("Time"), static_cast<int>(CurvePlot::Axis::Seconds));
    connect(m_axis, &QComboBox::currentIndexChanged, this, &CurvePanel::change);
}

void CurvePanel::makeActions() {
    const auto toggle = [this](const char* name, const QString& text, const QString& help) {
        auto* action = new QAction(text, this);
        action->setObjectName(QLatin1String(name));
        action->setCheckable(true);
        describeAction(action, help);
        connect(action, &QAction::toggled, this, &CurvePanel::change);
        return action;
    };
    m_logXAction = toggle("curveLogXAction", tr("log x"), tr("Logarithmic horizontal axis"));
    m_logYAction = toggle("curveLogYAction", tr("log y"), tr("Logarithmic vertical axis"));
    m_percentileAction =
        toggle("curvePercentileAction", tr("1–99 %"),
               tr("Vertical axis from the 1st to the 99th percentile of the visible values"));
    m_fitAction = new QAction(themedIcon(QStringLiteral("fit")), tr("Fit"), this);
    m_fitAction->setObjectName(QStringLiteral("curveFitAction"));
    describeAction(m_fitAction, tr("Show all and follow the newest points (double click in the plot)"));
    connect(m_fitAction, &QAction::triggered, m_plot, &CurvePlot::fit);
    connect(m_plot, &CurvePlot::followingChanged, m_fitAction, &QAction::setDisabled);
    m_fitAction->setEnabled(false);
    m_exportAction = new QAction(themedIcon(QStringLiteral("save")), tr("Export"), this);
    m_exportAction->setObjectName(QStringLiteral("curveExportAction"));
    describeAction(m_exportAction, tr("Write the curves to a file"));
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("curveExportMenu"));
    for (const auto format : {CurvePlot::Format::Csv, CurvePlot::Format::Png, CurvePlot::Format::Pdf}) {
        QAction* action = menu->addAction(textOf(format).action);
        action->setObjectName(QStringLiteral("curveExport-%1").arg(QLatin1String(textOf(format).ending)));
        connect(action, &QAction::triggered, this, [this, format] { exportAs(format); });
    }
    m_exportAction->setMenu(menu);
}

void CurvePanel::makeLayout() {
    const auto group = [this] {
        auto* widget = new QWidget(this);
        auto* row = new QHBoxLayout(widget);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(4);
        return row;
    };
    QHBoxLayout* what = group();
    what->addWidget(m_metric, 4);
    what->addSpacing(4);
    what->addWidget(m_smoothingLabel);
    what->addWidget(m_smoothing, 3);
    what->addWidget(m_smoothingValue);
    what->addStretch(1);
    QHBoxLayout* how = group();
    how->addWidget(m_axis);
    const auto button = [this, how](const char* name, QAction* action, Qt::ToolButtonStyle style) {
        QToolButton* made = makeActionButton(QLatin1String(name), action, this, style);
        if (action->isCheckable()) made->setProperty("role", "toggle");
        how->addWidget(made);
        return made;
    };
    button("curveLogXButton", m_logXAction, Qt::ToolButtonTextOnly);
    button("curveLogYButton", m_logYAction, Qt::ToolButtonTextOnly);
    button("curvePercentileButton", m_percentileAction, Qt::ToolButtonTextOnly);
    how->addStretch(1);
    button("curveFitButton", m_fitAction, Qt::ToolButtonIconOnly);
    QToolButton* exporting = button("curveExportButton", m_exportAction, Qt::ToolButtonIconOnly);
    exporting->setPopupMode(QToolButton::InstantPopup);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(new TwoPartBar(what->parentWidget(), how->parentWidget(), this));
    all->addWidget(m_notice);
    all->addWidget(m_plot, 1);
    setTabOrder(exporting, m_plot);
}

void CurvePanel::setMetrics(const QStringList& names) {
    const QString before = metric();
    {
        const QSignalBlocker blocker(m_metric);
        m_metric->clear();
        m_metric->addItems(names);
        const auto same = static_cast<int>(names.indexOf(before));
        m_metric->setCurrentIndex(same >= 0 ? same : names.isEmpty() ? -1 : 0);
    }
    if (metric() == before) return;
    m_plot->setYLabel(metric());
    Q_EMIT metricChanged(metric());
}

QString CurvePanel::metric() const {
    return m_metric->currentText();
}

void CurvePanel::setMetric(const QString& name) {
    m_metric->setCurrentIndex(m_metric->findText(name));
}

CurvePanel::Settings CurvePanel::settings() const {
    return {m_smoothing->value() / 100.0, static_cast<CurvePlot::Axis>(m_axis->currentData().toInt()),
            m_logXAction->isChecked(), m_logYAction->isChecked(), m_percentileAction->isChecked()};
}

void CurvePanel::setSettings(const Settings& settings) {
    m_applying = true;
    m_smoothing->setValue(qRound(100 * settings.smoothing));
    m_axis->setCurrentIndex(m_axis->findData(static_cast<int>(settings.axis)));
    m_logXAction->setChecked(settings.logX);
    m_logYAction->setChecked(settings.logY);
    m_percentileAction->setChecked(settings.percentileRange);
    m_applying = false;
    apply();
}

void CurvePanel::change() {
    if (m_applying) return;
    apply();
    Q_EMIT settingsChanged();
}

void CurvePanel::apply() {
    const Settings wanted = settings();
    m_smoothingValue->setText(QString::number(wanted.smoothing, 'f', 2));
    m_plot->setSmoothing(wanted.smoothing);
    m_plot->setXAxis(wanted.axis);
    if (m_plot->isLogX() != wanted.logX) m_plot->setLogX(wanted.logX);
    if (m_plot->isLogY() != wanted.logY) m_plot->setLogY(wanted.logY);
    if (m_plot->isPercentileRange() != wanted.percentileRange)
        m_plot->setPercentileRange(wanted.percentileRange);
}

void CurvePanel::exportAs(CurvePlot::Format format) {
    const FormatText text = textOf(format);
    FileDialogs::saveFile(this, tr("Export curves"),
                          safeName(metric()) + QLatin1Char('.') + QLatin1String(text.ending), text.filter,
                          [this, format](const QStringList& names) { write(format, names.value(0)); });
}

void CurvePanel::write(CurvePlot::Format format, const QString& name) {
    m_worker.post(0, [this, name, job = m_plot->prepareExport(format)](const std::stop_token& stop) {
        QString problem;
        try {
            job(toPath(name), stop);
        } catch (const Error& error) {
            if (error.code() == ErrorCode::Cancelled) return;
            problem = sentence(error.what());
        } catch (const std::exception& error) {
            problem = sentence(error.what());
        }
        QMetaObject::invokeMethod(this, [this, name, problem] {
            if (problem.isEmpty()) {
                m_notice->showNotice(NoticeBar::Kind::Information, tr("Written: %1").arg(name));
                Q_EMIT exported(name);
            } else {
                m_notice->showNotice(NoticeBar::Kind::Problem, tr("The export failed. %1").arg(problem));
                Q_EMIT exportFailed(problem);
            }
        });
    });
}

}  // namespace signet::ui
