#include "ui/cases/exhibit_findings.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

const char* badgeOf(cases::FindingStatus status) {
    switch (status) {
        case cases::FindingStatus::Ok:
            return "validated";
        case cases::FindingStatus::ToBeChecked:
            return "unvalidated";
        case cases::FindingStatus::Warning:
            return "error";
    }
    return "neutral";
}

}  // namespace

QString findingStatusText(cases::FindingStatus status) {
    return toText(cases::toString(status));
}

ExhibitFindings::ExhibitFindings(QWidget* parent)
    : QWidget(parent),
      m_list(new QScrollArea(this)),
      m_form(new QWidget(this)),
      m_status(new QComboBox(m_form)),
      m_comment(new QLineEdit(m_form)),
      m_add(new QPushButton(themedIcon(QStringLiteral("new")), tr("A&dd"), m_form)) {
    setObjectName(QStringLiteral("exhibitFindings"));
    m_list->setObjectName(QStringLiteral("findingList"));
    m_list->setAccessibleName(tr("Findings about the exhibit"));
    m_list->setWidgetResizable(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_form->setObjectName(QStringLiteral("findingForm"));
    m_status->setObjectName(QStringLiteral("findingStatus"));
    m_status->setAccessibleName(tr("Status of the new finding"));
    for (const auto status :
         {cases::FindingStatus::ToBeChecked, cases::FindingStatus::Ok, cases::FindingStatus::Warning})
        m_status->addItem(findingStatusText(status), static_cast<int>(status));
    m_comment->setObjectName(QStringLiteral("findingComment"));
    m_comment->setAccessibleName(tr("Comment of the new finding"));
    m_comment->setPlaceholderText(tr("What you find, in words"));
    m_add->setObjectName(QStringLiteral("findingAddButton"));
    m_add->setAccessibleName(tr("Add the finding"));
    m_add->setEnabled(false);
    connect(m_comment, &QLineEdit::textChanged, this,
            [this](const QString& text) { m_add->setEnabled(!text.trimmed().isEmpty()); });
    connect(m_comment, &QLineEdit::returnPressed, this, &ExhibitFindings::add);
    connect(m_add, &QPushButton::clicked, this, &ExhibitFindings::add);
    auto* row = new QHBoxLayout(m_form);
    row->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    row->addWidget(m_status);
    row->addWidget(m_comment, 1);
    row->addWidget(m_add);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_list, 1);
    all->addWidget(m_form);
}

void ExhibitFindings::setWritable(bool writable) {
    m_writable = writable;
    m_form->setVisible(writable);
}

QWidget* ExhibitFindings::makeCard(const cases::Finding& finding, QWidget* parent) {
    auto* card = new Card(QStringLiteral("finding_%1").arg(finding.id), parent);
    auto* head = new QHBoxLayout;
    head->addWidget(makeBadge(QStringLiteral("findingStatusBadge"), findingStatusText(finding.status),
                              badgeOf(finding.status), card));
    head->addStretch(1);
    if (m_writable) {
        auto* remove = new QToolButton(card);
        remove->setObjectName(QStringLiteral("removeFindingButton"));
        remove->setIcon(themedIcon(QStringLiteral("remove")));
        remove->setAutoRaise(true);
        remove->setFocusPolicy(Qt::StrongFocus);
        remove->setToolTip(tr("Remove this finding; that it was there stays in the audit log"));
        remove->setAccessibleName(tr("Remove this finding"));
        connect(remove, &QToolButton::clicked, this,
                [this, id = finding.id, exhibit = finding.evidence] { Q_EMIT removeWanted(exhibit, id); });
        head->addWidget(remove);
    }
    card->body()->addLayout(head);
    QLabel* comment = makeLabel(QStringLiteral("findingCommentText"), toText(finding.comment), card, true);
    comment->setWordWrap(true);
    card->body()->addWidget(comment);
    const QString rests = finding.examination == 0 ? tr("about the exhibit itself")
                                                   : tr("on examination %1").arg(finding.examination);
    card->body()->addWidget(
        makeNote(QStringLiteral("findingOrigin"),
                 tr("%1, %2, %3").arg(toText(finding.author), toText(finding.createdUtc), rests), card));
    return card;
}

void ExhibitFindings::showDetails(const ExhibitDetails& details) {
    if (details.evidence.id != m_exhibit) m_comment->clear();
    m_exhibit = details.evidence.id;
    m_examination = details.examinations.empty() ? 0 : details.examinations.back().id;
    m_params = details.examinations.empty() ? Json::object() : details.examinations.back().params;
    auto* content = new QWidget;
    content->setObjectName(QStringLiteral("findingListContent"));
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    column->setSpacing(kGrid);
    if (details.findings.empty())
        column->addWidget(makeNote(QStringLiteral("noFindings"),
                                   tr("Nothing is stated about this exhibit yet. A finding keeps the "
                                      "examination it rests on, a status and your comment."),
                                   content));
    for (const cases::Finding& finding : details.findings) column->addWidget(makeCard(finding, content));
    column->addStretch(1);
    m_list->setWidget(content);  // deletes the one before
}

void ExhibitFindings::add() {
    const QString comment = m_comment->text().trimmed();
    if (comment.isEmpty() || m_exhibit == 0) return;
    cases::Finding finding;
    finding.evidence = m_exhibit;
    finding.examination = m_examination;
    finding.params = m_params;
    finding.status = static_cast<cases::FindingStatus>(m_status->currentData().toInt());
    finding.comment = comment.toStdString();
    m_comment->clear();
    Q_EMIT saveWanted(finding);
}

}  // namespace signet::ui
