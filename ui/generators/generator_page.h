#pragma once

#include <QWidget>

#include "ui/bridge/services.h"
#include "ui/page/page.h"

class QAction;
class QLabel;
class QListView;
class QSplitter;
class QStackedWidget;
class QTabWidget;
class QTextBrowser;

namespace signet::ui {

class CopyTableView;
class DrawnModel;
class DrawSettingsPanel;
class ElidedLabel;
class GeneratorListModel;
class KeyValueModel;
class NoticeBar;
class PageRequests;

/// The Generators page: the installed generators and instances at the left, with how the chosen one draws;
/// at the right what it drew, with what reads it, and its card. GUI thread; GeneratorService does the work.
class GeneratorPage : public QWidget, public Page {
    Q_OBJECT
public:
    enum Tab { Pictures, About };

    GeneratorPage(Services& services, PageRequests& requests, QWidget* parent = nullptr);

    QList<QAction*> menuActions(Menu menu) const override;
    void saveSettings(QSettings& settings) const override;
    void restoreSettings(const QSettings& settings) override;
    StillRuns finish() override;

    CopyTableView* list() const { return m_list; }
    DrawSettingsPanel* settings() const { return m_settings; }
    DrawnModel* drawn() const { return m_drawn; }

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void makeActions();
    QWidget* makeLeft();
    QWidget* makeBar();
    QWidget* makeGrid();
    QWidget* makePictures();
    QWidget* makeAbout();
    void connectWork();
    const ModelEntry* current() const;
    /// The installed model whose signature the chosen generator was secured with; null: none, or it is not
    /// there.
    const models::Manifest* signature() const;
    void showModels();
    void showChosen();
    void showCard();
    void showControls();
    void showPicture();
    void showEnd(const DrawEnd& end);
    void showSaved(const SavedPictures& saved);
    void showWhatFits();
    /// Two chosen pictures are the ends of the way.
    void takeEnds();
    void draw(const generators::SampleRequest& request);
    void stop();
    void save(bool thenToCase);
    /// Pictures beside each other, as they lie now.
    int columns() const;
    void toCase();
    void secure();

    Services& m_services;
    PageRequests& m_requests;
    GeneratorService& m_service;
    NoticeBar* m_notice;
    GeneratorListModel* m_model;
    DrawnModel* m_drawn;
    KeyValueModel* m_facts;
    QAction* m_draw = nullptr;
    QAction* m_next = nullptr;
    QAction* m_way = nullptr;
    QAction* m_stop = nullptr;
    QAction* m_secure = nullptr;
    QAction* m_save = nullptr;
    QAction* m_sheet = nullptr;
    QAction* m_toCase = nullptr;
    QAction* m_train = nullptr;
    CopyTableView* m_list = nullptr;
    DrawSettingsPanel* m_settings = nullptr;
    QListView* m_grid = nullptr;
    ElidedLabel* m_progress = nullptr;
    QLabel* m_found = nullptr;
    QLabel* m_about = nullptr;
    QTextBrowser* m_card = nullptr;
    QTabWidget* m_tabs = nullptr;
    QSplitter* m_splitter = nullptr;
    QStackedWidget* m_stack = nullptr;
    std::string m_wanted;    ///< name of the chosen model, also while it is not in the list
    std::string m_shown;     ///< folder and weights of the one that is shown
    bool m_canDraw = false;  ///< with it
    int m_ordered = 0;       ///< pictures of the newest order
    DrawStep m_step;         ///< of those of it that come next
    QString m_saveFolder;
    bool m_caseWaits = false;                    ///< for what is being saved
    std::vector<std::filesystem::path> m_saved;  ///< files of the pictures that are shown, or their sheet
};

}  // namespace signet::ui
