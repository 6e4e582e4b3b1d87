#pragma once

#include <QKeySequence>
#include <QWidget>

#include "ui/bridge/named_file.h"
#include "ui/bridge/services.h"

class QAction;
class QLabel;
class QLineEdit;
class QSettings;
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

/// The Cases page: start, form of a new case, the open case, its reports and exports. It carries what people
/// ask for to the case service and its answers to the view; errors are said in place. GUI thread.
class CasePage : public QWidget {
    Q_OBJECT
public:
    explicit CasePage(Services& services, QWidget* parent = nullptr);

    /// Dropped files: a case is opened, anything else is taken in as exhibits.
    void addDropped(std::vector<std::filesystem::path> paths);
    /// A file, or the URL of a database.
    void openCase(const QString& location);
    CaseView* view() const { return m_view; }
    ReportPanel* report() const { return m_report; }
    ExportPanel* exporting() const { return m_export; }
    const QList<QAction*>& workActions() const { return m_workActions; }
    const QList<QAction*>& editActions() const;
    /// Saves what is typed and asks the work to end; the service says when it is idle.
    void finish();
    void showForm();  ///< of a new case
    void showProperties();
    void showReport();
    void showExport();
    void showCodes();
    void showAudit();
    /// Back to the start or the open case.
    void showCurrent();

    void saveSettings(QSettings& settings) const;
    void restoreSettings(const QSettings& settings);

Q_SIGNALS:
    /// problem: why the exhibit is not what was taken in; empty: it was hashed and is.
    void inspectWanted(const signet::ui::NamedFile& file, const QString& problem);
    void compareWanted(const signet::ui::NamedFile& original, const signet::ui::NamedFile& copy);
    void modelCardWanted(const QString& model);
    void methodWanted(const QString& helpPage);

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
    QAction *m_showDamagedAction = nullptr, *m_takeFurtherAction = nullptr;
    QList<QAction*> m_workActions;
    std::function<void()> m_afterName;
    QStringList m_recent;
    std::vector<std::filesystem::path> m_several;  ///< files of the last intake with further pictures
    QString m_opening;                             ///< without a password
    cases::CaseInfo m_info;
    QString m_readOnly;
    QString m_filesText;
    quint64 m_filesDone = 0, m_filesTotal = 0;
    cases::RowId m_damaged = 0;  ///< the first exhibit that is not what it was
    bool m_open = false;
    bool m_reopen = true;  ///< the last case at start
};

}  // namespace signet::ui
