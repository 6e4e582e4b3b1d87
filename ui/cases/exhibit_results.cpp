#include "ui/cases/exhibit_results.h"

#include <QEvent>
#include <QTimer>
#include <QVBoxLayout>

#include "core/base/text.h"
#include "ui/bridge/text.h"
#include "ui/cases/recorded_map.h"
#include "ui/inspect/finding_card.h"

namespace signet::ui {
namespace {

examine::Presence presenceOf(const std::string& word) {
    for (const auto presence : {examine::Presence::Absent, examine::Presence::Present}) {
        if (examine::toString(presence) == word) return presence;
    }
    return examine::Presence::Inconclusive;
}

template <typename Value>
void read(const Json& record, const char* key, Value& value) {
    const auto at = record.find(key);
    if (at != record.end() && !at->is_null()) at->get_to(value);
}

QString probabilityText(double p) {
    return p >= 0.01 ? QString::number(p, 'f', 2) : QString::number(p, 'e', 1);
}

}  // namespace

examine::Finding findingFromRecord(const Json& record) {
    examine::Finding finding;
    std::string presence;
    read(record, "model", finding.model);
    read(record, "model_sha256", finding.modelSha256);
    read(record, "score_logit", finding.scoreLogit);
    read(record, "threshold", finding.threshold);
    read(record, "lower_threshold", finding.lowerThreshold);
    read(record, "presence", presence);
    read(record, "geometry", finding.geometry);
    read(record, "hypotheses", finding.hypotheses);
    finding.presence = presenceOf(presence);
    if (const Json fpr = record.value("fpr", Json()); fpr.is_object()) {
        read(fpr, "value", finding.falsePositiveRate.value);
        read(fpr, "upper95", finding.falsePositiveRate.upper95);
        read(fpr, "n", finding.falsePositiveRate.n);
        read(fpr, "measured_on", finding.falsePositiveRate.measuredOn);
    }
    read(record, "outside_calibration", finding.outside);
    if (const Json code = record.value("code", Json()); code.is_object()) {
        examine::CodeReading reading;
        read(code, "hex", reading.hex);
        read(code, "bits", reading.bits);
        read(code, "confidence", reading.confidence);
        read(code, "bit_confidence", reading.bitConfidence);
        for (const std::uint8_t bit : bitsFromHex(reading.hex, reading.bits))
            reading.bitLogits.push_back(bit != 0 ? 1.0F : -1.0F);
        finding.code = std::move(reading);
    }
    return finding;
}

QString matchText(const Json& match) {
    if (!match.is_object()) return {};
    const QString corrected = QObject::tr("p %1, corrected for %2 and %3")
                                  .arg(probabilityText(match.value("p_value_corrected", 1.0)),
                                       countText(match.value("database_size", 0), "registered code"),
                                       match.value("hypotheses", 1) == 1
                                           ? QObject::tr("1 geometry")
                                           : QObject::tr("%1 geometries").arg(match.value("hypotheses", 1)));
    const QString bits = QObject::tr("%1 of %2 bits").arg(match.value("matched", 0)).arg(match.value("n", 0));
    QStringList rivals;
    for (const Json& rival : match.value("also_matching", Json::array()))
        rivals << QObject::tr("%1 (%2 bits)")
                      .arg(toText(rival.value("holder", "")))
                      .arg(rival.value("matched", 0));
    const QString others = rivals.isEmpty()
                               ? QString()
                               : QObject::tr(". Codes of other holders are alike and would match too: %1")
                                     .arg(rivals.join(QStringLiteral(", ")));
    const std::string holder = match.value("holder", "");
    if (!holder.empty())
        return QObject::tr("%1 as registered for %2; %3").arg(bits, toText(holder), corrected) + others;
    return (rivals.isEmpty() ? QObject::tr("No registered code matches. Nearest: %1, %2; %3")
                             : QObject::tr("No single registered code matches. Nearest: %1, %2; %3"))
               .arg(toText(match.value("nearest_holder", "")), bits, corrected) +
           others;
}

ExhibitResults::ExhibitResults(Services& services, QWidget* parent)
    : QScrollArea(parent), m_services(services) {
    setObjectName(QStringLiteral("exhibitResults"));
    setAccessibleName(tr("Results of the last examination"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void ExhibitResults::changeEvent(QEvent* event) {
    QScrollArea::changeEvent(event);
    if (event->type() != QEvent::PaletteChange || m_recolour) return;
    // The cards keep the colours they were made with. Not at once: widgets may not go while the change is
    // being handed out to them.
    m_recolour = true;
    QTimer::singleShot(0, this, [this] {
        m_recolour = false;
        showDetails(ExhibitDetails(m_shown));
    });
}

void ExhibitResults::showDetails(const ExhibitDetails& details) {
    m_shown = details;
    auto* content = new QWidget;
    content->setObjectName(QStringLiteral("exhibitResultsContent"));
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    column->setSpacing(kGrid);
    const auto note = [&](const char* name, const QString& text) {
        QLabel* label = makeNote(QLatin1String(name), text, content);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        column->addWidget(label);
    };
    if (details.examinations.empty()) {
        note("exhibitNotExamined", tr("Not examined yet."));
    } else {
        const cases::Examination& last = details.examinations.back();
        if (!last.done) {
            auto* card = new Card(QStringLiteral("exhibitFailureCard"), content);
            card->body()->addWidget(
                makeHeading(QStringLiteral("exhibitFailureHeading"), tr("Not examined"), card));
            QLabel* why = makeLabel(QStringLiteral("exhibitFailure"), sentence(last.problem), card, true);
            why->setWordWrap(true);
            card->body()->addWidget(why);
            column->addWidget(card);
        }
        for (const Json& recorded : last.record.value("findings", Json::array())) {
            const examine::Finding finding = findingFromRecord(recorded);
            auto* card = new FindingCard(finding, m_services.model(finding.model), content);
            const QString match = matchText(recorded.value("match", Json()));
            if (!match.isEmpty() || finding.code) {
                QLabel* label = makeLabel(
                    QStringLiteral("matchLine"),
                    match.isEmpty() ? tr("No code is registered to compare with.") : match, card, true);
                label->setWordWrap(true);
                card->body()->addWidget(label);
            }
            connect(card, &FindingCard::modelCardWanted, this, &ExhibitResults::modelCardWanted);
            connect(card, &FindingCard::methodWanted, this, &ExhibitResults::methodWanted);
            column->addWidget(card);
        }
        for (const cases::Artifact& artifact : details.artifacts) {
            column->addWidget(new RecordedMap(m_services.media(), artifact, details.folder, content));
        }
        note("exhibitExamined",
             tr("Examination %1 by %2, %3 to %4, %5, on %6; %7 in all")
                 .arg(last.id)
                 .arg(toText(last.examiner), toText(last.startedUtc), toText(last.finishedUtc),
                      toText(last.methodVersion), toText(last.host),
                      countText(static_cast<int>(details.examinations.size()), "examination")));
    }
    column->addStretch(1);
    setWidget(content);  // deletes the one before
}

}  // namespace signet::ui
