#pragma once

#include <QWidget>

#include "ui/bridge/services.h"
#include "ui/itemmodels/detector_model.h"

class QAction;
class QSettings;
class QSplitter;
class QStackedWidget;
class QTableView;
class QUndoStack;

namespace signet::ui {

class MeasurePanel;
class NoticeBar;
class OperatingPanel;
class RocPlot;
class ScoreHistogram;

/// The ROC page: detectors from score files or measured on folders at the left, their curves and the scores
/// of the chosen one in the middle, its operating point at the right. GUI thread; RocService does the work.
class RocPage : public QWidget {
    Q_OBJECT
public:
    explicit RocPage(Services& services, QWidget* parent = nullptr);
    ~RocPage() override;

    QList<QAction*> fileActions() const { return {m_open, m_measureAction}; }
    QList<QAction*> editActions() const { return {m_remove, m_undoAction, m_redoAction}; }
    QList<QAction*> viewActions() const { return {m_logAction, m_bandsAction}; }
    QList<QAction*> workActions() const { return {m_stopAction}; }

    void openFile(const std::filesystem::path& scoreFile);
    void showMeasurePanel(bool on);
    /// Folders go to the measurement's lines, files are read as score files.
    void addDropped(const std::vector<std::filesystem::path>& paths);

    DetectorModel* model() const { return m_model; }
    QTableView* table() const { return m_table; }
    RocPlot* plot() const { return m_plot; }
    ScoreHistogram* histogram() const { return m_histogram; }
    MeasurePanel* measurePanel() const { return m_measure; }
    void setThreshold(double threshold, ThresholdOrigin origin);

    void saveSettings(QSettings& settings) const;
    void restoreSettings(const QSettings& settings);

Q_SIGNALS:
    void methodWanted(const QString& helpPage);

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
