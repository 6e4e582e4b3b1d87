#pragma once

#include <QTimer>
#include <QWidget>

#include "ui/bridge/services.h"
#include "ui/itemmodels/sign_model.h"
#include "ui/page/page.h"

class QAction;
class QLabel;
class QProgressBar;
class QSplitter;
class QStackedWidget;
class QTableView;
class QPushButton;
class QUndoStack;

namespace signet::ui {

class ImageIntake;
class NoticeBar;
class PageRequests;
class SignPreviewPanel;
class SignSettingsPanel;

/// The Sign page: images, settings, live preview, and a table of what was written and whether it reads back.
/// GUI thread.
class SignPage : public QWidget, public Page {
    Q_OBJECT
public:
    SignPage(Services& services, PageRequests& requests, QWidget* parent = nullptr);

    QList<QAction*> menuActions(Menu menu) const override;
    bool takesFiles() const override { return true; }
    void takeFiles(std::vector<std::filesystem::path> files) override;
    void saveSettings(QSettings& settings) const override;
    void restoreSettings(const QSettings& settings) override;
    StillRuns finish() override;

    /// Signs what was not signed here and carries no signature yet; where that is nothing, asks first.
    void signAll();
    /// Signs all rows, whatever was done with them before.
    void signAgain();

    ImageIntake* intake() const { return m_intake; }
    SignModel* model() const { return m_model; }
    QTableView* table() const { return m_table; }
    SignSettingsPanel* settings() const { return m_settings; }
    SignPreviewPanel* preview() const { return m_preview; }

private:
    void makeActions();
    void makeLayout();
    void connectServices();
    void requestPreview();
    void updateControls();
    void removeSelected();
    void signRows(const std::vector<int>& rows);
    void lookAtAll();
    void takeKeys();
    /// Rows that signing would not double.
    std::vector<int> unsignedRows() const;
    /// False, and said in place, where the output folder is not there.
    bool outputFolderIsThere();
    std::filesystem::path currentPath() const;
    /// Of the current row; empty where nothing was written.
    std::filesystem::path currentOutput() const;

    Services& m_services;
    PageRequests& m_requests;
    SignModel* m_model;
    QTableView* m_table;
    SignSettingsPanel* m_settings;
    SignPreviewPanel* m_preview;
    NoticeBar* m_notice;
    ImageIntake* m_intake;
    QStackedWidget* m_stack = nullptr;
    QSplitter* m_splitter = nullptr;
    QLabel* m_summary;
    QProgressBar* m_progress;
    QPushButton* m_signButton;
    QUndoStack* m_undo;
    QAction* m_signAction = nullptr;
    QAction* m_cancelAction = nullptr;
    QAction* m_againAction = nullptr;
    QAction* m_makeFolderAction = nullptr;
    QAction* m_compareAction = nullptr;
    QAction* m_removeAction = nullptr;
    QList<QAction*> m_fileActions;
    QList<QAction*> m_editActions;
    QList<QAction*> m_workActions;
    QTimer m_previewDelay;
    QString m_lookedModel;  ///< the model that the rows were looked at with
    int m_batchTotal = 0;
    int m_batchDone = 0;
};

}  // namespace signet::ui
