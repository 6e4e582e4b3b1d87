#pragma once

#include <QWidget>

#include "ui/bridge/services.h"
#include "ui/itemmodels/detector_model.h"
#include "ui/page/page.h"

class QAction;
class QSplitter;
class QStackedWidget;
class QTableView;
class QUndoStack;

namespace signet::ui {

class MeasurePanel;
class NoticeBar;
class OperatingPanel;
class PageRequests;
class RocPlot;
class ScoreHistogram;

/// The ROC page: detectors from score files or measured on folders at the left, their curves and the scores
/// of the chosen one in the middle, its operating point at the right. GUI thread; RocService does the work.
class RocPage : public QWidget, public Page {
    Q_OBJECT
public:
    RocPage(Services& services, PageRequests& requests, QWidget* parent = nullptr);
    ~RocPage() override;

    QList<QAction*> menuActions(Menu menu) const override;
    bool takesFiles() const override { return true; }
    /// Folders go to the measurement's lines, files are read as score files.
    void takeFiles(std::vector<std::filesystem::path> files) override;
    void saveSettings(QSettings& settings) const override;
    void restoreSettings(const QSettings& settings) override;
    StillRuns finish() override;

    void openFile(const std::filesystem::path& scoreFile);
    void showMeasurePanel(bool on);

    DetectorModel* model() const { return m_model; }
    QTableView* table() const { return m_table; }
    RocPlot* plot() const { return m_plot; }
    ScoreHistogram* histogram() const { return m_histogram; }
    MeasurePanel* measurePanel() const { return m_measure; }
    void setThreshold(double threshold, ThresholdOrigin origin);

protected:
    void changeEvent(QEvent* event) override;

private:
    void makeActions();
    QWidget* makeLeft();
    QWidget* makeMiddle();
    QWidget* makeRight();
    void connectService();
    void startMeasuring();
    void showMeasured(const FolderScoresPtr& scores, const QString& problem);
    void add(const RocDetectors& detectors);
    void removeSelected();
    const DetectorModel::Row* current() const;
    const ModelEntry* entryOf(const DetectorModel::Row* row) const;
    void showList();
    void showCurrent();
    void showOperatingPoint();
    void showWhatFits();
    QIcon signOf(int slot) const;
    enum class Export { Scores, Curves, Png, Pdf };
    void exportAs(Export what);
    void writeTo(Export what, const QString& name);

    Services& m_services;
    PageRequests& m_requests;
    DetectorModel* m_model;
    QTableView* m_table;
    NoticeBar* m_notice;
    QStackedWidget* m_stack;
    QSplitter* m_splitter;
    QSplitter* m_plots;
    MeasurePanel* m_measure;
    RocPlot* m_plot;
    ScoreHistogram* m_histogram;
    OperatingPanel* m_operating;
    QUndoStack* m_undo;
    QAction* m_open = nullptr;
    QAction* m_measureAction = nullptr;
    QAction* m_stopAction = nullptr;
    QAction* m_remove = nullptr;
    QAction* m_undoAction = nullptr;
    QAction* m_redoAction = nullptr;
    QAction* m_logAction = nullptr;
    QAction* m_bandsAction = nullptr;
    QAction* m_exportAction = nullptr;
    bool m_measurePanelOpen = false;
    quint64 m_savingFor = 0;  ///< id of the row whose calibration is being saved
    QString m_lastFile;
};

}  // namespace signet::ui
