#include "ui/roc/operating_panel.h"

#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>
#include <cmath>

#include "ui/bridge/text.h"
#include "ui/itemmodels/sets_text.h"
#include "ui/roc/calibration_card.h"
#include "ui/roc/roc_text.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

QString grouped(std::int64_t count) {
    return QLocale(QLocale::English, QLocale::UnitedStates).toString(static_cast<qlonglong>(count));
}

QString countsText(std::int64_t k, std::int64_t n) {
    return QObject::tr("%1 of %2").arg(grouped(k), grouped(n));
}

QPushButton* makeChoice(const char* name, const QString& text, const QString& help, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    button->setObjectName(QLatin1String(name));
    button->setAccessibleName(help);
    button->setToolTip(help);
    return button;
}

}  // namespace

OperatingPanel::OperatingPanel(QWidget* parent)
    : QWidget(parent),
      m_name(new ElidedLabel(QStringLiteral("operatingName"), this)),
      m_set(makeNote(QStringLiteral("operatingSet"), {}, this)),
      m_edit(new QLineEdit(this)),
      m_maxFpr(new QDoubleSpinBox(this)),
      m_largest(makeChoice(
          "largestTprButton", tr("&Largest TPR"),
          tr("The threshold with the largest true positive rate within this false positive rate"), this)),
      m_balanced(makeChoice("balancedButton", tr("&Balanced"),
                            tr("The threshold where TPR − FPR is largest (Youden)"), this)),
      m_own(makeChoice("calibratedButton", tr("Cal&ibrated"), tr("The model's calibrated threshold"), this)),
      m_origin(makeNote(QStringLiteral("thresholdOrigin"), {}, this)),
      m_typo(makeLabel(QStringLiteral("thresholdProblem"), {}, this)),
      m_calibration(new CalibrationCard(this)) {
    setObjectName(QStringLiteral("operatingPanel"));
    m_edit->setObjectName(QStringLiteral("thresholdEdit"));
    m_edit->setAccessibleName(tr("Threshold"));
    m_typo->setProperty("role", "problem");
    m_typo->setWordWrap(true);
    keepRoom(m_typo, 2);
    m_typo->hide();
    m_maxFpr->setObjectName(QStringLiteral("maxFpr"));
    m_maxFpr->setAccessibleName(tr("Largest false positive rate allowed, per cent"));
    m_maxFpr->setLocale(QLocale::c());
    m_maxFpr->setDecimals(3);
    m_maxFpr->setRange(0, 100);
    m_maxFpr->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    m_maxFpr->setPrefix(tr("FPR ≤ "));
    m_maxFpr->setSuffix(QStringLiteral(" %"));
    m_maxFpr->setValue(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, kGrid, 12, 12);
    column->setSpacing(6);
    column->addWidget(makeHeading(QStringLiteral("operatingHeading"), tr("Operating point"), this));
    column->addWidget(m_name);
    column->addWidget(m_set);
    auto* line = new QHBoxLayout;
    QLabel* label = makeLabel(QStringLiteral("thresholdLabel"), tr("T&hreshold"), this);
    label->setTextFormat(Qt::AutoText);
    label->setBuddy(m_edit);
    line->addWidget(label);
    line->addWidget(m_edit, 1);
    column->addLayout(line);
    column->addWidget(m_typo);
    auto* choices = new QGridLayout;
    choices->setSpacing(6);
    choices->addWidget(m_maxFpr, 0, 0);
    choices->addWidget(m_largest, 0, 1);
    choices->addWidget(m_balanced, 1, 0);
    choices->addWidget(m_own, 1, 1);
    column->addLayout(choices);
    auto* rates = new QGridLayout;
    rates->setHorizontalSpacing(kGrid);
    rates->setVerticalSpacing(2);
    const std::pair<const char*, QString> names[] = {
        {"tpr", tr("True positive rate")}, {"fpr", tr("False positive rate")}, {"accuracy", tr("Accuracy")}};
    for (int i = 0; i < 3; ++i) {
        const QString name = QLatin1String(names[i].first);
        QLabel* what = makeLabel(name + QStringLiteral("Label"), names[i].second, this);
        m_values[i] = makeLabel(name + QStringLiteral("Value"), {}, this, true);
        m_values[i]->setProperty("role", "heading");
        m_values[i]->setAlignment(Qt::AlignRight);
        m_details[i] = makeNote(name + QStringLiteral("Detail"), {}, this);
        m_details[i]->setTextInteractionFlags(Qt::TextSelectableByMouse);
        rates->addWidget(what, 2 * i, 0);
        rates->addWidget(m_values[i], 2 * i, 1);
        rates->addWidget(m_details[i], 2 * i + 1, 0, 1, 2);
    }
    rates->setColumnStretch(0, 1);
    column->addSpacing(4);
    column->addLayout(rates);
    column->addWidget(m_origin);
    column->addSpacing(4);
    column->addWidget(m_calibration);
    column->addStretch(1);
    connect(m_edit, &QLineEdit::returnPressed, this, &OperatingPanel::takeTyped);
    connect(m_edit, &QLineEdit::editingFinished, this, &OperatingPanel::takeTyped);
    connect(m_maxFpr, &QDoubleSpinBox::valueChanged, this, &OperatingPanel::checkMaxFpr);
    connect(m_largest, &QPushButton::clicked, this, [this] {
        if (m_detector)
            Q_EMIT thresholdChosen(
                metrics::thresholdOf(m_detector->roc, metrics::largestTprIndex(m_detector->roc, maxFpr())),
                ThresholdOrigin::ThisSet);
    });
    connect(m_balanced, &QPushButton::clicked, this, [this] {
        if (m_detector)
            Q_EMIT thresholdChosen(
                metrics::thresholdOf(m_detector->roc, metrics::balancedIndex(m_detector->roc)),
                ThresholdOrigin::ThisSet);
    });
    connect(m_own, &QPushButton::clicked, this, [this] {
        if (m_calibrated) Q_EMIT thresholdChosen(*m_calibrated, ThresholdOrigin::Calibration);
    });
    showRow(nullptr, nullptr);
}

double OperatingPanel::maxFpr() const {
    return m_maxFpr->value() / 100;
}

void OperatingPanel::setMaxFpr(double share) {
    m_maxFpr->setValue(100 * share);
}

void OperatingPanel::checkMaxFpr() {
    const std::int64_t negatives = m_detector ? m_detector->roc.negatives : 0;
    const bool supported = m_detector && metrics::supportsFpr(negatives, maxFpr());
    m_largest->setEnabled(supported);
    m_largest->setToolTip(
        supported || !m_detector
            ? m_largest->accessibleName()
            : tr("%1 %2 images cannot show a false positive rate this small: allow at least %3 %")
                  .arg(grouped(negatives), toText(m_detector->words.negatives),
                       QString::number(100.0 / static_cast<double>(negatives), 'g', 2)));
}

void OperatingPanel::takeTyped() {
    if (!m_detector || m_edit->text() == thresholdText(m_threshold)) return;
    QString text = m_edit->text().trimmed();
    text.replace(QChar(0x2212), QLatin1Char('-'));
    bool ok = false;
    const double value = QLocale::c().toDouble(text, &ok);
    m_typo->setText(tr("“%1” is no number. Use a point for decimals.").arg(m_edit->text()));
    m_typo->setVisible(!ok || !std::isfinite(value));
    if (ok && std::isfinite(value)) Q_EMIT thresholdChosen(value, ThresholdOrigin::Typed);
}

void OperatingPanel::showRow(const DetectorModel::Row* row, const ModelEntry* entry) {
    m_detector = row ? row->detector : nullptr;
    m_threshold = row ? row->threshold : 0;
    const bool isModel = row && row->detector->folders && entry;
    m_calibrated = isModel ? entry->threshold() : std::nullopt;
    m_typo->hide();
    for (QWidget* widget : std::initializer_list<QWidget*>{m_edit, m_balanced, m_maxFpr})
        widget->setEnabled(row);
    checkMaxFpr();
    m_own->setEnabled(m_calibrated.has_value());
    m_own->setToolTip(!m_calibrated      ? tr("No calibration belongs to these scores")
                      : entry->isKeyed() ? tr("The threshold of keyed signatures, which is a p-value")
                                         : tr("The model's calibrated threshold"));
    m_edit->setToolTip(
        tr("A score at or above it counts as %1. Enter sets it.")
            .arg(toText(m_detector ? m_detector->words.positives : examine::SetWords().positives)));
    m_calibration->setSubject(m_detector, entry, m_threshold);
    if (!row) {
        m_name->setFullText(tr("No detector is chosen."));
        m_set->clear();
        m_edit->clear();
        m_origin->clear();
        for (int i = 0; i < 3; ++i) {
            m_values[i]->setText(QStringLiteral("–"));
            m_details[i]->clear();
        }
        return;
    }
    m_name->setFullText(toText(row->detector->name), QStringLiteral(" · ") + toText(row->detector->source));
    const metrics::Roc& roc = row->detector->roc;
    m_set->setText(setsText(row->detector->words, roc.positives, roc.negatives) + QLatin1Char('\n') +
                   tr("AUC %1 (95 %: %2 to %3)")
                       .arg(roc.auc, 0, 'f', 4)
                       .arg(roc.aucCi95.lower, 0, 'f', 4)
                       .arg(roc.aucCi95.upper, 0, 'f', 4));
    m_edit->setText(thresholdText(row->threshold));
    const bool sameSet = isModel && entry->calibration &&
                         entry->calibration->imagesSha256 == row->detector->folders->setSha256;
    m_origin->setText(originText(row->origin, sameSet, isModel && entry->isKeyed()));
    showRates(metrics::operatingPointAt(roc, row->threshold), roc);
}

void OperatingPanel::showRates(const metrics::OperatingPoint& at, const metrics::Roc& roc) {
    m_values[0]->setText(shareText(at.point.tpr));
    m_details[0]->setText(countsText(at.point.truePositives, roc.positives) + QStringLiteral(" · ") +
                          intervalText(at.tprCi95));
    m_values[1]->setText(shareText(at.point.fpr));
    const QString counts = countsText(at.point.falsePositives, roc.negatives) + QStringLiteral(" · ");
    m_details[1]->setText(
        at.point.falsePositives == 0
            ? counts + tr("that is not never: up to %1 (one-sided 95 % limit)").arg(shareText(at.fprUpper95))
            : counts + intervalText(at.fprCi95));
    m_values[2]->setText(shareText(at.accuracy.value));
    m_details[2]->setText(
        countsText(at.accuracy.truePositives + at.accuracy.trueNegatives, roc.positives + roc.negatives) +
        QStringLiteral(" · ") + intervalText(at.accuracy.ci95));
    for (int i = 0; i < 3; ++i) m_values[i]->setAccessibleName(m_values[i]->text());
}

}  // namespace signet::ui
