#include <fmt/format.h>

#include <memory>

#include "app/cli/case_options.h"
#include "app/cli/commands.h"
#include "app/cli/inputs.h"
#include "core/cases/case_files.h"
#include "core/cases/intake.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

using cases::CaseStore;
using cases::Exhibit;

struct CaseAddArguments {
    CaseOptions at;
    std::vector<std::string> paths;
    FrameChoice frames;
    bool recursive = false;
    bool reference = false;
    std::string from;
    std::string note;
};

/// What an exhibit of a file of several pictures must not keep quiet about.
std::string framesNote(const cases::IntakeResult& result, const FrameChoice& frames) {
    if (result.frames == 1 || frames.all()) return {};
    return fmt::format(
        "the file holds {} pages, pictures or frames; the exhibit is the first (--frames all "
        "takes each in)",
        result.frames);
}

Json intakeRecord(const cases::IntakeResult& result, const FrameChoice& frames) {
    Json record = recordOf(result.exhibit);
    record["added"] = result.added;
    record["frames"] = result.frames;
    record["warnings"] = Json::array();
    if (const std::string note = framesNote(result, frames); !note.empty())
        record["warnings"].push_back(note);
    return record;
}

std::string intakeText(const cases::IntakeResult& result, const FrameChoice& frames) {
    const Exhibit& e = result.exhibit;
    std::string text = fmt::format("{:>5}  {}  {}", e.id, e.sha256.substr(0, 16), shown(e.originalPath));
    if (result.frames > 1 && frames.all()) text += fmt::format("  [{}/{}]", e.frame, result.frames);
    if (!result.added) text += "  (in the case already)";
    if (e.duplicateOf != 0) text += fmt::format("  (same bytes as exhibit {})", e.duplicateOf);
    if (const std::string note = framesNote(result, frames); !note.empty()) text += "\n       note: " + note;
    return text;
}

void add(Session& session, const CaseAddArguments& arguments) {
    CaseStore store = openCase(arguments.at, false);
    cases::removeLeftovers(store);
    const image::FoundImages found =
        image::findImages(toPaths(arguments.paths), {.recursive = arguments.recursive}, session.stop());
    const std::vector<fs::path>& files = found.files;
    if (files.empty()) session.line(kNoImages);
    const cases::IntakeOptions intake{!arguments.reference, arguments.from, arguments.note,
                                      arguments.frames.all()};
    std::vector<cases::NotTaken> failed;
    for (std::size_t i = 0; i < files.size() && !session.stopRequested(); ++i) {
        session.progress(i, files.size(), shown(files[i].filename()));
        try {
            for (const cases::IntakeResult& result : takeIn(store, files[i], intake))
                session.emit(intakeRecord(result, arguments.frames), intakeText(result, arguments.frames));
        } catch (const Error& error) {
            failed.push_back({files[i], error.what()});
            // What is wrong with the case itself concerns all that follow.
            if (error.code() == ErrorCode::DiskFull || error.code() == ErrorCode::Environment) throw;
            session.fail(files[i], error);
        }
    }
    recordNotTaken(store, found.leftOut, failed);
    reportLeftOut(session, found.leftOut);
}

}  // namespace

void addCaseAdd(CLI::App& group, CommonOptions& common, int& status) {
    auto arguments = std::make_shared<CaseAddArguments>();
    CLI::App& sub =
        addSubcommand(group, common, "add", "Takes files in as exhibits: hashed, copied, recorded",
                      "signet case add 2026-17.case --from \"Drive 3, handed over by B. Russell\" photos/");
    addCaseOptions(sub, arguments->at);
    sub.add_option("PATH", arguments->paths, "Images, or folders of images")->required();
    sub.add_flag("-r,--recursive", arguments->recursive, "Also the images in sub-folders");
    sub.add_flag("--reference", arguments->reference,
                 "Leave the files where they are: no copies in the case");
    addFrameOption(sub, arguments->frames,
                   "Of files of several pages, pictures or frames: the first (the others are told of), or "
                   "all, each an exhibit of its own");
    sub.add_option("--from", arguments->from, "From whom or where they came");
    sub.add_option("--note", arguments->note, "A note on each of them");
    sub.callback([&common, &status, arguments] {
        status = runCommand(common, [&](Session& session) { add(session, *arguments); });
    });
}

}  // namespace signet::cli
