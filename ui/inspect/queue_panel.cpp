#include "ui/inspect/queue_panel.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QMimeData>
#include <QProgressBar>
#include <QTimer>
#include <QUndoStack>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "ui/bridge/text.h"
#include "ui/inspect/queue_delegate.h"
#include "ui/inspect/queue_filter_bar.h"
#include "ui/itemmodels/remove_rows_command.h"
#include "ui/page/key_button.h"
#include "ui/page/model_choice_button.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {

QueuePanel::QueuePanel(Services& services, QWidget* parent)
    : QWidget(parent),
      m_services(services),
      m_model(new ExamineModel(services.media(), this)),
      m_filter(new QueueFilter(*m_model, this)),
      m_filterBar(new QueueFilterBar(*m_filter, this)),
      m_view(new QListView(this)),
      m_summary(makeNote(QStringLiteral("queueSummary"), {}, this)),
      m_models(new ModelChoiceButton(QStringLiteral("queueModels"), services.modelChoice(), this)),
      m_progressText(makeNote(QStringLiteral("queueProgressText"), {}, this)),
      m_progress(new QProgressBar(this)),
      m_undo(new QUndoStack(this)) {
    setObjectName(QStringLiteral("queuePanel"));
    m_view->setObjectName(QStringLiteral("queueView"));
    m_view->setAccessibleName(tr("Queue of images"));
    m_view->setModel(m_filter);
    m_view->setItemDelegate(new QueueDelegate(m_view));
    m_view->setUniformItemSizes(true);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setAcceptDrops(false);
    m_view->setMinimumWidth(200);
    m_progress->setObjectName(QStringLiteral("queueProgress"));
    m_progress->setAccessibleName(tr("Progress of the examination"));
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);
    makeActions();
    makeLayout();
    connectServices();
    updateSummary();
}

void QueuePanel::makeActions() {
    const auto add = [this](QList<QAction*>& list, const char* name, const char* icon, const QString& text,
                            const QKeySequence& keys, const QString& help, auto slot) {
        list << makeAction(this, name, icon, text, keys, help, slot);
        return list.back();
    };
    QAction* undo = m_undo->createUndoAction(this, tr("&Undo"));
    undo->setObjectName(QStringLiteral("undoAction"));
    undo->setIcon(themedIcon(QStringLiteral("undo")));
    undo->setShortcut(QKeySequence::Undo);
    QAction* redo = m_undo->createRedoAction(this, tr("&Redo"));
    redo->setObjectName(QStringLiteral("redoAction"));
    redo->setIcon(themedIcon(QStringLiteral("redo")));
    redo->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z));
    m_editActions << undo << redo;
    m_copyAction = add(m_editActions, "copyRowsAction", "copy", tr("&Copy rows"), QKeySequence::Copy,
                       tr("Copy the selected rows as text"), [this] { copyRows(false); });
    m_copyCsvAction = add(m_editActions, "copyCsvAction", "copy", tr("Copy rows as C&SV"),
                          QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), tr("Copy the selected rows as CSV"),
                          [this] { copyRows(true); });
    add(m_editActions, "selectAllAction", "layout", tr("Select &all"), QKeySequence::SelectAll,
        tr("Select all images of the queue"), [this] { m_view->selectAll(); });
    m_removeAction =
        add(m_editActions, "removeRowsAction", "remove", tr("&Remove from queue"), QKeySequence::Delete,
            tr("Take the selected images out of the queue; the files stay"),
            [this] { removeRows(selectedRows()); });
    m_againAction =
        add(m_examineActions, "examineAgainAction", "again", tr("Examine a&gain"), QKeySequence(Qt::Key_F5),
            tr("Examine the selected images again"), [this] { examineRows(selectedRows()); });
    m_examineFailedAction = add(m_examineActions, "examineFailedAction", "again",
                                tr("Examine &failed images again"), QKeySequence(Qt::SHIFT | Qt::Key_F5),
                                tr("Examine all failed images again"), [this] { examineFailed(); });
    m_restAction = add(m_examineActions, "examineRestAction", "start", tr("Examine the &rest"),
                       QKeySequence(Qt::CTRL | Qt::Key_F5), tr("Examine the images that were cancelled"),
                       [this] { examineRest(); });
    m_furtherAction =
        add(m_examineActions, "examineFurtherAction", "layout", tr("Examine further &pages"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F5),
            tr("Examine the other pages, pictures or frames of the selected files, too"), [this] {
                std::vector<int> added;
                for (const int row : selectedRows()) {
                    const std::vector<int> more = m_model->appendFurther(row);
                    added.insert(added.end(), more.begin(), more.end());
                }
                examineRows(added);
            });
    m_compareAction =
        add(m_examineActions, "compareAction", "compare", tr("Co&mpare"), QKeySequence(Qt::CTRL | Qt::Key_D),
            tr("Compare the two selected images"), [this] {
                const std::vector<int> rows = selectedRows();
                if (rows.size() == 2)
                    Q_EMIT compareWanted(m_model->row(rows[0]).file(), m_model->row(rows[1]).file());
            });
    m_caseAction =
        add(m_examineActions, "addToCaseAction", "cases", tr("Add to a ca&se"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A),
            tr("Take the selected images in as exhibits of the open case, or of one you choose"), [this] {
                std::vector<std::filesystem::path> files;
                for (const int row : selectedRows()) files.push_back(m_model->row(row).path);
                if (!files.empty()) Q_EMIT addToCaseWanted(files);
            });
    m_counterpartAction =
        add(m_examineActions, "counterpartAction", "compare", tr("Compare with signed copy or &original"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D),
            tr("Compare with photo-signed.* or, for a signed copy, with its original, found by name in the "
               "queue or beside the file"),
            [this] {
                const std::vector<int> rows = selectedRows();
                if (rows.size() == 1) Q_EMIT counterpartWanted(m_model->row(rows[0]).file());
            });
    m_cancelAction =
        add(m_examineActions, "cancelAction", "cancel", tr("&Cancel"), QKeySequence(Qt::Key_Escape),
            tr("Stop examining; finished results stay"), [this] { m_services.examine().cancelAll(); });
}

void QueuePanel::makeLayout() {
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(kGrid, 4, kGrid, 4);
    bar->setSpacing(2);
    for (QAction* action : {m_againAction, m_cancelAction, m_removeAction, m_editActions.front(),
                            m_copyAction, m_compareAction, m_caseAction}) {
        QString name = action->objectName();
        bar->addWidget(
            makeActionButton(name.replace(QLatin1String("Action"), QLatin1String("Button")), action, this));
    }
    bar->addStretch(1);

    auto* status = new QVBoxLayout;
    status->setContentsMargins(kGrid, 4, kGrid, kGrid);
    status->setSpacing(4);
    status->addWidget(m_models, 0, Qt::AlignLeft);
    status->addWidget(new KeyButton(QStringLiteral("queueKeys"), m_services, this), 0, Qt::AlignLeft);
    status->addWidget(m_summary);
    m_restButton = makeLinkButton(QStringLiteral("examineRestButton"), {}, this);
    m_restButton->setDefaultAction(m_restAction);
    m_restButton->setAccessibleName(tr("Examine the rest"));
    m_restButton->setToolButtonStyle(Qt::ToolButtonTextOnly);
    status->addWidget(m_restButton, 0, Qt::AlignLeft);
    status->addWidget(m_progress);
    status->addWidget(m_progressText);

    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(bar);
    all->addWidget(m_filterBar);
    all->addWidget(m_view, 1);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    const auto separator = [this] {
        auto* line = new QAction(this);
        line->setSeparator(true);
        return line;
    };
    m_view->addActions({m_againAction, m_furtherAction, m_caseAction, separator(), m_compareAction,
                        m_counterpartAction, separator(), m_copyAction, m_copyCsvAction, separator(),
                        m_removeAction});
    all->addLayout(status);
}

void QueuePanel::connectServices() {
    ExamineService& examine = m_services.examine();
    connect(&examine, &ExamineService::started, m_model, &ExamineModel::jobStarted);
    connect(&examine, &ExamineService::finished, m_model, &ExamineModel::jobFinished);
    connect(&examine, &ExamineService::cancelled, m_model, &ExamineModel::jobCancelled);
    connect(&examine, &ExamineService::engineChanged, this,
            [this](EngineState state, const QString& message) {
                m_progressText->setText(state == EngineState::Loading ? message : QString());
                Q_EMIT engineChanged(state, message);
            });
    connect(&examine, &ExamineService::progress, this,
            [this](quint64, quint64 done, quint64 total, const QString& what) {
                m_progressText->setText(total > 0 ? QStringLiteral("%1 %2/%3").arg(what).arg(done).arg(total)
                                                  : what);
            });
    connect(&examine, &ExamineService::becameIdle, this, [this] {
        m_batchTotal = 0;
        m_progressText->clear();
        scheduleSummary();
    });
    connect(m_model, &ExamineModel::dataChanged, this,
            [this](const QModelIndex& first, const QModelIndex& last, const QList<int>& roles) {
                if (roles == QList<int>{ExamineModel::ThumbnailRole}) return;
                scheduleSummary();
                const int current = currentIndexRow();
                if (first.row() <= current && current <= last.row()) Q_EMIT currentRowChanged();
            });
    connect(m_filterBar, &QueueFilterBar::filterChanged, this, &QueuePanel::scheduleSummary);
    connect(m_model, &ExamineModel::rowsInserted, this, &QueuePanel::scheduleSummary);
    connect(m_model, &ExamineModel::rowsRemoved, this, &QueuePanel::scheduleSummary);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &QueuePanel::currentRowChanged);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &QueuePanel::scheduleSummary);
}

void QueuePanel::addFiles(const std::vector<std::filesystem::path>& files) {
    if (files.empty()) return;
    const int first = m_model->append(files);
    std::vector<int> rows(files.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = first + static_cast<int>(i);
    examineRows(rows);
    if (!m_view->currentIndex().isValid()) m_view->setCurrentIndex(m_filter->indexOf(first));
}

void QueuePanel::showFile(const NamedFile& file) {
    int row = m_model->rowOf(file);
    if (row < 0) {
        row = m_model->append({file.path});
        m_model->setFile(row, file);
        examineRows({row});
    }
    m_model->setFile(row, file);
    select(row);
}

void QueuePanel::examineRows(const std::vector<int>& rows) {
    for (const int row : rows) {
        if (m_model->row(row).job != 0) continue;  // waits or runs already
        m_model->setJob(row, m_services.examine().enqueue(m_model->row(row).path, m_model->row(row).frame));
        ++m_batchTotal;
    }
    scheduleSummary();
}

void QueuePanel::examineFailed() {
    examineAll(ItemState::Failed);
}

void QueuePanel::examineRest() {
    examineAll(ItemState::Cancelled);
}

void QueuePanel::examineAll(ItemState state) {
    std::vector<int> rows;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (m_model->row(row).state == state) rows.push_back(row);
    }
    examineRows(rows);
}

void QueuePanel::select(int row) {
    if (!m_filter->indexOf(row).isValid()) m_filterBar->clear();
    // this row alone, whatever keys are held
    m_view->selectionModel()->setCurrentIndex(m_filter->indexOf(row), QItemSelectionModel::ClearAndSelect);
}

void QueuePanel::removeRows(const std::vector<int>& rows) {
    if (rows.empty()) return;
    m_undo->push(new RemoveRowsCommand<ExamineModel::Taken>(
        rows, [this](const auto& out) { return takeRows(out); },
        [this](const auto& taken) { restoreRows(taken); }));
}

std::vector<ExamineModel::Taken> QueuePanel::takeRows(const std::vector<int>& rows) {
    std::unordered_set<std::uint64_t> jobs;
    for (const int row : rows) {
        if (const quint64 job = m_model->row(row).job) jobs.insert(job);
    }
    m_services.examine().cancel(jobs);
    auto taken = m_model->takeRows(rows);
    if (const QModelIndex current = m_view->currentIndex(); current.isValid()) {
        m_view->selectionModel()->select(current, QItemSelectionModel::ClearAndSelect);
    }
    Q_EMIT currentRowChanged();
    return taken;
}

void QueuePanel::restoreRows(const std::vector<ExamineModel::Taken>& taken) {
    m_model->restore(taken);
    std::vector<int> unfinished;
    for (const auto& item : taken) {
        if (!item.row.record) unfinished.push_back(item.at);
    }
    examineRows(unfinished);
    if (!taken.empty()) select(taken.front().at);
}

const ExamineModel::Row* QueuePanel::currentRow() const {
    const int row = currentIndexRow();
    return row >= 0 ? &m_model->row(row) : nullptr;
}

int QueuePanel::currentIndexRow() const {
    return m_filter->rowOf(m_view->currentIndex());
}

std::vector<int> QueuePanel::selectedRows() const {
    std::vector<int> rows;
    for (const QModelIndex& index : m_view->selectionModel()->selectedIndexes()) {
        if (index.column() == ExamineModel::FileColumn) rows.push_back(m_filter->rowOf(index));
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

void QueuePanel::copyRows(bool csv) {
    const QString text = m_model->asText(selectedRows(), csv);
    auto* mime = new QMimeData;
    mime->setText(text);
    if (csv) mime->setData(QStringLiteral("text/csv"), text.toUtf8());
    QApplication::clipboard()->setMimeData(mime);
}

void QueuePanel::scheduleSummary() {
    if (std::exchange(m_summaryScheduled, true)) return;
    QTimer::singleShot(0, this, [this] {
        m_summaryScheduled = false;
        updateSummary();
    });
}

void QueuePanel::updateSummary() {
    const int total = m_model->rowCount();
    const int open = m_services.examine().openJobs();
    const int failed = m_model->count(ItemState::Failed);
    const int done = m_model->count(ItemState::Done);
    QStringList parts{countText(total, "image")};
    if (done > 0) parts << tr("%1 done").arg(done);
    if (failed > 0) parts << tr("%1 failed").arg(failed);
    const int cancelled = m_model->count(ItemState::Cancelled);
    if (cancelled > 0) parts << tr("%1 cancelled").arg(cancelled);
    if (open > 0) parts << tr("%1 to do").arg(open);
    if (m_filter->isFiltering()) parts << tr("%1 shown").arg(m_filter->rowCount());
    m_summary->setText(parts.join(QStringLiteral(" · ")));
    m_progress->setVisible(open > 0);
    m_progressText->setVisible(open > 0);
    m_progress->setRange(0, std::max(1, m_batchTotal));
    m_progress->setValue(std::max(0, m_batchTotal - open));
    const std::vector<int> rows = selectedRows();
    const std::size_t selected = rows.size();
    m_furtherAction->setEnabled(std::any_of(rows.begin(), rows.end(), [this](int row) {
        return m_model->row(row).record && m_model->row(row).record->decode.frames > 1;
    }));
    for (QAction* action : {m_againAction, m_removeAction, m_copyAction, m_copyCsvAction, m_caseAction})
        action->setEnabled(selected > 0);
    m_compareAction->setEnabled(selected == 2);
    m_counterpartAction->setEnabled(selected == 1);
    m_cancelAction->setEnabled(open > 0);
    m_examineFailedAction->setEnabled(failed > 0);
    m_restAction->setEnabled(cancelled > 0);
    m_restButton->setVisible(cancelled > 0 && open == 0);
}

}  // namespace signet::ui
