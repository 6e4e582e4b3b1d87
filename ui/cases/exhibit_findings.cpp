#include "ui/cases/exhibit_findings.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/cases/case_text.h"
#include "ui/cases/finding_region.h"
#include "ui/style/elided_label.h"
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

QString parametersText(const Json& params) {
    if (!params.is_object()) return {};
    QStringList parts;
    for (const auto& [key, value] : params.items()) {
        QStringList words;
        for (const Json& item : value.is_array() ? value : Json::array({value}))
            words << toText(item.is_string() ? item.get<std::string>()
                                             : item.dump(-1, ' ', false, Json::error_handler_t::replace));
        parts << QStringLiteral("%1 %2").arg(toText(key), words.join(QStringLiteral(", ")));
    }
    return parts.join(QStringLiteral("; "));
}

ExhibitFindings::ExhibitFindings(MediaService& media, QWidget* parent)
    : QWidget(parent),
      m_list(new QScrollArea(this)),
      m_region(new FindingRegion(media, this)),
      m_stack(new QStackedWidget(this)),
      m_form(new QWidget(this)),
      m_status(new QComboBox(m_form)),
      m_comment(new QLineEdit(m_form)),
      m_add(new QPushButton(m_form)),
      m_cancel(new QToolButton(m_form)),
      m_regionButton(new QToolButton(m_form)),
      m_regionText(new ElidedLabel(QStringLiteral("findingRegionText"), m_form)) {
    setObjectName(QStringLiteral("exhibitFindings"));
    m_list->setObjectName(QStringLiteral("findingList"));
    m_list->setAccessibleName(tr("Findings about the exhibit"));
    m_list->setWidgetResizable(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_stack->setObjectName(QStringLiteral("findingStack"));
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_region);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_stack, 1);
    all->addWidget(makeForm());
    connect(m_region, &FindingRegion::regionChanged, this, &ExhibitFindings::updateForm);
    updateForm();
}

QWidget* ExhibitFindings::makeForm() {
    m_form->setObjectName(QStringLiteral("findingForm"));
    m_status->setObjectName(QStringLiteral("findingStatus"));
    m_status->setAccessibleName(tr("Status of the finding"));
    for (const auto status :
         {cases::FindingStatus::ToBeChecked, cases::FindingStatus::Ok, cases::FindingStatus::Warning})
        m_status->addItem(findingStatusText(status), static_cast<int>(status));
    m_comment->setObjectName(QStringLiteral("findingComment"));
    m_comment->setAccessibleName(tr("Comment of the finding"));
    m_comment->setPlaceholderText(tr("What you find, in words"));
    m_add->setObjectName(QStringLiteral("findingAddButton"));
    m_cancel->setObjectName(QStringLiteral("findingCancelButton"));
    m_cancel->setIcon(themedIcon(QStringLiteral("cancel")));
    m_cancel->setAutoRaise(true);
    m_cancel->setFocusPolicy(Qt::StrongFocus);
    m_cancel->setAccessibleName(tr("Leave the finding as it is"));
    m_cancel->setToolTip(m_cancel->accessibleName());
    m_regionButton->setObjectName(QStringLiteral("findingRegionButton"));
    m_regionButton->setText(tr("Re&gion"));
    m_regionButton->setIcon(themedIcon(QStringLiteral("region")));
    m_regionButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_regionButton->setProperty("role", "toggle");
    m_regionButton->setCheckable(true);
    m_regionButton->setFocusPolicy(Qt::StrongFocus);
    m_regionButton->setAccessibleName(tr("Show the picture with the regions of the findings"));
    m_regionButton->setToolTip(tr("The picture: drag on it to mark what the finding is about"));
    connect(m_regionButton, &QToolButton::toggled, this,
            [this](bool on) { m_stack->setCurrentWidget(on ? static_cast<QWidget*>(m_region) : m_list); });
    connect(m_comment, &QLineEdit::textChanged, this, &ExhibitFindings::updateForm);
    connect(m_comment, &QLineEdit::returnPressed, this, &ExhibitFindings::save);
    connect(m_add, &QPushButton::clicked, this, &ExhibitFindings::save);
    connect(m_cancel, &QToolButton::clicked, this, &ExhibitFindings::leaveEdit);
    auto* words = new QHBoxLayout;
    words->addWidget(m_status);
    words->addWidget(m_comment, 1);
    auto* rest = new QHBoxLayout;
    rest->addWidget(m_regionButton);
    rest->addWidget(m_regionText, 1);
    rest->addWidget(m_cancel);
    rest->addWidget(m_add);
    auto* column = new QVBoxLayout(m_form);
    column->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    column->addLayout(words);
    column->addLayout(rest);
    return m_form;
}

void ExhibitFindings::setWritable(bool writable) {
    m_writable = writable;
    for (QWidget* widget : std::initializer_list<QWidget*>{m_status, m_comment, m_add})
        widget->setVisible(writable);
    m_region->setWritable(writable);
    updateForm();
    makeCards();
}

void ExhibitFindings::setWorking(bool working) {
    if (working == m_working) return;
    m_working = working;
    for (QToolButton* button : m_list->findChildren<QToolButton*>(QStringLiteral("findingAgainButton")))
        button->setEnabled(!working);
}

void ExhibitFindings::showRegions(bool on) {
    m_regionButton->setChecked(on);
}

QToolButton* ExhibitFindings::makeCardButton(const char* name, const char* icon, const QString& help,
                                             QWidget* card) {
    auto* button = new QToolButton(card);
    button->setObjectName(QLatin1String(name));
    button->setIcon(themedIcon(QLatin1String(icon)));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setToolTip(help);
    button->setAccessibleName(help);
    return button;
}

QWidget* ExhibitFindings::makeCard(const cases::Finding& finding, QWidget* parent) {
    auto* card = new Card(QStringLiteral("finding_%1").arg(finding.id), parent);
    auto* head = new QHBoxLayout;
    head->addWidget(makeLabel(QStringLiteral("findingNumber"), QString::number(finding.id), card));
    head->addWidget(makeBadge(QStringLiteral("findingStatusBadge"), findingStatusText(finding.status),
                              badgeOf(finding.status), card));
    head->addStretch(1);
    if (m_writable) {
        if (finding.params.is_object() && finding.params.contains("models")) {
            QToolButton* again =
                makeCardButton("findingAgainButton", "again",
                               tr("Run again: examine the exhibit with this finding's parameters"), card);
            again->setEnabled(!m_working);
            connect(again, &QToolButton::clicked, this,
                    [this, exhibit = finding.exhibit, params = finding.params] {
                        Q_EMIT againWanted(exhibit, params);
                    });
            head->addWidget(again);
        }
        QToolButton* change = makeCardButton("editFindingButton", "edit", tr("Change this finding"), card);
        connect(change, &QToolButton::clicked, this, [this, finding] { edit(finding); });
        head->addWidget(change);
        QToolButton* remove =
            makeCardButton("removeFindingButton", "remove",
                           tr("Remove this finding; that it was there stays in the audit log"), card);
        connect(remove, &QToolButton::clicked, this,
                [this, id = finding.id, exhibit = finding.exhibit] { Q_EMIT removeWanted(exhibit, id); });
        head->addWidget(remove);
    }
    card->body()->addLayout(head);
    QLabel* comment = makeLabel(QStringLiteral("findingCommentText"), toText(finding.comment), card, true);
    comment->setWordWrap(true);
    card->body()->addWidget(comment);
    if (const QRect region = regionOf(finding.region); !region.isEmpty()) {
        QToolButton* show = makeLinkButton(QStringLiteral("showFindingRegionButton"),
                                           tr("Region: %1").arg(regionText(region)), card);
        show->setAccessibleName(tr("Show the region of the finding: %1").arg(regionText(region)));
        connect(show, &QToolButton::clicked, this, [this, id = finding.id, region] {
            if (m_edited.id == 0 && m_comment->text().isEmpty()) {
                m_region->highlight(id);
                m_region->setRegion(region);
            }
            showRegions(true);
        });
        card->body()->addWidget(show, 0, Qt::AlignLeft);
    }
    const QString rests = finding.examination == 0 ? tr("about the exhibit itself")
                                                   : tr("on examination %1").arg(finding.examination);
    QString origin = tr("%1, %2, %3").arg(toText(finding.author), localTimeText(finding.createdUtc), rests);
    if (const QString params = parametersText(finding.params); !params.isEmpty())
        origin += QStringLiteral("\n") + params;
    card->body()->addWidget(makeNote(QStringLiteral("findingOrigin"), origin, card));
    return card;
}

void ExhibitFindings::makeCards() {
    auto* content = new QWidget;
    content->setObjectName(QStringLiteral("findingListContent"));
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    column->setSpacing(kGrid);
    if (m_findings.empty())
        column->addWidget(makeNote(QStringLiteral("noFindings"),
                                   tr("Nothing is stated about this exhibit yet. A finding keeps the "
                                      "examination it rests on, a status, your comment and a region."),
                                   content));
    for (const cases::Finding& finding : m_findings) column->addWidget(makeCard(finding, content));
    column->addStretch(1);
    m_list->setWidget(content);  // deletes the one before
}

void ExhibitFindings::showDetails(const ExhibitDetails& details) {
    const bool another = details.exhibit.id != m_exhibit;
    m_exhibit = details.exhibit.id;
    m_examination = details.examinations.empty() ? 0 : details.examinations.back().id;
    m_params = details.examinations.empty() ? Json::object() : details.examinations.back().params;
    m_findings = details.findings;
    const bool gone = m_edited.id != 0 && std::none_of(m_findings.begin(), m_findings.end(),
                                                       [&](const auto& f) { return f.id == m_edited.id; });
    if (another || gone) leaveEdit();
    if (another) showRegions(false);
    m_region->setExhibit(details.file, details.exhibit.sha256, details.exhibit.frame);
    m_region->setFindings(m_findings);
    makeCards();
}

void ExhibitFindings::edit(const cases::Finding& finding) {
    m_edited = finding;
    m_status->setCurrentIndex(m_status->findData(static_cast<int>(finding.status)));
    m_comment->setText(toText(finding.comment));
    m_region->highlight(finding.id);
    m_region->setRegion(regionOf(finding.region));
    updateForm();
    m_comment->setFocus();
}

void ExhibitFindings::leaveEdit() {
    m_edited = {};
    m_comment->clear();
    m_status->setCurrentIndex(0);
    m_region->highlight(0);
    m_region->setRegion({});
    updateForm();
}

void ExhibitFindings::updateForm() {
    const bool editing = m_edited.id != 0;
    m_add->setText(editing ? tr("Sa&ve finding %1").arg(m_edited.id) : tr("A&dd"));
    m_add->setIcon(themedIcon(editing ? QStringLiteral("save") : QStringLiteral("new")));
    m_add->setAccessibleName(editing ? tr("Save the finding") : tr("Add the finding"));
    m_add->setEnabled(m_exhibit != 0 && !m_comment->text().trimmed().isEmpty());
    m_cancel->setVisible(m_writable && editing);
    const QRect region = m_region->region();
    m_regionText->setFullText(region.isEmpty() ? tr("no region") : regionText(region));
}

void ExhibitFindings::save() {
    const QString comment = m_comment->text().trimmed();
    if (comment.isEmpty() || m_exhibit == 0) return;
    cases::Finding finding = m_edited;
    if (finding.id == 0) {
        finding.exhibit = m_exhibit;
        finding.examination = m_examination;
        finding.params = m_params;
    }
    finding.status = static_cast<cases::FindingStatus>(m_status->currentData().toInt());
    finding.comment = comment.toStdString();
    finding.region = regionJson(m_region->region());
    leaveEdit();
    showRegions(false);
    Q_EMIT saveWanted(finding);
}

}  // namespace signet::ui
