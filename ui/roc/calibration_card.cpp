#include "ui/roc/calibration_card.h"

#include <QGridLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "core/metrics/intervals.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/sets_text.h"
#include "ui/roc/roc_text.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

QString rateOf(const models::Calibration& calibration) {
    return QObject::tr("%1 of %2, up to %3")
        .arg(calibration.falsePositives)
        .arg(calibration.negativeCount())
        .arg(
            shareText(metrics::clopperPearsonUpper(calibration.falsePositives, calibration.negativeCount())));
}

}  // namespace

CalibrationCard::CalibrationCard(QWidget* parent)
    : QWidget(parent),
      m_button(
          new QPushButton(themedIcon(QStringLiteral("save")), tr("Save c&alibration with the model…"), this)),
      m_reason(makeNote(QStringLiteral("calibrationReason"), {}, this)),
      m_question(new QWidget(this)),
      m_consequence(makeNote(QStringLiteral("calibrationConsequence"), {}, this)) {
    setObjectName(QStringLiteral("calibrationCard"));
    m_button->setObjectName(QStringLiteral("saveCalibrationButton"));
    m_button->setAccessibleName(tr("Save calibration with the model"));
    m_question->setObjectName(QStringLiteral("calibrationQuestion"));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(kGrid);
    grid->setVerticalSpacing(4);
    static const char* const kParts[] = {"What", "Old", "New"};
    for (int row = 0; row < 4; ++row) {
        for (int column = 0; column < 3; ++column) {
            m_changes[row][column] = makeLabel(
                QStringLiteral("calibration%1%2").arg(QLatin1String(kParts[column])).arg(row), {}, this);
            m_changes[row][column]->setWordWrap(true);
            grid->addWidget(m_changes[row][column], row, column, Qt::AlignTop);
        }
        m_changes[row][0]->setProperty("role", "note");
    }
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(2, 1);
    auto* yes = new QPushButton(tr("&Replace it"), m_question);
    yes->setObjectName(QStringLiteral("calibrationYesButton"));
    yes->setAccessibleName(tr("Replace the model's calibration"));
    auto* no = new QPushButton(tr("Do &not"), m_question);
    no->setObjectName(QStringLiteral("calibrationNoButton"));
    no->setAccessibleName(tr("Keep the model's calibration as it is"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(yes);
    buttons->addWidget(no);
    buttons->addStretch(1);
    auto* inside = new QVBoxLayout(m_question);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->addLayout(grid);
    inside->addWidget(m_consequence);
    inside->addLayout(buttons);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(m_button, 0, Qt::AlignLeft);
    column->addWidget(m_reason);
    column->addWidget(m_question);
    connect(m_button, &QPushButton::clicked, this, [this, no] {
        m_asking = true;
        refresh();
        no->setFocus();
    });
    connect(no, &QPushButton::clicked, this, [this] {
        m_asking = false;
        refresh();
        m_button->setFocus();
    });
    connect(yes, &QPushButton::clicked, this, [this] {
        m_asking = false;
        refresh();
        if (m_entry) Q_EMIT saveWanted(m_entry->manifest);
    });
    refresh();
}

void CalibrationCard::setSubject(const RocDetectorPtr& detector, const ModelEntry* entry, double threshold) {
    if (detector != m_detector) m_asking = false;
    m_detector = detector;
    m_entry = entry ? std::optional(*entry) : std::nullopt;
    m_threshold = threshold;
    refresh();
}

QString CalibrationCard::problem() const {
    if (!m_detector) return tr("No detector is chosen.");
    if (!m_detector->folders)
        return tr(
            "A calibration belongs to a model: it can be saved where a model was measured on folders, not "
            "for a score file.");
    if (!m_entry) return tr("The model is not installed any more.");
    if (m_entry->isKeyed())
        return tr(
            "A keyed signature needs no calibration: its answer is a p-value of the very image, whose "
            "threshold no images decide.");
    if (m_entry->manifest.weightsSha256 != m_detector->modelSha256)
        return tr("The model's weights are not those that were measured. Measure again.");
    if (!m_entry->isWritable)
        return tr("The model's folder may not be written to: %1. Give yourself the right to, or copy it into "
                  "the "
                  "workspace's models folder under another name.")
            .arg(toText(m_entry->manifest.folder));
    // counts are enough here; the scores themselves are looked at when it is saved
    if (std::min(m_detector->roc.positives, m_detector->roc.negatives) < examine::kLeastPhotographs)
        return tr("A calibration needs at least %1 images of each kind; there are %2.")
            .arg(QString::number(examine::kLeastPhotographs),
                 setsText(m_detector->words, m_detector->roc.positives, m_detector->roc.negatives));
    return {};
}

void CalibrationCard::refresh() {
    const QString why = problem();
    if (!why.isEmpty()) m_asking = false;
    m_button->setEnabled(why.isEmpty());
    m_button->setVisible(!m_asking);
    m_button->setToolTip(why);
    m_reason->setText(why);
    m_reason->setVisible(!why.isEmpty());
    m_question->setVisible(m_asking);
    if (m_asking) fillChanges();
}

void CalibrationCard::fillChanges() {
    models::Calibration next;
    try {
        next = examine::calibrationFrom(m_detector->folders->scoresOf(m_detector->modelIndex), m_threshold,
                                        m_entry->calibration);
    } catch (const Error& error) {
        m_consequence->setText(sentence(error.what()));
        return;
    }
    const auto& old = m_entry->calibration;
    const QString none = tr("none");
    const QString rows[4][3] = {
        {{}, tr("now"), tr("then")},
        {tr("Threshold"), old ? thresholdText(old->threshold) : none, thresholdText(next.threshold)},
        {tr("Inconclusive from"), old ? thresholdText(old->lowerThreshold) : none,
         thresholdText(next.lowerThreshold)},
        {tr("False alarms"), old ? rateOf(*old) : none, rateOf(next)}};
    for (int row = 0; row < 4; ++row)
        for (int column = 0; column < 3; ++column) m_changes[row][column]->setText(rows[row][column]);
    QString text = tr("Replaces the calibration of %1 for all examinations from now on. ")
                       .arg(toText(m_entry->manifest.name));
    if (old) text += tr("The one that is there is kept beside it. ");
    text +=
        tr("Reports then give no likelihood ratio for JPEGs, as the qualities of these images are not "
           "recorded.");
    if (!m_entry->manifest.validated) text += tr(" The model stays marked as not validated.");
    m_consequence->setText(text);
}

}  // namespace signet::ui
