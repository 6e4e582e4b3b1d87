#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "app/cli/case_options.h"
#include "app/cli/commands.h"
#include "app/cli/finding_text.h"
#include "app/cli/inputs.h"
#include "app/cli/key_choice.h"
#include "core/cases/batch.h"
#include "core/examine/claim.h"
#include "core/examine/findings.h"
#include "core/examine/record_json.h"
#include "core/registry/registered_fingerprints.h"

namespace signet::cli {
namespace {

struct CaseExamineArguments {
    CaseOptions at;
    cases::BatchOptions batch;
    KeyChoice keys;
    std::string registry;  ///< of issued instances; empty: the workspace's
    bool again = false;
};

std::string matchText(const examine::CodeMatch& match) {
    std::string text;
    switch (match.answer()) {
        case examine::MatchAnswer::Match:
            text = fmt::format(": {} of {} bits as registered for {}, p {:.1e}", match.matched, match.bits,
                               match.holder, std::pow(10.0, match.log10PCorrected));
            break;
        case examine::MatchAnswer::Contradicted:
            text = fmt::format(": near that of {} ({} of {} bits), but differs in bits read with certainty",
                               match.holder, match.matched, match.bits);
            break;
        case examine::MatchAnswer::Shared:
            text = fmt::format(": {} of {} bits as registered for {}, and for another holder", match.matched,
                               match.bits, match.holder);
            break;
        case examine::MatchAnswer::None:
            if (match.checked) text = fmt::format(": none of {} registered", match.searched);
            break;
    }
    for (const auto& rival : match.rivals)
        text += fmt::format("\n         also {} of {} bits as registered for {}, whose code is alike{}",
                            rival.matched, match.bits, rival.holder,
                            rival.contradicted ? ", but differs in bits read with certainty" : "");
    return text;
}

std::string readable(const cases::ItemOutcome& item) {
    const std::string name =
        fmt::format("{:>5}  {}", item.exhibit.id,
                    shown(item.exhibit.originalPath.parent_path() / cases::nameOf(item.exhibit)));
    if (!item.recorded) return name + "  examined by another worker meanwhile; not recorded twice";
    if (!item.examination.done) return name + "  failed: " + item.examination.problem;
    std::string text = name;
    for (const examine::Finding& finding : item.examination.record.findings) {
        text += fmt::format("\n       {}: {} ({})", finding.model, examine::answerOf(finding),
                            examine::log10POf(finding) ? assuranceText(finding)
                                                       : fmt::format("score {:.2f}, threshold {:.2f}",
                                                                     finding.scoreLogit, finding.threshold));
        if (finding.code) {
            const bool named = finding.match && finding.match->answer() == examine::MatchAnswer::Match;
            text += ", code " + (named ? finding.code->hex : codeText(finding));
            if (finding.match) text += matchText(*finding.match);
        }
        text += detailsText(finding, "         ");
    }
    for (const std::string& remark : examine::remarksOf(item.examination.record))
        text += "\n       " + remark;
    return text;
}

Json itemRecord(const cases::ItemOutcome& item) {
    Json record = {
        {"evidence", item.exhibit.id}, {"examination", item.examination.id}, {"recorded", item.recorded}};
    record.update(examine::toJson(item.examination.record));
    return record;
}

void run(Session& session, CaseExamineArguments& arguments) {
    cases::CaseStore store = openCase(arguments.at, false);
    arguments.batch.setup = examinerOptions(session.options());
    arguments.batch.setup.keys = keysToReadWith(session, arguments.keys);
    arguments.batch.setup.fingerprints = std::make_shared<registry::RegisteredFingerprints>(
        arguments.registry, arguments.batch.setup.workspace, session.options().threadCount());
    examine::Examiner examiner(arguments.batch.setup);
    if (arguments.again) {
        std::set<cases::RowId> all;
        for (const cases::Exhibit& e : store.exhibits().all()) all.insert(e.id);
        store.work().enqueue(all);
    }
    const cases::WorkQueue::Progress before = store.work().progress();
    const auto total = static_cast<std::uint64_t>(before.waiting + before.running);
    std::uint64_t over = 0;
    WorkContext context;
    context.stop = session.stop();
    const cases::BatchResult result =
        examineCase(store, examiner, arguments.batch, context, [&](const cases::ItemOutcome& item) {
            if (item.recorded && !item.examination.done) session.countFailure();
            session.emit(itemRecord(item), readable(item));
            session.progress(++over, total, shown(item.exhibit.originalPath.filename()));
        });
    const cases::WorkQueue::Progress after = store.work().progress();
    session.line(fmt::format("{} examined, {} failed; {} waiting", result.done, result.failed,
                             after.waiting + after.running));
}

}  // namespace

void addCaseExamine(CLI::App& group, CommonOptions& common, int& status) {
    auto arguments = std::make_shared<CaseExamineArguments>();
    CLI::App& sub = addSubcommand(group, common, "examine", "Examines the exhibits that wait for it",
                                  "signet case examine postgresql://lab@server/case17 --worker");
    addCaseOptions(sub, arguments->at);
    addExaminingModels(sub, arguments->batch.check.models);
    addReadingKeys(sub, arguments->keys);
    addRegistry(sub, arguments->registry);
    sub.add_flag("--tiles", arguments->batch.check.tiles,
                 "Also look at overlapping parts of large images (composites)");
    sub.add_flag("--again", arguments->again, "Also what was examined already");
    sub.add_flag("--worker", arguments->batch.waitForOthers,
                 "One of several, on any machine: stays until nothing is in other workers' hands either");
    sub.add_option("--lease", arguments->batch.leaseSeconds,
                   "Seconds after which an exhibit that a worker did not finish is taken by another")
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
    sub.callback([&common, &status, arguments] {
        status = runCommand(common, [&](Session& session) { run(session, *arguments); });
    });
}

}  // namespace signet::cli
