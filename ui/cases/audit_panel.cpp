#include "ui/cases/audit_panel.h"

#include <QComboBox>
#include <QDir>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/cases/case_text.h"
#include "ui/cases/panel_head.h"
#include "ui/intake/file_dialogs.h"
#include "ui/itemmodels/audit_model.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/escape_key.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

/// Any, then each once; what was chosen stays where it is still there.
void fill(QComboBox* combo, const QString& any, const QStringList& texts) {
    const QString chosen = combo->currentData().toString();
    const QSignalBlocker quiet(combo);
    combo->clear();
    combo->addItem(any, QString());
    for (const QString& text : texts) combo->addItem(text, text);
    combo->setCurrentIndex(std::max(0, combo->findData(chosen)));
}

QComboBox* makeFilter(const char* objectName, const QString& name, QWidget* parent) {
    auto* combo = new QComboBox(parent);
    combo->setObjectName(QLatin1String(objectName));
    combo->setAccessibleName(name);
    combo->setToolTip(name);
    combo->setMinimumContentsLength(12);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    return combo;
}

}  // namespace

AuditPanel::AuditPanel(CaseService& cases, QWidget* parent)
    : QWidget(parent),
      m_cases(cases),
      m_notice(new NoticeBar(QStringLiteral("auditNotice"), this)),
      m_model(new AuditModel(this)),
      m_filter(new AuditFilter(*m_model, this)),
      m_table(new CopyTableView(this)),
      m_search(new QLineEdit(this)),
      m_actor(makeFilter("auditActorFilter", tr("Show only what this person did"), this)),
      m_action(makeFilter("auditActionFilter", tr("Show only this action"), this)),
      m_count(makeNote(QStringLiteral("auditCount"), {}, this)),
      m_details(new QPlainTextEdit(this)),
      m_save(new QPushButton(themedIcon(QStringLiteral("save")), tr("&Save as CSV..."), this)) {
    setObjectName(QStringLiteral("auditPanel"));
    m_table->setObjectName(QStringLiteral("auditTable"));
    m_table->setAccessibleName(tr("Audit log of the case"));
    m_table->setModel(m_filter);
    const int widths[AuditModel::ColumnCount] = {60, 200, 130, 150, 130, 300};
    for (int column = 0; column < AuditModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_table->setEmptyText(tr("No entry is like what is searched for."));
    m_details->setObjectName(QStringLiteral("auditDetails"));
    m_details->setAccessibleName(tr("The chosen entry in full"));
    m_details->setReadOnly(true);
    m_details->setTabChangesFocus(true);
    m_details->setFrameShape(QFrame::NoFrame);
    m_details->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);  // hashes have no spaces
    m_details->setFixedHeight(4 * fontMetrics().lineSpacing() + 2 * kGrid);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& at) {
                if (!at.isValid()) return m_details->clear();
                const cases::AuditEntry& e = m_model->entry(m_filter->mapToSource(at).row());
                m_details->setPlainText(
                    tr("Entry %1, %2 (%3): %4\nHash %5")
                        .arg(e.seq)
                        .arg(localTimeText(e.utc), toText(e.utc), toText(e.details), toText(e.hash)));
            });
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(makeHead());
    all->addWidget(m_table, 1);
    all->addWidget(m_details);
    connect(&m_cases, &CaseService::auditRead, this, &AuditPanel::showEntries);
    connect(&m_cases, &CaseService::auditSaved, this, [this](const std::filesystem::path& path, int entries) {
        QString text = tr("%1 saved as %2.").arg(entriesText(entries), fileName(path));
        m_notice->showNotice(NoticeBar::Kind::Information, text, toText(path));
    });
    onEscape(this, [this] { Q_EMIT closed(); });
    reset();
}

QWidget* AuditPanel::makeHead() {
    m_save->setObjectName(QStringLiteral("auditSaveButton"));
    m_save->setAccessibleName(tr("Save the entries that are shown as CSV"));
    m_save->setToolTip(tr("Saves the entries that are shown, with their hashes"));
    connect(m_save, &QPushButton::clicked, this, &AuditPanel::save);
    auto* head = new PanelHead(QStringLiteral("audit"), tr("Audit log"), {m_save}, this);
    connect(head, &PanelHead::backWanted, this, &AuditPanel::closed);
    head->addNote(
        tr("Every action in the case, in its order. Each entry holds the hash of the one "
           "before it: Verify walks the whole chain. Nothing here can be changed."));
    head->body()->addLayout(makeFilters());
    return head;
}

QLayout* AuditPanel::makeFilters() {
    m_search->setObjectName(QStringLiteral("auditSearch"));
    m_search->setAccessibleName(tr("Search the audit log"));
    m_search->setPlaceholderText(tr("Search times, people, actions, details, hashes"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filter->setText(text);
        updateCount();
    });
    connect(m_actor, &QComboBox::currentIndexChanged, this, [this] {
        m_filter->setActor(m_actor->currentData().toString());
        updateCount();
    });
    connect(m_action, &QComboBox::currentIndexChanged, this, [this] {
        m_filter->setAction(m_action->currentData().toString());
        updateCount();
    });
    m_count->setWordWrap(false);
    auto* row = new QHBoxLayout;
    row->addWidget(m_search, 1);
    row->addWidget(m_actor);
    row->addWidget(m_action);
    row->addWidget(m_count);
    return row;
}

void AuditPanel::begin(const QString& folder) {
    m_folder = folder;
    m_notice->hide();
    m_search->setFocus();
    m_cases.requestAudit();
}

void AuditPanel::reset() {
    m_search->clear();
    showEntries(nullptr);
}

void AuditPanel::showEntries(const AuditLogPtr& entries) {
    m_model->setEntries(entries);
    fill(m_actor, tr("Everybody"), m_model->actors());
    fill(m_action, tr("Any action"), m_model->actions());
    m_filter->setActor(m_actor->currentData().toString());
    m_filter->setAction(m_action->currentData().toString());
    updateCount();
    if (m_filter->rowCount() > 0) {
        m_table->selectRow(m_filter->rowCount() - 1);
        m_table->scrollToBottom();  // the latest
    }
}

void AuditPanel::updateCount() {
    const int all = m_model->rowCount();
    const int shown = m_filter->rowCount();
    m_count->setText(shown == all ? entriesText(all) : tr("%1 of %2").arg(shown).arg(entriesText(all)));
    m_save->setEnabled(shown > 0);
    if (!m_table->currentIndex().isValid()) m_details->clear();
}

void AuditPanel::save() {
    FileDialogs::saveFile(this, tr("Save the audit log"),
                          QDir(m_folder).filePath(QStringLiteral("audit-log.csv")), tr("Tables (*.csv)"),
                          [this](const QStringList& names) {
                              if (names.isEmpty()) return;
                              std::filesystem::path path = toPath(names.front());
                              if (path.extension().empty()) path += ".csv";
                              m_folder = fromPath(path.parent_path());
                              m_cases.saveAudit(m_filter->shown(), path);
                          });
}

}  // namespace signet::ui
