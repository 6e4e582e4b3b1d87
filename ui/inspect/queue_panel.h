#pragma once

#include <QListView>
#include <QWidget>

#include "ui/bridge/services.h"
#include "ui/itemmodels/examine_model.h"

class QAction;
class QLabel;
class QProgressBar;
class QUndoStack;

namespace signet::ui {

/// The queue of the Inspect page: list, progress, and the actions on rows. Feeds the examine service and
/// takes its results into the model. GUI thread.
class QueuePanel : public QWidget {
    Q_OBJECT
public:
    explicit QueuePanel(Services& services, QWidget* parent = nullptr);

    void addFiles(const std::vector<std::filesystem::path>& files);
    /// Chooses the row of a file; one that is not in the queue is added and examined.
    void showFile(const NamedFile& file);
    void examineRows(const std::vector<int>& rows);
    void examineFailed();
    void removeRows(const std::vector<int>& rows);
    void restoreRows(const std::vector<ExamineModel::Taken>& taken);
    std::vector<ExamineModel::Taken> takeRows(const std::vector<int>& rows);

    ExamineModel* model() const { return m_model; }
    QListView* view() const { return m_view; }
    QUndoStack* undoStack() const { return m_undo; }
    /// The row of the current index; null where there is none.
    const ExamineModel::Row* currentRow() const;

    const QList<QAction*>& editActions() const { return m_editActions; }
    const QList<QAction*>& examineActions() const { return m_examineActions; }

    /// The rows that are selected, rising.
    std::vector<int> selectedRows() const;

    QAction* examineFailedAction() const { return m_examineFailedAction; }

Q_SIGNALS:
    /// Another row is current, or the current one changed (result, state).
    void currentRowChanged();
    void engineChanged(signet::ui::EngineState state, const QString& message);
    void compareWanted(const signet::ui::NamedFile& a, const signet::ui::NamedFile& b);
    /// The image is to be compared with its signed copy or its original.
    void counterpartWanted(const signet::ui::NamedFile& file);

private:
    void makeActions();
    void makeLayout();
    void connectServices();
    void updateSummary();
    void scheduleSummary();  ///< once for any number of changes in one turn of the event loop
    void copyRows(bool csv);

    Services& m_services;
    ExamineModel* m_model;
    QListView* m_view;
    QLabel* m_summary;
    QLabel* m_progressText;
    QProgressBar* m_progress;
    QUndoStack* m_undo;
    QAction* m_againAction = nullptr;
    QAction* m_examineFailedAction = nullptr;
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
