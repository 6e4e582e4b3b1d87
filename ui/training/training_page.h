#pragma once

#include <QWidget>

#include "ui/bridge/services.h"
#include "ui/itemmodels/parameter_model.h"
#include "ui/page/page.h"

class QAction;
class QPlainTextEdit;
class QSplitter;
class QStackedWidget;
class QTabWidget;

namespace signet::ui {

class CheckpointPanel;
class CopyTableView;
class CurvesView;
class NewRunPanel;
class NotesPanel;
class NoticeBar;
class PageRequests;
class ParameterPanel;
class RunActions;
class RunListModel;
class RunStatus;
class SamplePanel;

/// The Training page: the runs, what the chosen one does, the curves of all that are selected, and the set-up
/// of a new one. GUI thread.
class TrainingPage : public QWidget, public Page {
    Q_OBJECT
public:
    TrainingPage(Services& services, PageRequests& requests, QWidget* parent = nullptr);

    QList<QAction*> menuActions(Menu menu) const override;
    void saveSettings(QSettings& settings) const override;
    void restoreSettings(const QSettings& settings) override;
    StillRuns finish() override;

    enum Tab { CurvesTab, SamplesTab, CheckpointsTab, ParametersTab, LogTab, NotesTab };
    void showTab(Tab tab);
    void showNewRun();
    void showRuns();

    RunListModel* model() const { return m_model; }
    CopyTableView* table() const { return m_table; }
    NewRunPanel* newRun() const { return m_newRun; }
    CurvesView* curves() const { return m_curves; }
    NoticeBar* notice() const { return m_notice; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    void makeLayout();
    void connectService();
    void runsChanged();
    void selectionChanged();
    void newsArrived(const training::RunNews& news);
    void startRun(const Json& options, const training::RunNotes& notes);
    std::vector<ParameterModel::Run> parametersOf(const std::vector<std::filesystem::path>& folders) const;
    void updateControls();
    void updateCurves();
    const RunEntry* current() const;

    Services& m_services;
    RunListModel* m_model;
    CopyTableView* m_table;
    NoticeBar* m_notice;
    RunActions* m_actions;
    RunStatus* m_status;
    NewRunPanel* m_newRun;
    CurvesView* m_curves;
    SamplePanel* m_samples;
    CheckpointPanel* m_checkpoints;
    ParameterPanel* m_parameters;
    QPlainTextEdit* m_log;
    NotesPanel* m_notes;
    QAction* m_chooseModels;
    QTabWidget* m_tabs = nullptr;
    QStackedWidget* m_stack = nullptr;
    QSplitter* m_splitter = nullptr;
    std::filesystem::path m_currentFolder;
    std::vector<std::filesystem::path> m_followed;
    std::string m_exported;          ///< a model just made, chosen as soon as it is listed
    std::filesystem::path m_wanted;  ///< a run just created, chosen as soon as it is listed
};

}  // namespace signet::ui
