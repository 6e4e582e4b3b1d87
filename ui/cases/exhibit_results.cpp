#include "ui/cases/exhibit_results.h"

#include <QEvent>
#include <QTimer>
#include <QVBoxLayout>
#include <cmath>

#include "core/cases/evidence_maps.h"
#include "core/examine/findings.h"
#include "ui/bridge/text.h"
#include "ui/cases/case_text.h"
#include "ui/cases/recorded_map.h"
#include "ui/page/finding_card.h"

namespace signet::ui {
namespace {

QString probabilityText(double p) {
    return p >= 0.01 ? QString::number(p, 'f', 2) : QString::number(p, 'e', 1);
}

/// Of a code whose check holds: it is a registered one or it is not, whatever chance would do.
QString checkedMatchText(const examine::CodeMatch& match) {
    const QString compared = countText(static_cast<int>(match.searched), "registered code");
    QStringList holders{toText(match.holder)};
    switch (match.answer()) {
        case examine::MatchAnswer::Match:
            return QObject::tr("The code registered for %1: all %2 bits agree; compared with %3")
                .arg(holders.front(), QString::number(match.bits), compared);
        case examine::MatchAnswer::Shared:
            for (const auto& rival : match.rivals) holders << toText(rival.holder);
            return QObject::tr("Registered for more than one holder: %1. No match is named; compared with %2")
                .arg(holders.join(QStringLiteral(", ")), compared);
        default:
            return QObject::tr(
                       "No registered code: a code whose check holds is equal to one or is another one. "
                       "Nearest: %1, %2 of %3 bits; compared with %4")
                .arg(holders.front(), QString::number(match.matched), QString::number(match.bits), compared);
    }
}

}  // namespace

QString matchText(const examine::CodeMatch& match) {
    if (match.checked) return checkedMatchText(match);
    const QString corrected =
        QObject::tr("p %1, corrected for %2 and %3")
            .arg(probabilityText(std::pow(10.0, match.log10PCorrected)),
                 countText(static_cast<int>(match.searched), "registered code"),
                 match.geometriesTried == 1 ? QObject::tr("1 geometry tried")
                                            : QObject::tr("%1 geometries tried").arg(match.geometriesTried));
    const QString bits = QObject::tr("%1 of %2 bits").arg(match.matched).arg(match.bits);
    QStringList rivals;
    for (const auto& rival : match.rivals)
        rivals << (rival.contradicted ? QObject::tr("%1 (%2 bits; differs in bits read with certainty)")
                                      : QObject::tr("%1 (%2 bits)"))
                      .arg(toText(rival.holder), QString::number(rival.matched));
    QString text;
    switch (match.answer()) {
        case examine::MatchAnswer::Match:
            text = QObject::tr("%1 as registered for %2; %3").arg(bits, toText(match.holder), corrected);
            break;
        case examine::MatchAnswer::Contradicted:
            text = QObject::tr(
                       "No registered code matches. Near that of %1, but differs in bits read with "
                       "certainty: %2; %3")
                       .arg(toText(match.holder), bits, corrected);
            break;
        case examine::MatchAnswer::Shared:
            text = QObject::tr("No single registered code matches. Nearest: %1, %2; %3")
                       .arg(toText(match.holder), bits, corrected);
            break;
        case examine::MatchAnswer::None:
            text = QObject::tr("No registered code matches. Nearest: %1, %2; %3")
                       .arg(toText(match.holder), bits, corrected);
            break;
    }
    if (match.weighed && match.matched < match.bits)
        text += QObject::tr(
                    ". Were that code embedded, and the image treated no worse than the calibration's "
                    "images, errors as sure as these would have a chance of %1")
                    .arg(probabilityText(std::pow(10.0, match.log10PErrors)));
    if (!rivals.isEmpty())
        text += QObject::tr(". Codes of other holders are alike and would match too: %1")
                    .arg(rivals.join(QStringLiteral(", ")));
    return text;
}

ExhibitResults::ExhibitResults(Services& services, QWidget* parent)
    : QScrollArea(parent), m_services(services) {
    setObjectName(QStringLiteral("exhibitResults"));
    setAccessibleName(tr("Results of the last examination"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(&m_services.keys(), &KeyService::changed, this,
            [this] { showDetails(ExhibitDetails(m_shown)); });  // the cards show the names of keys
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
        if (details.exhibit.id != 0) note("exhibitNotExamined", tr("Not examined yet."));
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
        for (const examine::Finding& finding : last.record.findings) {
            const std::optional<examine::CodeMatch>& match = finding.match;
            const bool matches = match && match->answer() == examine::MatchAnswer::Match;
            auto* card = new FindingCard(
                finding,
                {m_services.model(finding.model),
                 finding.keyed ? m_services.keys().nameOf(finding.keyed->keyFingerprint) : QString(),
                 matches ? toText(match->holder) : QString()},
                content);
            if (match || finding.code) {
                QLabel* label = makeLabel(
                    QStringLiteral("matchLine"),
                    match ? matchText(*match) : tr("No code is registered to compare with."), card, true);
                label->setWordWrap(true);
                card->body()->addWidget(label);
            }
            connect(card, &FindingCard::modelCardWanted, this, &ExhibitResults::modelCardWanted);
            connect(card, &FindingCard::methodWanted, this, &ExhibitResults::methodWanted);
            column->addWidget(card);
        }
        if (const auto remarks = examine::remarksOf(last.record); !remarks.empty()) {
            auto* card = new Card(QStringLiteral("exhibitRemarksCard"), content);
            card->body()->addWidget(
                makeHeading(QStringLiteral("exhibitRemarksHeading"), tr("Conflicts and warnings"), card));
            QLabel* text = makeLabel(QStringLiteral("exhibitRemarks"),
                                     remarksText(remarks, QStringLiteral("\n")), card, true);
            text->setWordWrap(true);
            card->body()->addWidget(text);
            column->addWidget(card);
        }
        for (const cases::Artifact& artifact : details.artifacts) {
            column->addWidget(new RecordedMap(m_services.media(), artifact, details.folder,
                                              toText(cases::modelOfMap(artifact, last.record)), content));
        }
        note("exhibitExamined",
             tr("Examination %1 by %2, %3 to %4, %5, on %6; %7 in all")
                 .arg(last.id)
                 .arg(toText(last.examiner), localTimeText(last.startedUtc), localTimeText(last.finishedUtc),
                      toText(last.methodVersion), toText(last.host),
                      countText(static_cast<int>(details.examinations.size()), "examination")));
    }
    column->addStretch(1);
    setWidget(content);  // deletes the one before
}

}  // namespace signet::ui
