#pragma once

#include <QMainWindow>
#include <array>

#include "ui/bridge/services.h"

class QActionGroup;
class QSettings;
class QStackedWidget;

namespace signet::ui {

class AboutPage;
class CasePage;
class InspectPage;
class ModelsPage;
class NavigationRail;
class RocPage;
class SignPage;
class TrainingPage;
class ThemeController;

/// The one window: rail, pages, menus; takes drops anywhere. Pages do the work, services run it. GUI thread.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    enum Page {
        InspectIndex,
        SignIndex,
        TrainingIndex,
        ModelsIndex,
        CasesIndex,
        RocIndex,
        AboutIndex,
        PageCount
    };

    /// settingsFile: an ini file, read now and written when the window closes.
    MainWindow(Services& services, ThemeController& theme, const QString& settingsFile,
               QWidget* parent = nullptr);
    ~MainWindow() override;

    void showPage(Page page);
    Page page() const;
    InspectPage* inspectPage() const { return m_inspect; }
    SignPage* signPage() const { return m_sign; }
    TrainingPage* trainingPage() const { return m_training; }
    CasePage* casePage() const { return m_cases; }
    RocPage* rocPage() const { return m_roc; }
    ModelsPage* modelsPage() const { return m_models; }

    void saveSettings() const;

Q_SIGNALS:
    /// Once, after the first picture of the window is on the screen and input is served.
    void firstShown();

protected:
    bool event(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    void makePages();
    void makeMenus();
    void makeViewMenu();
    QMenu* addMenu(const QString& objectName, const QString& title);
    /// Live on this page only.
    void addPageActions(QMenu* menu, Page page, const QList<QAction*>& actions);
    void showTitle();  ///< what the page shows, before the program's name
    void showActionsOf(Page page);
    void setThemeFromAction(QAction* action);
    void restoreSettings();

    Services& m_services;
    ThemeController& m_theme;
    std::unique_ptr<QSettings> m_settings;
    NavigationRail* m_rail;
    QStackedWidget* m_pages;
    InspectPage* m_inspect = nullptr;
    SignPage* m_sign = nullptr;
    TrainingPage* m_training = nullptr;
    ModelsPage* m_models = nullptr;
    CasePage* m_cases = nullptr;
    RocPage* m_roc = nullptr;
    AboutPage* m_about = nullptr;
    QList<QAction*> m_pageActions;
    QActionGroup* m_themeGroup;
    std::array<QList<QAction*>, PageCount> m_actionsOf;  ///< live on that page only
    QList<QAction*> m_inspectFile;  ///< live everywhere but on the Sign, Cases and ROC pages
    bool m_firstShown = false;
};

}  // namespace signet::ui
