#include "ui/inspect/evidence_panel.h"

#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/page/finding_card.h"
#include "ui/style/icons.h"
#include "ui/style/theme.h"

namespace signet::ui {

EvidencePanel::EvidencePanel(const Services& services, QWidget* parent)
    : QScrollArea(parent), m_services(services) {
    setObjectName(QStringLiteral("evidencePanel"));
    setAccessibleName(tr("Evidence"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumWidth(304);
}

QVBoxLayout* EvidencePanel::reset() {
    auto* content = new QWidget;
    content->setObjectName(QStringLiteral("evidenceContent"));
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    layout->setSpacing(kGrid);
    setWidget(content);  // deletes the one before
    return layout;
}

void EvidencePanel::showMessage(const QString& text) {
    QVBoxLayout* layout = reset();
    layout->addWidget(makeNote(QStringLiteral("evidenceMessage"), text, widget()));
    layout->addStretch(1);
}

void EvidencePanel::showFailure(QVBoxLayout* layout, const examine::Record& record) {
    auto* card = new Card(QStringLiteral("failureCard"), widget());
    auto* head = new QHBoxLayout;
    auto* icon = new QLabel(card);
    icon->setObjectName(QStringLiteral("failureIcon"));
    icon->setPixmap(iconPixmap(QStringLiteral("error"), 20, meaningColours().error, devicePixelRatioF()));
    head->addWidget(icon);
    head->addWidget(makeHeading(QStringLiteral("failureHeading"), tr("This image was not examined"), card),
                    1);
    card->body()->addLayout(head);
    QLabel* message =
        makeLabel(QStringLiteral("failureMessage"), sentence(record.error->message), card, true);
    message->setWordWrap(true);
    card->body()->addWidget(message);
    card->body()->addWidget(
        makeNote(QStringLiteral("failureRemedy"),
                 tr("The other images of the queue are not affected. Mend the cause and press "
                    "F5 to examine this image again, or Delete to take it out of the queue."),
                 card));
    auto* details = new QToolButton(card);
    details->setObjectName(QStringLiteral("failureDetailsButton"));
    details->setText(tr("Details"));
    details->setAccessibleName(tr("Show details of the error"));
    details->setCheckable(true);
    details->setFocusPolicy(Qt::StrongFocus);
    QLabel* more = makeLabel(QStringLiteral("failureDetails"),
                             tr("error code: %1\npath: %2\nSHA-256: %3")
                                 .arg(toText(record.error->code), toText(record.path),
                                      record.sha256.empty() ? tr("not read") : toText(record.sha256)),
                             card, true);
    more->setWordWrap(true);
    more->hide();
    connect(details, &QToolButton::toggled, more, &QLabel::setVisible);
    card->body()->addWidget(details, 0, Qt::AlignLeft);
    card->body()->addWidget(more);
    layout->addWidget(card);
}

void EvidencePanel::showRecord(const examine::Record& record) {
    QVBoxLayout* layout = reset();
    if (record.error) {
        showFailure(layout, record);
    } else if (record.findings.empty()) {
        layout->addWidget(
            makeNote(QStringLiteral("evidenceMessage"),
                     tr("No model answered. Install a validated model (see the Models page) and examine "
                        "the image again."),
                     widget()));
    }
    for (const examine::Finding& finding : record.findings) {
        auto* card = new FindingCard(
            finding,
            {m_services.model(finding.model),
             finding.keyed ? m_services.keys().nameOf(finding.keyed->keyFingerprint) : QString(),
             {}},
            widget());
        connect(card, &FindingCard::modelCardWanted, this, &EvidencePanel::modelCardWanted);
        connect(card, &FindingCard::methodWanted, this, &EvidencePanel::methodWanted);
        layout->addWidget(card);
    }
    if (!record.conflicts.empty()) {
        QToolButton* link =
            makeLinkButton(QStringLiteral("conflictsLink"),
                           tr("%1 between layers: see Metadata")
                               .arg(countText(static_cast<int>(record.conflicts.size()), "conflict")),
                           widget());
        link->setIcon(themedIcon(QStringLiteral("conflict")));
        link->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        link->setAccessibleName(link->text());
        connect(link, &QToolButton::clicked, this, &EvidencePanel::conflictsWanted);
        layout->addWidget(link, 0, Qt::AlignLeft);
    }
    QStringList notes;
    for (const std::string& warning : record.warnings) notes << toText(warning);
    if (!notes.isEmpty()) {
        auto* card = new Card(QStringLiteral("warningsCard"), widget());
        card->body()->addWidget(makeHeading(QStringLiteral("warningsHeading"), tr("Notes"), card));
        QLabel* text = makeLabel(QStringLiteral("warningsText"), notes.join(QLatin1Char('\n')), card, true);
        text->setWordWrap(true);
        card->body()->addWidget(text);
        layout->addWidget(card);
    }
    if (!record.error) {
        layout->addWidget(makeNote(QStringLiteral("secondsNote"),
                                   tr("Examined in %1 s").arg(record.seconds, 0, 'f', 2), widget()));
    }
    layout->addStretch(1);
}

}  // namespace signet::ui
