#pragma once

#include <QWidget>

#include "ui/bridge/services.h"

class QAction;
class QPlainTextEdit;
class QPushButton;
class QSettings;
class QSplitter;
class QStackedWidget;
class QTabWidget;
class QTableView;

namespace signet::ui {

class CheckpointModel;
class CopyTableView;
class CurvesView;
class NewRunPanel;
class NoticeBar;
class ParameterModel;
class RunListModel;
class RunStatus;
class SamplePanel;

/// The Training page: the runs, what the chosen one does, the curves of all that are selected, and the set-up
/// of a new one. GUI thread.
class TrainingPage : public QWidget {
    Q_OBJECT
public:
    explicit TrainingPage(Services& services, QWidget* parent = nullptr);

    enum Tab { CurvesTab, SamplesTab, CheckpointsTab, ParametersTab, LogTab };
    void showTab(Tab tab);
    void showNewRun();
    void showRuns();

    RunListModel* model() const { return m_model; }
    CopyTableView* table() const { return m_table; }
    NewRunPanel* newRun() const { return m_newRun; }
    CurvesView* curves() const { return m_curves; }
    NoticeBar* notice() const { return m_notice; }
    const QList<QAction*>& workActions() const { return m_workActions; }

    /// The window is closing while runs end.
    void sayFinishing();

    void saveSettings(QSettings& settings) const;
    void restoreSettings(const QSettings& settings);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void makeActions();
    void makeLayout();
    QWidget* makeCheckpointTab();
    QWidget* makeParameterTab();
    void connectService();
    void runsChanged();
    void selectionChanged();
    void newsArrived(const training::RunNews& news);
    void startRun(const Json& options);
    void useCheckpoint();
    void askDiscard();
    void updateControls();
    void updateCurves();
    void offerWaiting();
    const RunEntry* current() const;

    Services& m_services;
    RunListModel* m_model;
    CopyTableView* m_table;
    NoticeBar* m_notice;
    RunStatus* m_status;
    NewRunPanel* m_newRun;
    CurvesView* m_curves;
    SamplePanel* m_samples;
    CheckpointModel* m_checkpoints;
    CopyTableView* m_checkpointTable = nullptr;
    ParameterModel* m_parameters;
    QPlainTextEdit* m_log;
    QPushButton* m_useButton = nullptr;
    QTabWidget* m_tabs = nullptr;
    QStackedWidget* m_stack = nullptr;
    QSplitter* m_splitter = nullptr;
    QAction* m_newAction = nullptr;
    QAction* m_pauseAction = nullptr;
    QAction* m_finishAction = nullptr;
    QAction* m_stopAction = nullptr;
    QAction* m_discardAction = nullptr;
    QAction* m_againAction = nullptr;
    QAction* m_startWaitingAction = nullptr;
    QAction* m_discardForGoodAction = nullptr;
    QList<QAction*> m_workActions;
    std::filesystem::path m_currentFolder;
    std::vector<std::filesystem::path> m_followed;
    std::filesystem::path m_wanted;  ///< a run just created, chosen as soon as it is listed
    std::filesystem::path m_doomed;  ///< the run whose removal waits to be confirmed
    std::uint64_t m_checkpointsAt = ~0ull;
    bool m_waitingOffered = false;
};

}  // namespace signet::ui
