#pragma once

#include <QTimer>
#include <QWidget>

#include "ui/bridge/services.h"
#include "ui/itemmodels/sign_model.h"

class QAction;
class QLabel;
class QProgressBar;
class QSettings;
class QSplitter;
class QStackedWidget;
class QTableView;
class QPushButton;
class QUndoStack;

namespace signet::ui {

class ImageIntake;
class NoticeBar;
class SignPreviewPanel;
class SignSettingsPanel;

/// The Sign page: images, settings, live preview, and a table of what was written and whether it reads back.
/// GUI thread.
class SignPage : public QWidget {
    Q_OBJECT
public:
    explicit SignPage(Services& services, QWidget* parent = nullptr);

    /// Signs what was not signed here and carries no signature yet; where that is nothing, asks first.
    void signAll();
    /// Signs all rows, whatever was done with them before.
    void signAgain();

    ImageIntake* intake() const { return m_intake; }
    SignModel* model() const { return m_model; }
    QTableView* table() const { return m_table; }
    SignSettingsPanel* settings() const { return m_settings; }
    SignPreviewPanel* preview() const { return m_preview; }
    const QList<QAction*>& fileActions() const { return m_fileActions; }
    const QList<QAction*>& editActions() const { return m_editActions; }
    const QList<QAction*>& workActions() const { return m_workActions; }

    void saveSettings(QSettings& settings) const;
    void restoreSettings(const QSettings& settings);

Q_SIGNALS:
    /// A chosen original and the copy that was written of it.
    void compareWanted(const std::filesystem::path& original, const std::filesystem::path& copy);

private:
    void makeActions();
    void makeLayout();
    void connectServices();
    void requestPreview();
    void updateControls();
    void removeSelected();
    void signRows(const std::vector<int>& rows);
    void lookAtAll();
    /// Rows that signing would not double.
    std::vector<int> unsignedRows() const;
    /// False, and said in place, where the output folder is not there.
    bool outputFolderIsThere();
    std::filesystem::path currentPath() const;
    /// Of the current row; empty where nothing was written.
    std::filesystem::path currentOutput() const;

    Services& m_services;
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
    QString m_engineProblem;  ///< the notice that goes once the models are loaded
    QString m_lookedModel;    ///< the model that the rows were looked at with
    int m_batchTotal = 0;
    int m_batchDone = 0;
};

}  // namespace signet::ui
