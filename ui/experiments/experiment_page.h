#pragma once

#include <QWidget>
#include <functional>

#include "ui/bridge/services.h"
#include "ui/page/page.h"

class QAction;
class QComboBox;
class QLabel;
class QSplitter;
class QStackedWidget;
class QTabWidget;

namespace signet::ui {

class CopyTableView;
class ElidedLabel;
class NoticeBar;
class PageRequests;
class TextTableModel;

/// The Experiments page: the papers' tables and figures at the left; at the right the chosen one, with the
/// paper's numbers beside ours, what a run would take, and what of it failed. GUI thread; ExperimentService
/// does the work.
class ExperimentPage : public QWidget, public Page {
    Q_OBJECT
public:
    enum Tab { Results, Probe, Failures };

    ExperimentPage(Services& services, PageRequests& requests, QWidget* parent = nullptr);

    QList<QAction*> menuActions(Menu menu) const override;
    void saveSettings(QSettings& settings) const override;
    void restoreSettings(const QSettings& settings) override;
    StillRuns finish() override;

    void setDataFolder(const QString& folder);
    void showTab(Tab tab);

    CopyTableView* list() const { return m_list; }
    CopyTableView* results() const { return m_results; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    void makeActions();
    QWidget* makeBar();
    QWidget* makeRight();
    QWidget* makeResults();
    CopyTableView* makeTable(const char* objectName, const QString& name, TextTableModel* model);
    QWidget* makeProbe();
    void connectService();
    std::string chosenPreset() const;
    const ExperimentTable* current() const;
    void showTables(const ExperimentTablesPtr& tables);
    void showCurrent();
    void showChosenRow();
    void showWhatFits();
    void showEnd(const ExperimentEnd& end);
    void start(bool probeOnly);
    void stop();
    /// Calls done where a folder was chosen.
    void chooseData(const std::function<void()>& done = {});
    void exportTable();

    ExperimentService& m_service;
    NoticeBar* m_notice;
    QAction* m_run = nullptr;
    QAction* m_probe = nullptr;
    QAction* m_stop = nullptr;
    QAction* m_export = nullptr;
    QAction* m_data = nullptr;
    TextTableModel* m_listModel;
    TextTableModel* m_resultModel;
    TextTableModel* m_probeModel;
    TextTableModel* m_failureModel;
    CopyTableView* m_list = nullptr;
    CopyTableView* m_results = nullptr;
    QComboBox* m_presets = nullptr;
    ElidedLabel* m_dataLabel = nullptr;
    ElidedLabel* m_progress = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_note = nullptr;
    QLabel* m_origin = nullptr;
    QLabel* m_how = nullptr;
    QLabel* m_sum = nullptr;
    QStackedWidget* m_resultStack = nullptr;
    QTabWidget* m_tabs = nullptr;
    QSplitter* m_splitter = nullptr;
    ExperimentTablesPtr m_tables;
    std::vector<ProbedTraining> m_probed;  ///< of the last probe
    QString m_probedId, m_probedPreset;
    QString m_wantedPreset, m_wantedExperiment;  ///< of the settings, until they are in the lists
    QString m_dataFolder, m_exportFolder;
};

}  // namespace signet::ui
