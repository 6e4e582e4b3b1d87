#include "ui/cases/case_view.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/cases/exhibit_panel.h"
#include "ui/intake/empty_state.h"
#include "ui/itemmodels/presence_text.h"
#include "ui/page/key_button.h"
#include "ui/page/model_choice_button.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kPictureWidth = 48;  ///< px of the thumbnails in the table
constexpr int kPictureHeight = 36;

/// The icons beside words are as tall as these; the table's own icon size is that of the pictures.
class WordIconDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        option->decorationSize = QSize(kWordIcon, kWordIcon);
    }

private:
    static constexpr int kWordIcon = 16;  ///< px
};

QString countOf(int count) {
    static const QLocale kPlain(QLocale::English, QLocale::UnitedStates);
    return kPlain.toString(count);
}

QComboBox* makeCombo(const char* objectName, const QString& name, QWidget* parent) {
    auto* combo = new QComboBox(parent);
    combo->setObjectName(QLatin1String(objectName));
    combo->setAccessibleName(name);
    combo->setToolTip(name);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    return combo;
}

}  // namespace

CaseView::CaseView(Services& services, const QList<QAction*>& bar, const QList<QAction*>& intake,
                   QWidget* parent)
    : QWidget(parent),
      m_title(new ElidedLabel(QStringLiteral("caseTitle"), this)),
      m_subtitle(makeNote(QStringLiteral("caseSubtitle"), {}, this)),
      m_from(new QLineEdit(this)),
      m_copy(new QCheckBox(tr("Copy into the case"), this)),
      m_search(new QLineEdit(this)),
      m_state(makeCombo("caseStateFilter", tr("Show only this state"), this)),
      m_presence(makeCombo("casePresenceFilter", tr("Show only this answer"), this)),
      m_tag(makeCombo("caseTagFilter", tr("Show only this tag"), this)),
      m_count(makeNote(QStringLiteral("caseCount"), {}, this)),
      m_model(new ExhibitModel(services.media(), this)),
      m_filter(new ExhibitFilter(*m_model, this)),
      m_table(new CopyTableView(this)),
      m_tableStack(new QStackedWidget(this)),
      m_panel(new ExhibitPanel(services, this)),
      m_splitter(new QSplitter(this)),
      m_foot(new QWidget(this)),
      m_progressText(makeLabel(QStringLiteral("caseProgressText"), {}, m_foot)),
      m_progress(new QProgressBar(m_foot)) {
    setObjectName(QStringLiteral("caseView"));
    makeTable();
    makePlaces(intake);
    m_splitter->setObjectName(QStringLiteral("caseSplitter"));
    m_splitter->addWidget(m_tableStack);
    m_splitter->addWidget(m_panel);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setSizes({760, 400});
    m_splitter->setChildrenCollapsible(false);
    m_foot->setObjectName(QStringLiteral("caseFoot"));
    m_progress->setObjectName(QStringLiteral("caseProgress"));
    m_progress->setAccessibleName(tr("Progress of the work on the case"));
    m_progress->setMaximumWidth(200);
    m_progress->setTextVisible(false);
    m_progressText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* foot = new QHBoxLayout(m_foot);
    foot->setContentsMargins(kGrid, 4, kGrid, 4);
    foot->addWidget(m_progressText, 1);
    foot->addWidget(m_progress);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(makeHead(services, bar));
    all->addWidget(m_splitter, 1);
    all->addWidget(m_foot);
    m_foot->hide();
}

QWidget* CaseView::makeHead(Services& services, const QList<QAction*>& bar) {
    auto* head = new QWidget(this);
    head->setObjectName(QStringLiteral("caseHead"));
    auto* names = new QHBoxLayout;
    m_title->setProperty("role", "heading");
    m_title->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_subtitle->setWordWrap(false);
    m_subtitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    names->addWidget(m_title);
    names->addWidget(m_subtitle, 1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(4);
    QHBoxLayout* row = buttons;
    for (QAction* action : bar) {
        if (action == nullptr) {
            row = names;
            continue;
        }
        QString name = action->objectName();
        row->addWidget(
            makePushButton(name.replace(QLatin1String("Action"), QLatin1String("Button")), action, head));
    }
    buttons->addStretch(1);
    m_from->setObjectName(QStringLiteral("caseReceivedFrom"));
    m_from->setAccessibleName(tr("Received from: recorded with the exhibits taken in next"));
    m_from->setPlaceholderText(tr("Received from (person, medium or place)"));
    m_from->setToolTip(tr("Recorded with the exhibits taken in next"));
    m_copy->setObjectName(QStringLiteral("caseCopyFiles"));
    m_copy->setAccessibleName(tr("Copy files into the case when they are taken in"));
    m_copy->setToolTip(tr("A verified copy of each file goes into the case; otherwise it stays where it is"));
    m_copy->setChecked(true);
    auto* intake = new QHBoxLayout;
    intake->addWidget(m_from, 1);
    intake->addWidget(m_copy);
    intake->addWidget(new ModelChoiceButton(QStringLiteral("caseModels"), services.modelChoice(), head));
    intake->addWidget(new KeyButton(QStringLiteral("caseKeys"), services, head));
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    column->setSpacing(kGrid);
    column->addLayout(names);
    column->addLayout(buttons);
    column->addLayout(intake);
    column->addLayout(makeFilters());
    return head;
}

QLayout* CaseView::makeFilters() {
    m_search->setObjectName(QStringLiteral("caseSearch"));
    m_search->setAccessibleName(tr("Search exhibits"));
    m_search->setPlaceholderText(tr("Search names, notes, codes, holders, hashes"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filter->setText(text);
        filtered();
    });
    using cases::WorkState;
    m_state->addItem(tr("Any state"), -1);
    for (const WorkState state : {WorkState::Waiting, WorkState::Running, WorkState::Done, WorkState::Failed})
        m_state->addItem(workStateText(state), static_cast<int>(state));
    connect(m_state, &QComboBox::currentIndexChanged, this, [this] {
        const int state = m_state->currentData().toInt();
        m_filter->setState(state < 0 ? std::nullopt
                                     : std::optional<WorkState>(static_cast<WorkState>(state)));
        filtered();
    });
    m_presence->addItem(tr("Any answer"));  // in the order of ExhibitFilter::Answer
    for (const auto presence :
         {examine::Presence::Present, examine::Presence::Inconclusive, examine::Presence::Absent})
        m_presence->addItem(presenceText(presence));
    m_presence->addItem(tr("no answer yet"));
    connect(m_presence, &QComboBox::currentIndexChanged, this, [this](int at) {
        m_filter->setAnswer(static_cast<ExhibitFilter::Answer>(at));
        filtered();
    });
    m_tag->addItem(tr("Any tag"), 0);
    connect(m_tag, &QComboBox::currentIndexChanged, this, [this] {
        m_filter->setTag(m_tag->currentData().toLongLong());
        filtered();
    });
    m_count->setWordWrap(false);
    auto* row = new QHBoxLayout;
    row->addWidget(m_search, 1);
    row->addWidget(m_state);
    row->addWidget(m_presence);
    row->addWidget(m_tag);
    row->addWidget(m_count);
    return row;
}

void CaseView::makeTable() {
    m_table->setObjectName(QStringLiteral("exhibitTable"));
    m_table->setAccessibleName(tr("Exhibits of the case"));
    m_table->setModel(m_filter);
    m_table->setIconSize(QSize(kPictureWidth, kPictureHeight));
    for (const int column : {ExhibitModel::FileColumn, ExhibitModel::StateColumn,
                             ExhibitModel::PresenceColumn, ExhibitModel::RemarksColumn})
        m_table->setItemDelegateForColumn(column, new WordIconDelegate(m_table));
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(kPictureHeight + 6);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(ExhibitModel::NumberColumn, Qt::AscendingOrder);
    const int widths[ExhibitModel::ColumnCount] = {
        kPictureWidth + 12, 52, 150, 96, 128, 110, 90, 64, 160, 130, 170, 110, 150};
    for (int column = 0; column < ExhibitModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, widths[column]);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &CaseView::selectionChanged);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &CaseView::selectionChanged);
    for (int key = 1; key <= 9; ++key) {
        auto* shortcut = new QShortcut(QKeySequence(Qt::Key_0 + key), m_table);
        shortcut->setObjectName(QStringLiteral("tagKey%1").arg(key));
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, key] { Q_EMIT tagKeyPressed(key); });
    }
}

void CaseView::showCase(CaseContents& contents) {
    const cases::Exhibit* at = current();
    const cases::RowId before = at ? at->id : 0;
    m_panel->clear();
    m_model->reset(std::move(contents.exhibits), contents.folder);
    setTags(contents.tags);
    m_location = toText(contents.location);
    setInfo(contents.info);
    const bool writable = contents.readOnlyReason.empty();
    m_panel->setWritable(writable);
    m_from->setEnabled(writable);
    m_copy->setEnabled(writable);
    updateCounts();
    if (m_filter->rowCount() == 0) return;
    const QModelIndex again = before != 0 ? m_filter->indexOf(before) : QModelIndex();
    m_table->selectRow(again.isValid() ? again.row() : 0);
}

void CaseView::setInfo(const cases::CaseInfo& info) {
    m_title->setFullText(toText(info.title));
    QStringList parts;
    for (const std::string* part : {&info.number, &info.organisation}) {
        if (!part->empty()) parts << toText(*part);
    }
    parts << m_location;
    m_subtitle->setText(parts.join(QStringLiteral(" · ")));
    m_subtitle->setToolTip(m_location);
}

void CaseView::setTags(const std::vector<cases::Tag>& tags) {
    m_model->setTags(tags);
    m_panel->setTags(tags);
    const auto chosen = m_tag->currentData().toLongLong();
    const QSignalBlocker quiet(m_tag);
    m_tag->clear();
    m_tag->addItem(tr("Any tag"), 0);
    for (const cases::Tag& tag : tags)
        m_tag->addItem(tag.key.empty() ? toText(tag.name)
                                       : QStringLiteral("%1 (%2)").arg(toText(tag.name), toText(tag.key)),
                       static_cast<qlonglong>(tag.id));
    m_tag->setCurrentIndex(std::max(0, m_tag->findData(chosen)));
    m_filter->setTag(m_tag->currentData().toLongLong());
    filtered();
}

void CaseView::makePlaces(const QList<QAction*>& intake) {
    m_tableStack->setObjectName(QStringLiteral("exhibitStack"));
    m_empty = new EmptyState(
        QStringLiteral("caseNoExhibits"), tr("Take exhibits in"),
        tr("Drop images or folders here, or add them. Each file is hashed and copied into the case; the "
           "originals are only read. Say above whom they came from first: it is recorded with them. Then "
           "press Examine."),
        intake, this);
    m_allAction = makeAction(this, "showAllExhibitsAction", "cancel", tr("Show all exhibits"), {},
                             tr("Take all filters away"), [this] { clearFilters(); });
    m_noMatch = new EmptyState(QStringLiteral("caseNoMatch"), tr("No exhibit is shown"),
                               tr("None fits the search and the filters above. What is not shown is not "
                                  "changed: tags, notes and keys act only on exhibits that are seen."),
                               {m_allAction}, this);
    for (QWidget* place : {static_cast<QWidget*>(m_table), m_empty, m_noMatch})
        m_tableStack->addWidget(place);
}

void CaseView::filtered() {
    updateCounts();
    Q_EMIT selectionChanged();  // the model says nothing of a current row that a filter took away
}

void CaseView::updateCounts() {
    const int all = m_model->rowCount();
    const int shown = m_filter->rowCount();
    m_count->setText(shown == all ? countText(all, "exhibit")
                                  : tr("%1 of %2").arg(countOf(shown), countText(all, "exhibit")));
    m_tableStack->setCurrentWidget(all == 0     ? m_empty
                                   : shown == 0 ? m_noMatch
                                                : static_cast<QWidget*>(m_table));
}

void CaseView::showProgress(const QString& text, std::uint64_t done, std::uint64_t total) {
    m_foot->setVisible(!text.isEmpty());
    m_progressText->setText(text);
    m_progress->setRange(0, static_cast<int>(total));
    m_progress->setValue(static_cast<int>(done));
}

std::set<cases::RowId> CaseView::selected() const {
    std::set<cases::RowId> ids;
    for (const QModelIndex& row : m_table->selectionModel()->selectedRows())
        ids.insert(m_filter->exhibit(row).id);
    return ids;
}

const cases::Exhibit* CaseView::current() const {
    const QModelIndex at = m_table->currentIndex();
    return at.isValid() ? &m_filter->exhibit(at) : nullptr;
}

void CaseView::select(cases::RowId exhibit) {
    const QModelIndex at = m_filter->indexOf(exhibit);
    if (!at.isValid()) return;
    m_table->selectionModel()->setCurrentIndex(
        at, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_table->scrollTo(at);
}

void CaseView::clearFilters() {
    m_search->clear();
    for (QComboBox* combo : {m_state, m_presence, m_tag}) combo->setCurrentIndex(0);
}

QString CaseView::receivedFrom() const {
    return m_from->text().trimmed();
}

bool CaseView::copies() const {
    return m_copy->isChecked();
}

void CaseView::saveSettings(QSettings& settings) const {
    settings.setValue(QStringLiteral("cases/exhibitColumns"), m_table->horizontalHeader()->saveState());
    settings.setValue(QStringLiteral("cases/splitter"), m_splitter->saveState());
    settings.setValue(QStringLiteral("cases/copy"), m_copy->isChecked());
}

void CaseView::restoreSettings(const QSettings& settings) {
    m_table->horizontalHeader()->restoreState(
        settings.value(QStringLiteral("cases/exhibitColumns")).toByteArray());
    m_splitter->restoreState(settings.value(QStringLiteral("cases/splitter")).toByteArray());
    m_copy->setChecked(settings.value(QStringLiteral("cases/copy"), true).toBool());
}

}  // namespace signet::ui
