#include "ui/bridge/case_work.h"

#include <charconv>

#include "core/base/error.h"
#include "core/base/visible_text.h"
#include "core/cases/database_url.h"

namespace fs = std::filesystem;

namespace signet::ui {
namespace {

constexpr std::size_t kIntakeBatch = 32;  ///< exhibits handed over at a time while files are taken in

bool concernsAll(const Error& error) {
    return error.code() == ErrorCode::DiskFull || error.code() == ErrorCode::Environment;
}

/// "evidence:3" -> 3; 0 for another subject.
cases::RowId exhibitOf(const std::string& subject) {
    constexpr std::string_view kPrefix = "evidence:";
    if (!subject.starts_with(kPrefix)) return 0;
    cases::RowId id = 0;
    std::from_chars(subject.data() + kPrefix.size(), subject.data() + subject.size(), id);
    return id;
}

}  // namespace

std::unique_ptr<cases::CaseStore> openStore(const CaseAddress& at, std::string* readOnlyReason) {
    std::unique_ptr<cases::CaseStore> store;
    std::string why;
    try {
        store = std::make_unique<cases::CaseStore>(at.location, at.options);
        why = store->readOnlyReason();
    } catch (const Error& error) {
        if (error.code() != ErrorCode::NoPermission) throw;
        cases::OpenOptions reading = at.options;
        reading.readOnly = true;
        store = std::make_unique<cases::CaseStore>(at.location, reading);
        why = "the case file or its folder cannot be written: the case is open read-only";
    }
    if (readOnlyReason) *readOnlyReason = why;
    return store;
}

CaseContentsPtr readContents(cases::CaseStore& store, const std::string& readOnlyReason) {
    auto contents = std::make_shared<CaseContents>();
    contents->location = cases::withoutPassword(store.location());
    contents->folder = store.folder();
    contents->info = store.info();
    contents->readOnlyReason = readOnlyReason;
    contents->exhibits = store.exhibits().all();
    contents->tags = store.tags().all();
    contents->integrity = readIntegrity(store);
    return contents;
}

ExhibitsPtr readExhibits(cases::CaseStore& store, const std::set<cases::RowId>& ids) {
    return std::make_shared<const std::vector<cases::Exhibit>>(store.exhibits().withIds(ids));
}

ExhibitDetailsPtr readDetails(cases::CaseStore& store, cases::RowId exhibit) {
    auto details = std::make_shared<ExhibitDetails>();
    details->exhibit = store.exhibits().byId(exhibit);
    details->file = store.exhibits().fileOf(details->exhibit);
    details->folder = store.folder();
    details->examinations = store.results().examinations(exhibit);
    if (!details->examinations.empty())
        details->artifacts = store.results().artifacts(details->examinations.back().id);
    details->custody = store.custody().of(exhibit);
    details->findings = store.findings().of(exhibit);
    return details;
}

std::vector<cases::Finding> readIntegrity(cases::CaseStore& store) {
    std::vector<cases::Finding> all = store.findings().all();
    std::erase_if(all, [](const cases::Finding& finding) { return !isOpenMismatch(finding); });
    return all;
}

void takeInFiles(cases::CaseStore& store, const image::FoundImages& found,
                 const cases::IntakeOptions& options, const std::stop_token& stop, const CaseSender& out) {
    const std::vector<fs::path>& files = found.files;
    IntakeSummary summary;
    summary.leftOut = found.leftOut;
    std::vector<cases::Exhibit> taken;
    const auto handOver = [&] {
        if (!taken.empty())
            out.send(ExhibitsRead{std::make_shared<const std::vector<cases::Exhibit>>(std::move(taken))});
        taken.clear();
    };
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (stop.stop_requested()) {
            summary.stoppedBy = "stopped on request";
            break;
        }
        out.sendLatest(FilesProgress{i, files.size(), "Taking in " + visibleName(files[i].filename())});
        try {
            for (cases::IntakeResult& result : takeIn(store, files[i], options)) {
                ++(result.added ? summary.added : summary.known);
                if (result.frames > 1 && !options.allFrames) {
                    summary.several.push_back(files[i]);
                    summary.further += result.frames - 1;
                }
                if (result.added) taken.push_back(std::move(result.exhibit));
            }
        } catch (const Error& error) {
            summary.failed.push_back({files[i], error.what()});
            if (concernsAll(error)) {
                summary.stoppedBy = error.what();
                break;
            }
        }
        if (taken.size() >= kIntakeBatch) handOver();
    }
    handOver();
    recordNotTaken(store, summary.leftOut, summary.failed);
    out.send(IntakeOver{std::move(summary)});
}

void verifyCase(cases::CaseStore& store, const std::stop_token& stop, const CaseSender& out) {
    const WorkContext context{stop, [&](std::uint64_t done, std::uint64_t total, const std::string& what) {
                                  out.sendLatest(FilesProgress{done, total, "Verifying " + what});
                              }};
    auto found = std::make_shared<const cases::Verification>(verify(store, {}, context));
    if (!store.readOnly()) {
        for (const cases::Problem& problem : found->problems) {
            const cases::RowId exhibit = problem.kind == "evidence" ? exhibitOf(problem.subject) : 0;
            if (exhibit != 0) recordMismatch(store, exhibit, problem.message);
        }
        for (const cases::Problem& past : found->history) recordRestored(store, exhibitOf(past.subject));
        store.audit().note("case verified", "case_info:1",
                           {{"problems", found->problems.size()}, {"head", found->head}});
    }
    out.send(IntegrityRead{readIntegrity(store)});
    out.send(VerifyOver{std::move(found)});
}

void examineAsJob(jobs::JobContext& job, EngineHost& host, const CaseAddress& at,
                  const ExamineRequest& request, const CaseSender& out) {
    cases::CaseStore store(at.location, at.options);
    if (!request.again.empty()) {
        store.work().enqueue(request.again);
        out.send(ExhibitsRead{readExhibits(store, request.again)});
    }
    job.report(0, 0, "Loading models");
    const auto engine = host.acquire();
    cases::BatchOptions options;
    options.setup.device = "auto";
    options.setup.keys = engine->keys();
    options.only = request.only;
    options.check.models = request.models;
    if (request.params.is_object()) {  // as some version recorded them: what cannot be read has its default
        options.check.models.clear();
        for (const Json& model : request.params.value("models", Json::array()))
            if (model.is_string()) options.check.models.push_back(model.get<std::string>());
        const Json tiles = request.params.value("tiles", Json());
        if (tiles.is_boolean()) options.check.tiles = tiles.get<bool>();
    }
    const auto push = [&](const cases::Exhibit& exhibit) {
        out.send(ExhibitsRead{std::make_shared<const std::vector<cases::Exhibit>>(1, exhibit)});
    };
    const WorkContext context{job.stop(), {}};
    const cases::BatchExaminer examiner = engine->batchExaminer(options.check.models);
    std::uint64_t over = 0;
    const std::uint64_t total = request.only != 0 ? 1 : 0;  // of all that wait others may take some
    std::set<cases::RowId> running;
    options.onTaken = [&](const cases::Exhibit& exhibit) {
        running = {exhibit.id};
        job.report(over, total, "Examining " + visibleName(cases::nameOf(exhibit)));
        push(exhibit);
    };
    const auto onItem = [&](const cases::ItemOutcome& item) {
        job.report(++over, total, "Examined " + visibleName(cases::nameOf(item.exhibit)));
        running.clear();
        push(store.exhibits().byId(item.exhibit.id));
        const auto& error = item.examination.record.error;
        if (error && error->code == "hash_mismatch") out.send(IntegrityRead{readIntegrity(store)});
    };
    try {
        examineCase(store, examiner, options, context, onItem, [&] { job.betweenSteps(); });
    } catch (...) {
        out.send(ExhibitsRead{readExhibits(store, running)});
        throw;
    }
    out.send(ExhibitsRead{readExhibits(store, running)});  // one that was given back
}

}  // namespace signet::ui
