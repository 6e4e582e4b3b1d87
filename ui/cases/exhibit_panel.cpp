#include "ui/cases/exhibit_panel.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/named_file.h"
#include "ui/bridge/text.h"
#include "ui/cases/case_text.h"
#include "ui/cases/custody_panel.h"
#include "ui/cases/exhibit_findings.h"
#include "ui/cases/exhibit_results.h"
#include "ui/itemmodels/key_value_model.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/elided_label.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

std::vector<KeyValueModel::Row> intakeRows(const cases::Exhibit& e, const std::filesystem::path& file) {
    const auto row = [](const QString& key, const QString& value) {
        return KeyValueModel::Row{QString(), key, value};
    };
    std::vector<KeyValueModel::Row> rows{
        row(QObject::tr("number"), QString::number(e.id)),
        row(QObject::tr("original path"), toText(e.originalPath)),
        row(QObject::tr("SHA-256"), toText(e.sha256)),
        row(QObject::tr("MD5"), toText(e.md5)),
        row(QObject::tr("size"),
            QObject::tr("%1 (%2 bytes)").arg(bytesText(static_cast<std::uint64_t>(e.bytes))).arg(e.bytes)),
        row(QObject::tr("received"), localTimeText(e.receivedUtc)),
        row(QObject::tr("received by"), toText(e.receivedBy)),
        row(QObject::tr("received from"),
            e.receivedFrom.empty() ? QObject::tr("not stated") : toText(e.receivedFrom)),
        row(QObject::tr("file's own time"), localTimeText(e.modifiedUtc)),
        row(QObject::tr("copy"), e.copyPath.empty() ? QObject::tr("none: left where it is") : toText(file)),
        row(QObject::tr("same bytes as"), e.duplicateOf == 0 ? QObject::tr("no earlier exhibit")
                                                             : QObject::tr("exhibit %1").arg(e.duplicateOf)),
        row(QObject::tr("state"), toText(cases::toString(e.state)))};
    if (!e.problem.empty()) rows.push_back(row(QObject::tr("problem"), sentence(e.problem)));
    return rows;
}

std::vector<KeyValueModel::Row> metadataRows(const ExhibitDetails& details) {
    std::vector<KeyValueModel::Row> rows;
    if (details.examinations.empty()) return rows;
    const auto& entries = details.examinations.back().record.metadata;
    if (!entries) return rows;
    for (const image::MetadataEntry& entry : *entries)
        rows.push_back({toText(entry.group), toText(entry.key), toText(entry.value)});
    return rows;
}

}  // namespace

ExhibitPanel::ExhibitPanel(Services& services, QWidget* parent)
    : QWidget(parent),
      m_title(new ElidedLabel(QStringLiteral("exhibitTitle"), this)),
      m_tagText(makeNote(QStringLiteral("exhibitTags"), {}, this)),
      m_tagButton(new QToolButton(this)),
      m_tagMenu(new QMenu(m_tagButton)),
      m_newTag(new QLineEdit(this)),
      m_inspect(new QPushButton(themedIcon(QStringLiteral("inspect")), tr("&Open in Inspect"), this)),
      m_compare(new QPushButton(themedIcon(QStringLiteral("compare")), tr("Co&mpare..."), this)),
      m_tabs(new QTabWidget(this)),
      m_results(new ExhibitResults(services, this)),
      m_findings(new ExhibitFindings(services.media(), this)),
      m_intake(new KeyValueModel(this)),
      m_metadata(new KeyValueModel(this)),
      m_custody(new CustodyPanel(this)),
      m_note(new QPlainTextEdit(this)),
      m_saveNote(new QPushButton(themedIcon(QStringLiteral("save")), tr("Sa&ve note"), this)) {
    setObjectName(QStringLiteral("exhibitPanel"));
    m_tabs->setObjectName(QStringLiteral("exhibitTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_results, tr("Res&ults"));
    m_tabs->addTab(makeIntakeTab(), tr("In&take"));
    m_tabs->addTab(m_findings, tr("Fi&ndings"));
    auto* metadata =
        makeTable("exhibitMetadata", tr("Metadata as the last examination read them"), m_metadata);
    metadata->setColumnHidden(KeyValueModel::GroupColumn, false);
    metadata->setEmptyText(tr("The last examination read no metadata."));
    m_tabs->addTab(metadata, tr("Meta&data"));
    m_tabs->addTab(m_custody, tr("C&ustody"));
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(makeHead());
    all->addWidget(m_tabs, 1);
    setMinimumWidth(320);
    connect(m_results, &ExhibitResults::modelCardWanted, this, &ExhibitPanel::modelCardWanted);
    connect(m_results, &ExhibitResults::methodWanted, this, &ExhibitPanel::methodWanted);
    connect(m_findings, &ExhibitFindings::saveWanted, this, &ExhibitPanel::findingWanted);
    connect(m_findings, &ExhibitFindings::againWanted, this, &ExhibitPanel::againWanted);
    connect(m_findings, &ExhibitFindings::removeWanted, this, &ExhibitPanel::findingRemoved);
    connect(m_custody, &CustodyPanel::enterWanted, this, &ExhibitPanel::custodyWanted);
    clear();
}

QWidget* ExhibitPanel::makeHead() {
    auto* head = new QWidget(this);
    head->setObjectName(QStringLiteral("exhibitHead"));
    m_tagButton->setObjectName(QStringLiteral("exhibitTagButton"));
    m_tagButton->setText(tr("Ta&gs"));
    m_tagButton->setAccessibleName(tr("Tags of the selected exhibits"));
    m_tagButton->setToolTip(
        tr("Set or take away tags of the selected exhibits; keys 1 to 9 do it in the table"));
    m_tagButton->setPopupMode(QToolButton::InstantPopup);
    m_tagButton->setFocusPolicy(Qt::StrongFocus);
    m_tagButton->setMenu(m_tagMenu);
    m_tagMenu->setObjectName(QStringLiteral("exhibitTagMenu"));
    m_newTag->setObjectName(QStringLiteral("newTagField"));
    m_newTag->setAccessibleName(tr("New tag for the selected exhibits"));
    m_newTag->setPlaceholderText(tr("New tag, then Return"));
    m_newTag->setMaxLength(64);
    connect(m_newTag, &QLineEdit::returnPressed, this, [this] {
        const QString name = m_newTag->text().trimmed();
        if (name.isEmpty()) return;
        m_newTag->clear();
        Q_EMIT tagWanted(name);
    });
    m_inspect->setObjectName(QStringLiteral("exhibitInspectButton"));
    m_inspect->setAccessibleName(tr("Open the exhibit in Inspect"));
    m_inspect->setToolTip(
        tr("Hashes the exhibit, then shows the picture with its evidence map and metadata; only one that is "
           "not what was taken in is recorded"));
    connect(m_inspect, &QPushButton::clicked, this, [this] { Q_EMIT inspectWanted(m_exhibit.id); });
    m_compare->setObjectName(QStringLiteral("exhibitCompareButton"));
    m_compare->setAccessibleName(tr("Compare the two selected exhibits, or the exhibit with a file"));
    m_compare->setToolTip(
        tr("Two exhibits selected: side by side. One: beside a file, as its original (nothing is recorded)"));
    connect(m_compare, &QPushButton::clicked, this, &ExhibitPanel::compareWanted);
    m_title->setProperty("role", "heading");
    auto* views = new QHBoxLayout;
    views->addWidget(m_inspect);
    views->addWidget(m_compare);
    views->addStretch(1);
    auto* tags = new QHBoxLayout;
    tags->addWidget(m_tagButton);
    tags->addWidget(m_newTag);
    tags->addWidget(m_tagText, 1);
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    column->addWidget(m_title);
    column->addLayout(views);
    column->addLayout(tags);
    return head;
}

CopyTableView* ExhibitPanel::makeTable(const char* objectName, const QString& name, KeyValueModel* model) {
    auto* table = new CopyTableView(this);
    table->setObjectName(QLatin1String(objectName));
    table->setAccessibleName(name);
    table->setModel(model);
    table->horizontalHeader()->hide();
    table->setColumnHidden(KeyValueModel::GroupColumn, true);
    connect(model, &QAbstractItemModel::modelReset, table,
            [table] { table->resizeColumnToContents(KeyValueModel::KeyColumn); });
    return table;
}

QWidget* ExhibitPanel::makeIntakeTab() {
    auto* tab = new QWidget(this);
    tab->setObjectName(QStringLiteral("intakeTab"));
    m_note->setObjectName(QStringLiteral("exhibitNote"));
    m_note->setAccessibleName(tr("Note about the exhibit"));
    m_note->setPlaceholderText(tr("A note about this exhibit"));
    m_note->setTabChangesFocus(true);
    m_note->setMaximumHeight(96);
    m_saveNote->setObjectName(QStringLiteral("saveNoteButton"));
    m_saveNote->setAccessibleName(tr("Save the note"));
    connect(m_note, &QPlainTextEdit::textChanged, this, [this] {
        m_saveNote->setEnabled(m_writable && m_note->toPlainText().toStdString() != m_exhibit.note);
    });
    connect(m_saveNote, &QPushButton::clicked, this, &ExhibitPanel::commit);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    row->addWidget(m_note, 1);
    row->addWidget(m_saveNote, 0, Qt::AlignBottom);
    auto* column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTable("intakeTable", tr("What was recorded at intake"), m_intake), 1);
    column->addLayout(row);
    return tab;
}

void ExhibitPanel::commit() {
    if (m_exhibit.id == 0 || !m_saveNote->isEnabled()) return;
    m_saveNote->setEnabled(false);
    Q_EMIT noteWanted(m_exhibit.id, m_note->toPlainText());
    m_exhibit.note = m_note->toPlainText().toStdString();
}

void ExhibitPanel::showExhibit(const cases::Exhibit& exhibit, const std::filesystem::path& file) {
    const bool another = exhibit.id != m_exhibit.id;
    if (another) commit();
    const bool typing = !another && m_saveNote->isEnabled();
    m_exhibit = exhibit;
    setEnabled(true);
    m_title->setFullText(exhibitName(exhibit));
    m_title->setToolTip(toText(exhibit.originalPath));
    m_intake->setRows(intakeRows(exhibit, file));
    if (!typing) {
        m_note->setPlainText(toText(exhibit.note));
        m_saveNote->setEnabled(false);
    }
    if (another) {
        ExhibitDetails nothing;
        nothing.exhibit = exhibit;
        nothing.file = file;
        m_findings->showDetails(nothing);
    }
    updateTags();
}

void ExhibitPanel::showDetails(const ExhibitDetails& details) {
    m_results->showDetails(details);
    m_findings->showDetails(details);
    m_custody->showEvents(details.custody);
    m_metadata->setRows(metadataRows(details));
}

void ExhibitPanel::clear() {
    m_exhibit = {};
    m_title->setFullText(tr("No exhibit chosen"));
    m_note->clear();
    m_saveNote->setEnabled(false);
    m_intake->setRows({});
    m_custody->showEvents({});
    m_metadata->setRows({});
    m_results->showDetails({});
    m_findings->showDetails({});
    updateTags();
    setEnabled(false);
}

void ExhibitPanel::setTags(const std::vector<cases::Tag>& tags) {
    m_tags = tags;
    updateTags();
}

void ExhibitPanel::updateTags() {
    m_tagMenu->clear();
    QStringList set;
    for (const cases::Tag& tag : m_tags) {
        const bool on =
            std::find(m_exhibit.tags.begin(), m_exhibit.tags.end(), tag.id) != m_exhibit.tags.end();
        QString name = toText(tag.name);
        if (on) set << name;
        name.replace(QLatin1Char('&'), QLatin1String("&&"));
        QAction* action = m_tagMenu->addAction(
            tag.key.empty() ? name : QStringLiteral("%1\t%2").arg(name, toText(tag.key)));
        action->setCheckable(true);
        action->setChecked(on);
        connect(action, &QAction::triggered, this,
                [this, id = tag.id](bool checked) { Q_EMIT tagToggled(id, checked); });
    }
    m_tagButton->setEnabled(m_writable && !m_tags.empty());
    m_tagText->setText(set.isEmpty() ? tr("no tags") : set.join(QStringLiteral(", ")));
}

void ExhibitPanel::setWritable(bool writable) {
    m_writable = writable;
    m_note->setReadOnly(!writable);
    m_newTag->setVisible(writable);
    m_saveNote->setVisible(writable);
    m_findings->setWritable(writable);
    m_custody->setWritable(writable);
    updateTags();
}

void ExhibitPanel::setChosen(int exhibits) {
    m_custody->setChosen(exhibits);
}

void ExhibitPanel::setWorking(bool working) {
    m_findings->setWorking(working);
}

void ExhibitPanel::showTab(Tab tab) {
    m_tabs->setCurrentIndex(tab);
}

}  // namespace signet::ui
