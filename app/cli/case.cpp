#include <fmt/format.h>

#include <memory>

#include "app/cli/case_options.h"
#include "app/cli/commands.h"
#include "core/base/text.h"

namespace signet::cli {
namespace {

using cases::CaseStore;

struct NewArguments {
    CaseOptions at;
    cases::CaseInfo info;
};

void create(Session& session, NewArguments& arguments) {
    cases::OpenOptions open;
    arguments.info.examiner = arguments.at.examiner;
    open.actor = arguments.at.examiner;
    open.folder = arguments.at.folder;
    CaseStore::create(arguments.at.location, arguments.info, open);
    CaseStore store(arguments.at.location, open);
    session.emit({{"case", arguments.at.location},
                  {"title", arguments.info.title},
                  {"examiner", arguments.info.examiner},
                  {"folder", toUtf8(store.folder().native())},
                  {"head", store.audit().head().hash}},
                 fmt::format("{}: a new case; copies and maps go to {}", arguments.at.location,
                             shown(store.folder())));
}

}  // namespace

void addCase(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& group =
        *app.add_subcommand("case", "A case: exhibits taken in, examined, verified and reported");
    group.footer(
        "Example:\n  signet case new 2026-17.case --title \"Photographs of May\" --examiner \"A. Turing\"\n"
        "  signet case add 2026-17.case photos/\n  signet case examine 2026-17.case\n"
        "  signet case report 2026-17.case -o report.pdf");
    group.require_subcommand(1);

    {
        auto arguments = std::make_shared<NewArguments>();
        CLI::App& sub = addSubcommand(
            group, common, "new", "Makes a case",
            "signet case new 2026-17.case --title \"Photographs of May\" --examiner \"A. Turing\"");
        addCaseOptions(sub, arguments->at);
        sub.get_option("--examiner")->required()->description("Your name: it stands on every action");
        sub.add_option("--title", arguments->info.title, "What the case is about")->required();
        sub.add_option("--number", arguments->info.number, "The laboratory's number");
        sub.add_option("--organisation", arguments->info.organisation, "The laboratory");
        sub.add_option("--customer", arguments->info.customer, "Who asked for the examination");
        sub.add_option("--description", arguments->info.description, "What was asked");
        sub.callback([&common, &status, arguments] {
            status = runCommand(common, [&](Session& session) { create(session, *arguments); });
        });
    }
    addCaseAdd(group, common, status);
    addCaseExamine(group, common, status);
    addCaseList(group, common, status);
    addCaseVerify(group, common, status);
    addCaseRecords(group, common, status);
    addCaseReport(group, common, status);
    addCaseExport(group, common, status);
}

}  // namespace signet::cli
