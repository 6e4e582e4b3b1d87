#pragma once

#include <QKeySequence>
#include <QWidget>

#include "ui/bridge/named_file.h"
#include "ui/bridge/services.h"
#include "ui/page/page.h"

class QAction;
class QLineEdit;
class QStackedWidget;

namespace signet::ui {

class AuditPanel;
class CaseEdits;
class CaseForm;
class CaseStart;
class CaseView;
class CodesPanel;
class ExportPanel;
class ReportPanel;
class ImageIntake;
class NoticeBar;
class PageRequests;

/// The Cases page: start, form of a new case, the open case, its reports and exports. It carries what people
/// ask for to the case service and its answers to the view; errors are said in place. GUI thread.
class CasePage : public QWidget, public Page {
    Q_OBJECT
public:
    CasePage(Services& services, PageRequests& requests, QWidget* parent = nullptr);

    QList<QAction*> menuActions(Menu menu) const override;
    bool takesFiles() const override { return true; }
    bool claims(const std::vector<std::filesystem::path>& files) const override;
    /// A case is opened, anything else is taken in as exhibits.
    void takeFiles(std::vector<std::filesystem::path> files) override;
    void saveSettings(QSettings& settings) const override;
    void restoreSettings(const QSettings& settings) override;
    /// Saves what is typed as well.
    StillRuns finish() override;

    /// A file, or the URL of a database.
    void openCase(const QString& location);
    CaseView* view() const { return m_view; }
    ReportPanel* report() const { return m_report; }
    ExportPanel* exporting() const { return m_export; }
    /// Of the open case; empty: none is open.
    QString caseTitle() const;
    void showForm();  ///< of a new case
    void showProperties();
    void showReport();
    void showExport();
    void showCodes();
    void showAudit();
    /// Back to the start or the open case.
    void showCurrent();

private:
    void makeActions();
    void makeCaseActions();
    void makeExhibitActions();
    QAction* add(const char* name, const char* icon, const QString& text, const QKeySequence& keys,
                 const QString& help, std::function<void()> run);
    QWidget* makeNameBar();
    void connectService();
    void connectView();
    void connectStart();
    void connectRequests();
    /// Takes files in as exhibits of the open case. Where none is open that can be written, the page keeps
    /// them for the next one that is opened or made, and is shown.
    void addToCase(const std::vector<std::filesystem::path>& files);
    void compareSelected();
    void compareWithFile();
    void askName(const std::function<void()>& then);
    void takeName();
    void opened(CaseContents& contents);
    void showIntegrity(const std::vector<cases::Finding>& findings);
    void showIntake(const IntakeSummary& summary);
    void takeIn(image::FoundImages found, bool allFrames);
    void showVerification(const cases::Verification& found);
    void showChosen();
    void showTitle();
    void toggleTag(int key);
    void setTag(cases::RowId tag, bool on);
    QString reportFolder() const;
    void addTag(const QString& name);
    void updateControls();
    void remember(const QString& file);
    bool writable() const { return m_open && m_readOnly.isEmpty(); }

    Services& m_services;
    PageRequests& m_requests;
    CaseService& m_cases;
    NoticeBar* m_integrity;  ///< stays while exhibits are not what they were
    NoticeBar* m_access;     ///< why the case cannot be written
    NoticeBar* m_notice;
    QLineEdit* m_name;
    QWidget* m_nameBar;
    QStackedWidget* m_stack;
    CaseStart* m_start = nullptr;
    CaseForm* m_form = nullptr;
    CaseView* m_view = nullptr;
    CaseEdits* m_edits = nullptr;
    ReportPanel* m_report = nullptr;
    ExportPanel* m_export = nullptr;
    CodesPanel* m_codes = nullptr;
    AuditPanel* m_audit = nullptr;
    ImageIntake* m_intake;
    QAction *m_newAction = nullptr, *m_openAction = nullptr, *m_closeAction = nullptr;
    QAction *m_addAction = nullptr, *m_addFolderAction = nullptr, *m_examineAction = nullptr;
    QAction *m_againAction = nullptr, *m_pauseAction = nullptr, *m_stopAction = nullptr;
    QAction *m_verifyAction = nullptr, *m_reloadAction = nullptr, *m_nameAction = nullptr;
    QAction *m_reportAction = nullptr, *m_exportAction = nullptr, *m_propertiesAction = nullptr;
    QAction *m_codesAction = nullptr, *m_auditAction = nullptr;
    QAction *m_compareAction = nullptr, *m_compareFileAction = nullptr;
    QAction *m_showDamagedAction = nullptr, *m_takeFurtherAction = nullptr, *m_forgetAction = nullptr;
    QList<QAction*> m_workActions;
    std::function<void()> m_afterName;
    QStringList m_recent;
    std::vector<std::filesystem::path> m_several;  ///< files of the last intake with further pictures
    QString m_opening;                             ///< without a password
    cases::CaseInfo m_info;
    QString m_readOnly;
    std::vector<std::filesystem::path> m_pending;  ///< for the next case that can be written
    QString m_filesText;
    quint64 m_filesDone = 0, m_filesTotal = 0;
    cases::RowId m_damaged = 0;  ///< the first exhibit that is not what it was
    bool m_open = false;
    bool m_reopen = true;  ///< the last case at start
};

}  // namespace signet::ui
