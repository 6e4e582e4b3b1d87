#pragma once

#include <QWidget>

#include "ui/bridge/services.h"
#include "ui/page/page.h"

class QAction;
class QComboBox;
class QMenu;
class QSplitter;
class QTabWidget;

namespace signet::ui {

class CalculatorPanel;
class IdentifyPanel;
class ImageIntake;
class NoticeBar;
class PageRequests;
class RegistryPanel;
class ResidualPanel;

/// The Fingerprints page: the registry of issued instances at the left; at the right whose instance drew a
/// picture, what a fingerprint changes in one, and a calculator. GUI thread; FingerprintService does the
/// work.
class FingerprintPage : public QWidget, public Page {
    Q_OBJECT
public:
    enum Tab { Identify, Residual, Calculator };

    FingerprintPage(Services& services, PageRequests& requests, QWidget* parent = nullptr);

    QList<QAction*> menuActions(Menu menu) const override;
    bool takesFiles() const override { return true; }
    /// Pictures to be looked for.
    void takeFiles(std::vector<std::filesystem::path> files) override;
    void saveSettings(QSettings& settings) const override;
    void restoreSettings(const QSettings& settings) override;
    StillRuns finish() override;

    /// File or URL; empty: that of the workspace.
    void openRegistry(const std::string& location);
    void showTab(Tab tab);

    RegistryPanel* registryPanel() const { return m_registry; }
    IdentifyPanel* identification() const { return m_identify; }
    ResidualPanel* residual() const { return m_residual; }
    CalculatorPanel* calculator() const { return m_calculator; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    void makeActions();
    void makeRegistryActions();
    void makeIdentifyActions();
    QWidget* makeRight();
    void connectRegistry();
    void connectWork();
    const models::Manifest* model() const;
    std::vector<models::Manifest> installed() const;
    void fillModels();
    void showModel();
    void showRegistry(const RegistryContentsPtr& contents);
    void showAnswer(const RegistryAnswer& answer);
    void showPictures(const ResidualPicturesPtr& pictures);
    void showWhatFits();
    void askIssue();
    void askRevoke();
    void importFile();
    void exportFile();
    void identify(const std::vector<std::filesystem::path>& files);
    void draw();
    void stop();
    std::vector<std::filesystem::path> chosenPictures() const;

    Services& m_services;
    PageRequests& m_requests;
    FingerprintService& m_service;
    NoticeBar* m_notice;
    ImageIntake* m_intake;
    QMenu* m_chooseMenu = nullptr;
    QAction* m_issue = nullptr;
    QAction* m_revoke = nullptr;
    QAction* m_import = nullptr;
    QAction* m_export = nullptr;
    QAction* m_choose = nullptr;
    QAction* m_train = nullptr;
    QAction* m_open = nullptr;
    QAction* m_again = nullptr;
    QAction* m_remove = nullptr;
    QAction* m_toCase = nullptr;
    QAction* m_stop = nullptr;
    QAction* m_draw = nullptr;
    RegistryPanel* m_registry = nullptr;
    IdentifyPanel* m_identify = nullptr;
    ResidualPanel* m_residual = nullptr;
    CalculatorPanel* m_calculator = nullptr;
    QComboBox* m_models = nullptr;
    QTabWidget* m_tabs = nullptr;
    QSplitter* m_splitter = nullptr;
    RegistryContentsPtr m_contents;
    std::string m_shownModel;  ///< SHA-256 of its weights
    QString m_wantedModel;     ///< of the settings, until it is in the list
    QString m_issueFolder;     ///< where instances were written last
    QString m_tableFolder;     ///< where a table was imported or exported last
};

}  // namespace signet::ui
