#pragma once

#include <QObject>
#include <optional>

#include "ui/bridge/case_work.h"
#include "ui/bridge/worker_thread.h"

namespace signet::ui {

/// The case that is open in the window. Lives on the GUI thread, which it never blocks. Each thread has a
/// connection of its own: what a person does (notes, tags, findings, reading) is done on "case-db"; intake
/// and verification, which take long, on "case-files"; examinations are a job on a queue that shares the
/// device with Inspect and training. Answers arrive as signals at most ten times a second, as plain data;
/// those of a case that was closed are dropped.
class CaseService : public QObject {
    Q_OBJECT
public:
    /// workspace: where own models are, whose cards stand in reports.
    CaseService(std::shared_ptr<EngineHost> host, std::filesystem::path workspace, QObject* parent = nullptr);
    ~CaseService() override;

    /// The name that stands on every action from now on.
    void setExaminer(const std::string& name);
    const std::string& examiner() const { return m_examiner; }

    /// Makes a case and opens it; opened or failed follows.
    void create(const std::string& location, const cases::CaseInfo& info);
    void open(const std::string& location);
    /// Asks the work on the case to end (the exhibit at hand is given back) and forgets it.
    void close();
    /// Reads all of the open case again: other programs may have worked on it. opened follows.
    void reload();
    const std::string& location() const { return m_location; }  ///< empty: none open, none being opened

    void takeIn(image::FoundImages found, const cases::IntakeOptions& options);
    void verify();
    /// Ends intake or verification after the file at hand.
    void stopFiles();
    bool filesBusy() const { return m_filesOpen > 0; }

    /// The models of examinations that begin from now on; none: the default ones.
    void setModels(std::vector<std::string> models) { m_models = std::move(models); }

    /// Examines what waits, these exhibits again among it.
    void examine(const std::set<cases::RowId>& again = {});
    /// Examines this exhibit alone with the parameters of an earlier examination; nothing where other work
    /// goes on.
    void examineLike(cases::RowId exhibit, const Json& params);
    void pauseExamining();
    void resumeExamining();
    void stopExamining();
    /// Nothing while no examination waits or runs.
    const std::optional<jobs::JobInfo>& work() const { return m_work; }

    /// A tag of id 0 is known by its name, and new where there is none of it.
    void setTag(const cases::Tag& tag, const std::set<cases::RowId>& exhibits, bool on);
    void setNote(cases::RowId exhibit, const std::string& note);
    void saveFinding(const cases::Finding& finding);
    void removeFinding(cases::RowId exhibit, cases::RowId finding);
    void requestDetails(cases::RowId exhibit);

    void setInfo(const cases::CaseInfo& info);

    /// codesRead follows each of these.
    void requestCodes();
    void registerCode(const cases::RegisteredCode& code);
    void changeCode(cases::RowId code, const std::string& holder, const std::string& notes);
    void withdrawCode(cases::RowId code, const std::string& reason);
    /// Reads what the picture of a code looks like; pictureRead follows.
    void readPicture(const std::filesystem::path& file);
    /// What was done with exhibits outside the program; detailsReady of the one that is shown follows.
    void enterCustody(const std::set<cases::RowId>& exhibits, cases::RowId shown, const std::string& action,
                      const std::string& details);
    /// Hashes an exhibit that is to be looked at; exhibitHashed follows. One that is not what was taken in is
    /// recorded as such.
    void openExhibit(cases::RowId exhibit);
    void requestAudit();                                                            ///< auditRead follows
    void saveAudit(const AuditLogPtr& entries, const std::filesystem::path& path);  ///< auditSaved follows

    void requestReports();  ///< reportsRead follows
    /// previewReady or reportFailed follows; pages are asked for apart, one chunk after another.
    void previewReport(const report::ReportOptions& options);
    void requestPages(const ReportPreviewPtr& preview, int first, int count, double dotsPerInch);
    /// reportsRead and reportIssued, or reportFailed follow. stopFiles() ends it; nothing is left then.
    void issueReport(const report::ReportOptions& options, const std::filesystem::path& path);
    void exportCase(const report::ExportOptions& options, const std::filesystem::path& path);

    bool isIdle() const { return m_outbox.isIdle(); }

Q_SIGNALS:
    void opened(signet::ui::CaseContentsPtr contents);
    void closed();
    void exhibitsChanged(signet::ui::ExhibitsPtr exhibits);
    void tagsChanged(const std::vector<signet::cases::Tag>& tags);
    void detailsReady(signet::ui::ExhibitDetailsPtr details);
    void infoChanged(const signet::cases::CaseInfo& info);
    /// The withdrawn ones among them. warning: about one that was just registered; may be empty.
    void codesRead(const std::vector<signet::cases::RegisteredCode>& codes, const QString& warning);
    void pictureRead(const signet::ui::PictureRead& picture);
    /// problem: why it is not what was taken in; empty: it is.
    void exhibitHashed(const signet::ui::NamedFile& file, const QString& problem);
    void auditRead(const signet::ui::AuditLogPtr& entries);
    void auditSaved(const std::filesystem::path& path, int entries);
    void reportsRead(const std::vector<signet::cases::IssuedReport>& reports);
    void previewReady(const signet::ui::ReportPreviewPtr& preview);
    void pagesReady(const signet::ui::ReportPagesRead& pages);
    void reportIssued(const signet::ui::ReportIssued& issued);
    /// Nothing was written: issueReport again with options that confirm the examiner, or another name.
    void examinerDoubted(const signet::ui::ExaminerDoubted& doubted);
    void caseExported(const signet::ui::CaseExported& exported);
    /// Of a preview, report or export; empty: it was stopped.
    void reportFailed(const QString& message);
    void integrityChanged(const std::vector<signet::cases::Finding>& findings);
    /// what intake or verification does; total 0 where unknown.
    void filesProgress(quint64 done, quint64 total, const QString& what);
    void intakeFinished(const signet::ui::IntakeSummary& summary);
    void verified(std::shared_ptr<const signet::cases::Verification> found);
    /// work() or filesBusy() changed.
    void workChanged();
    void examinationFailed(const QString& message);
    /// opening: the case could not be opened or made.
    void failed(const QString& message, bool opening);
    void becameIdle();

private:
    /// The connection of "case-db"; touched on that thread only.
    struct Session {
        std::unique_ptr<cases::CaseStore> store;
        std::string readOnlyReason;
    };
    using StoreWork = std::function<void(Session&, const CaseSender&)>;
    using FilesWork = std::function<void(cases::CaseStore&, const std::stop_token&, const CaseSender&)>;

    CaseAddress address() const;
    void begin(const std::string& location, std::function<void(const CaseAddress&)> before);
    void post(StoreWork work, bool opening = false);
    void postFiles(FilesWork work);
    void postReport(FilesWork work);
    void startExamining(ExamineRequest request);
    bool announceReport(CaseEvent& event);
    bool announceRecords(CaseEvent& event);
    void announce(CaseEvent& event);
    void announce(const jobs::JobInfo& info);

    std::shared_ptr<EngineHost> m_host;
    const std::filesystem::path m_workspace;
    Outbox<CaseEvent> m_outbox;  ///< a request a task or examination of the open case
    std::shared_ptr<Session> m_session = std::make_shared<Session>();
    std::string m_examiner;
    std::vector<std::string> m_models;
    std::string m_location;
    int m_filesOpen = 0;        ///< tasks of "case-files" that are not over
    quint64 m_examination = 0;  ///< the request of m_job
    jobs::JobId m_job = 0;
    std::optional<jobs::JobInfo> m_work;
    WorkerThread m_database{"case-db"};
    WorkerThread m_files{"case-files"};
    WorkerThread m_pages{"report-pages"};
    std::unique_ptr<jobs::JobQueue> m_queue;  ///< made with the first examination; last: it ends first
};

}  // namespace signet::ui
