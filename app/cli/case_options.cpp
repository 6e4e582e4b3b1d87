#include "app/cli/case_options.h"

#include "core/base/text.h"

namespace signet::cli {

void addCaseOptions(CLI::App& sub, CaseOptions& options) {
    sub.add_option("DB", options.location, "The case: a file, or the postgresql:// URL of a database")
        ->required();
    sub.add_option("--examiner", options.examiner,
                   "Who does this, as it is recorded (default: who opened the case)");
    sub.add_option(
        "--folder", options.folder,
        "Folder of copies and maps (default: DB.files beside a file; the one recorded on a server)");
}

cases::CaseStore openCase(const CaseOptions& options, bool readOnly) {
    cases::OpenOptions open;
    open.actor = options.examiner;
    open.folder = options.folder;
    open.readOnly = readOnly;
    cases::CaseStore store(options.location, open);
    if (store.actor().empty()) store.setActor(store.info().examiner);
    return store;
}

Json recordOf(const cases::Exhibit& e) {
    const std::optional<double> log10P = cases::log10POf(e);
    return {{"evidence", e.id},
            {"path", toUtf8(e.originalPath.native())},
            {"frame", e.frame},
            {"sha256", e.sha256},
            {"md5", e.md5},
            {"bytes", e.bytes},
            {"copy", textOrNull(e.copyPath)},
            {"received_utc", e.receivedUtc},
            {"received_by", e.receivedBy},
            {"received_from", e.receivedFrom},
            {"modified_utc", e.modifiedUtc},
            {"duplicate_of", e.duplicateOf == 0 ? Json(nullptr) : Json(e.duplicateOf)},
            {"note", e.note},
            {"state", cases::toString(e.state)},
            {"problem", textOrNull(e.problem)},
            {"presence", textOrNull(e.presence)},
            {"model", textOrNull(e.model)},
            {"score_logit", e.model.empty() || e.keyed ? Json(nullptr) : Json(e.score)},
            {"threshold", e.model.empty() || e.keyed ? Json(nullptr) : Json(e.threshold)},
            {"log10_p", log10P ? Json(*log10P) : Json(nullptr)},
            {"code", textOrNull(e.code)},
            {"match", e.match ? Json(toString(*e.match)) : Json(nullptr)},
            {"code_checked", e.codeChecked},
            {"holder", e.match == examine::MatchAnswer::Match ? Json(e.holder) : Json(nullptr)},
            {"nearest_holder", textOrNull(e.holder)},
            {"remarks", e.remarks}};
}

}  // namespace signet::cli
