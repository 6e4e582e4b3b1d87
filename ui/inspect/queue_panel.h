#pragma once

#include <QListView>
#include <QWidget>

#include "ui/bridge/services.h"
#include "ui/itemmodels/examine_model.h"

class QAction;
class QLabel;
class QProgressBar;
class QToolButton;
class QUndoStack;

namespace signet::ui {

class ModelChoiceButton;
class QueueFilter;
class QueueFilterBar;

/// The queue of the Inspect page: list, search, progress, and the actions on rows. Feeds the examine service
/// and takes its results into the model. Rows are the model's, in the order in which they were added,
/// whatever is shown. GUI thread.
class QueuePanel : public QWidget {
    Q_OBJECT
public:
    explicit QueuePanel(Services& services, QWidget* parent = nullptr);

    void addFiles(const std::vector<std::filesystem::path>& files);
    /// Chooses the row of a file; one that is not in the queue is added and examined.
    void showFile(const NamedFile& file);
    void examineRows(const std::vector<int>& rows);
    void examineFailed();
    /// What was cancelled.
    void examineRest();
    void removeRows(const std::vector<int>& rows);
    void restoreRows(const std::vector<ExamineModel::Taken>& taken);
    std::vector<ExamineModel::Taken> takeRows(const std::vector<int>& rows);

    ExamineModel* model() const { return m_model; }
    QListView* view() const { return m_view; }
    QueueFilter* filter() const { return m_filter; }
    /// Makes the row current, and everything shown where the filter hides it.
    void select(int row);
    /// The row of the current index; null where there is none.
    const ExamineModel::Row* currentRow() const;

    const QList<QAction*>& editActions() const { return m_editActions; }
    const QList<QAction*>& examineActions() const { return m_examineActions; }

    /// The rows that are selected, rising.
    std::vector<int> selectedRows() const;

    ModelChoiceButton* modelChoice() const { return m_models; }
    QAction* examineFailedAction() const { return m_examineFailedAction; }
    QAction* examineAgainAction() const { return m_againAction; }

Q_SIGNALS:
    /// Another row is current, or the current one changed (result, state).
    void currentRowChanged();
    void engineChanged(signet::ui::EngineState state, const QString& message);
    void compareWanted(const signet::ui::NamedFile& a, const signet::ui::NamedFile& b);
    /// The selected images are to become exhibits of a case.
    void addToCaseWanted(const std::vector<std::filesystem::path>& files);
    /// The image is to be compared with its signed copy or its original.
    void counterpartWanted(const signet::ui::NamedFile& file);

private:
    void makeActions();
    void makeLayout();
    void connectServices();
    void updateSummary();
    void scheduleSummary();  ///< once for any number of changes in one turn of the event loop
    void copyRows(bool csv);
    void examineAll(ItemState state);
    int currentIndexRow() const;  ///< of the model; -1: none

    Services& m_services;
    ExamineModel* m_model;
    QueueFilter* m_filter;
    QueueFilterBar* m_filterBar;
    QListView* m_view;
    QLabel* m_summary;
    QToolButton* m_restButton = nullptr;
    ModelChoiceButton* m_models;
    QLabel* m_progressText;
    QProgressBar* m_progress;
    QUndoStack* m_undo;
    QAction* m_againAction = nullptr;
    QAction* m_examineFailedAction = nullptr;
    QAction* m_restAction = nullptr;
    QAction* m_caseAction = nullptr;
    QAction* m_furtherAction = nullptr;
    QAction* m_cancelAction = nullptr;
    QAction* m_removeAction = nullptr;
    QAction* m_compareAction = nullptr;
    QAction* m_counterpartAction = nullptr;
    QAction* m_copyAction = nullptr;
    QAction* m_copyCsvAction = nullptr;
    QList<QAction*> m_editActions;
    QList<QAction*> m_examineActions;
    bool m_summaryScheduled = false;
    int m_batchTotal = 0;  ///< jobs since the service was last idle
};

}  // namespace signet::ui
