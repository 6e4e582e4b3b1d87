#pragma once

#include <functional>
#include <variant>

#include "core/cases/case_store.h"
#include "core/cases/intake.h"
#include "core/jobs/job_queue.h"
#include "ui/bridge/case_data.h"
#include "ui/bridge/case_report_data.h"
#include "ui/bridge/engine.h"
#include "ui/bridge/named_file.h"
#include "ui/bridge/outbox.h"

namespace signet::ui {

/// Where a case is and as whom it is worked on.
struct CaseAddress {
    std::string location;
    cases::OpenOptions options;
};

/// What the workers of a case tell the GUI thread.
struct CaseOpened {
    CaseContentsPtr contents;
};
struct ExhibitsRead {
    ExhibitsPtr exhibits;
};
struct TagsRead {
    std::vector<cases::Tag> tags;
};
struct DetailsRead {
    ExhibitDetailsPtr details;
};
struct FilesProgress {
    std::uint64_t done = 0, total = 0;
    std::string what;
};
struct IntakeOver {
    IntakeSummary summary;
};
struct VerifyOver {
    std::shared_ptr<const cases::Verification> found;
};
struct IntegrityRead {
    std::vector<cases::Finding> findings;
};
struct CaseProblem {
    std::string message;
    bool opening = false;  ///< the case could not be opened or made
};
struct CodesRead {
    std::vector<cases::RegisteredCode> codes;  ///< the withdrawn ones, too
    std::string warning;                       ///< about one that was just registered
};
struct ExhibitHashed {
    NamedFile file;
    std::string problem;  ///< empty: it is what was taken in
};
struct AuditRead {
    AuditLogPtr entries;
};
struct AuditSaved {
    std::filesystem::path path;
    int entries = 0;
};
struct InfoRead {
    cases::CaseInfo info;
};
struct ReportsRead {
    std::vector<cases::IssuedReport> reports;
};
struct PreviewMade {
    ReportPreviewPtr preview;
};
struct ReportProblem {
    std::string message;  ///< empty: it was stopped
};
struct TaskOver {
    bool files = false;  ///< a task of "case-files"
};
using CaseEvent =
    std::variant<CaseOpened, ExhibitsRead, TagsRead, DetailsRead, FilesProgress, IntakeOver, VerifyOver,
                 IntegrityRead, CaseProblem, CodesRead, PictureRead, ExhibitHashed, AuditRead, AuditSaved,
                 InfoRead, ReportsRead, PreviewMade, ReportPagesRead, ReportIssued, ExaminerDoubted,
                 CaseExported, ReportProblem, TaskOver, jobs::JobInfo>;

using CaseSender = Outbox<CaseEvent>::Sender;

// Work on a case; none of it is for the GUI thread, all of it throws signet::Error.

/// Opens for writing, or read-only where the file or its folder cannot be written.
std::unique_ptr<cases::CaseStore> openStore(const CaseAddress& at, std::string* readOnlyReason);
CaseContentsPtr readContents(cases::CaseStore& store, const std::string& readOnlyReason);
ExhibitsPtr readExhibits(cases::CaseStore& store, const std::set<cases::RowId>& ids);
ExhibitDetailsPtr readDetails(cases::CaseStore& store, cases::RowId exhibit);
std::vector<cases::Finding> readIntegrity(cases::CaseStore& store);

/// Takes files in one after another; a file that fails never stops the rest. What was left out of the
/// folders, and what failed, goes into the audit log. The last event is IntakeOver.
void takeInFiles(cases::CaseStore& store, const image::FoundImages& found,
                 const cases::IntakeOptions& options, const std::stop_token& stop, const CaseSender& out);

/// Verifies, and records the exhibits that are not what they were where the case can be written.
void verifyCase(cases::CaseStore& store, const std::stop_token& stop, const CaseSender& out);

/// What an examination is asked for.
struct ExamineRequest {
    std::set<cases::RowId> again;  ///< exhibits that are queued again first
    cases::RowId only = 0;         ///< this exhibit alone; 0: all that wait
    Json params;  ///< of an earlier examination (models, tiles), to be used again; null: those of today
    std::vector<std::string> models;  ///< where params is null; none: the default ones
};

/// Queues exhibits again and examines what waits, as a job that shares the device.
void examineAsJob(jobs::JobContext& job, EngineHost& host, const CaseAddress& at,
                  const ExamineRequest& request, const CaseSender& out);

}  // namespace signet::ui
