#include "ui/fingerprints/calculator_panel.h"

#include <QFormLayout>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/metrics/binomial.h"
#include "core/registry/identification.h"
#include "core/report/report_text.h"
#include "ui/bridge/text.h"
#include "ui/fingerprints/fingerprint_text.h"
#include "ui/itemmodels/keyed_text.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kMostCodeBits = 4096;
constexpr int kMostInstances = 2'000'000'000;
constexpr int kCalculatorWidth = 460;  ///< px

/// Bits in which the best of so many comparisons of unrelated codes agrees: with even chances that or more.
std::int64_t medianOverlap(int bits, double comparisons) {
    const auto rarer = metrics::matchThreshold(bits, 0.5, comparisons);
    return rarer ? *rarer - 1 : bits;
}

/// "2.4 × 10⁻⁶ (10^−5.6)": as reports and as tables write it.
QString calculatedText(double log10P) {
    return QObject::tr("%1 (%2)").arg(toText(report::probability(log10P)), powerOfTenText(log10P));
}

}  // namespace

CalculatorPanel::CalculatorPanel(QWidget* parent)
    : QWidget(parent),
      m_bits(makeNumber("calculatorBits", tr("Bits of a code"), 1, kMostCodeBits, 128)),
      m_matched(makeNumber("calculatorMatched", tr("Bits that agree"), 0, kMostCodeBits, 121)),
      m_instances(makeNumber("calculatorInstances", tr("Registered instances"), 1, kMostInstances, 1000)),
      m_level(makeNumber("calculatorLevel", tr("Level of the whole search"), 1, 300, 6)),
      m_take(makeLinkButton(QStringLiteral("calculatorTake"), tr("Take from the registry"), this)),
      m_single(makeLabel(QStringLiteral("calculatorSingle"), {}, this, true)),
      m_corrected(makeLabel(QStringLiteral("calculatorCorrected"), {}, this, true)),
      m_needed(makeLabel(QStringLiteral("calculatorNeeded"), {}, this, true)),
      m_capacity(makeNote(QStringLiteral("calculatorCapacity"), {}, this)) {
    setObjectName(QStringLiteral("calculatorPanel"));
    m_level->setPrefix(QStringLiteral("10^−"));
    m_level->setToolTip(tr("The chance that is allowed that any registered code agrees so well by accident"));
    m_take->setToolTip(tr("Length of the chosen model's codes, and how many instances are registered"));
    auto* content = new QWidget(this);
    content->setObjectName(QStringLiteral("calculatorContent"));
    content->setMaximumWidth(kCalculatorWidth);
    auto* form = new QFormLayout(content);
    form->setContentsMargins(2 * kGrid, 2 * kGrid, kGrid, kGrid);
    form->setSpacing(kGrid);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(m_bits->accessibleName(), m_bits);
    form->addRow(m_matched->accessibleName(), m_matched);
    form->addRow(m_instances->accessibleName(), m_instances);
    form->addRow(m_level->accessibleName(), m_level);
    form->addRow(QString(), m_take);
    form->addRow(tr("p of one comparison"), m_single);
    form->addRow(tr("p corrected for all"), m_corrected);
    form->addRow(tr("Bits that must agree"), m_needed);
    for (QLabel* value : {m_single, m_corrected, m_needed}) setRole(value, "heading");
    form->addRow(m_capacity);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(content, 0, Qt::AlignTop);
    all->addStretch(1);
    connect(m_bits, &QSpinBox::valueChanged, m_matched, &QSpinBox::setMaximum);
    for (QSpinBox* number : {m_bits, m_matched, m_instances, m_level})
        connect(number, &QSpinBox::valueChanged, this, &CalculatorPanel::compute);
    connect(m_take, &QToolButton::clicked, this, [this] {
        m_bits->setValue(m_registryBits);
        m_instances->setValue(static_cast<int>(std::clamp<std::int64_t>(m_registered, 1, kMostInstances)));
    });
    m_matched->setMaximum(m_bits->value());
    setRegistry(0, 0);
    compute();
}

QSpinBox* CalculatorPanel::makeNumber(const char* objectName, const QString& name, int low, int high,
                                      int value) {
    auto* number = new QSpinBox(this);
    number->setObjectName(QLatin1String(objectName));
    number->setAccessibleName(name);
    number->setRange(low, high);
    number->setValue(value);
    return number;
}

void CalculatorPanel::setRegistry(int bits, std::int64_t instances) {
    m_registryBits = bits;
    m_registered = instances;
    m_take->setEnabled(bits > 0);
}

void CalculatorPanel::compute() {
    const int bits = m_bits->value();
    const auto instances = static_cast<std::int64_t>(m_instances->value());
    const double comparisons = static_cast<double>(instances);
    const double log10P = metrics::log10BinomialTail(bits, m_matched->value());
    m_single->setText(calculatedText(log10P));
    m_corrected->setText(calculatedText(metrics::correctedLog10P(log10P, comparisons)));
    registry::IdentifyOptions options;
    options.alpha = std::pow(10, -m_level->value());
    const int needed = registry::neededBits(bits, instances, options);
    m_needed->setText(needed > bits ? tr("none: %1 bits are too few").arg(bits)
                                    : tr("%1 of %2").arg(needed).arg(bits));
    for (QLabel* value : {m_single, m_corrected, m_needed}) value->setAccessibleName(value->text());
    QStringList capacity;
    capacity
        << tr("By chance alone the best of %1 codes agrees with a picture that none of their instances drew "
              "in about %2 of %3 bits.")
               .arg(groupedText(instances))
               .arg(medianOverlap(bits, comparisons))
               .arg(bits);
    if (instances > 1)
        capacity
            << tr("The two nearest of the registered codes, were they drawn at random, agree in about %1. "
                  "A code too near to an issued one is never issued.")
                   .arg(medianOverlap(bits, comparisons * (comparisons - 1) / 2));
    m_capacity->setText(capacity.join(QLatin1Char(' ')));
}

}  // namespace signet::ui
