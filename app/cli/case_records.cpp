// What people enter into a case from the command line: registered codes, custody events, tags.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "app/cli/case_options.h"
#include "app/cli/commands.h"
#include "core/base/text.h"
#include "core/cases/code_picture.h"
#include "core/cases/custody.h"
#include "core/signature/key_store.h"

namespace signet::cli {
namespace {

using cases::CaseStore;

struct RegisterArguments {
    CaseOptions at;
    cases::RegisteredCode code;
    std::string key;
    std::string picture;
};

void registerCode(Session& session, RegisterArguments& arguments) {
    cases::RegisteredCode& code = arguments.code;
    if (!arguments.key.empty())
        code.keyFingerprint =
            signature::KeyStore(session.options().workspaceFolder()).fingerprintOf(arguments.key);
    if (!arguments.picture.empty()) cases::setPicture(code, arguments.picture);
    CaseStore store = openCase(arguments.at, false);
    const std::string warning = store.codes().add(code);
    Json record{{"id", code.id},
                {"code", code.hex},
                {"bits", code.bits},
                {"holder", code.holder},
                {"key", textOrNull(code.keyFingerprint)},
                {"picture_sha256", textOrNull(code.pictureSha256)}};
    std::string text = fmt::format(
        "code {} of {} is registered{}: what is examined from now on is compared with it", code.hex,
        code.holder, arguments.picture.empty() ? "" : fmt::format(" for {}", shown(arguments.picture)));
    if (!warning.empty()) {
        record["warnings"] = Json::array({warning});
        text += "\n  note: " + warning;
    }
    session.emit(record, text);
}

struct CodeArguments {
    CaseOptions at;
    cases::RowId id = 0;
    std::optional<std::string> holder;
    std::optional<std::string> note;
    std::optional<std::string> withdraw;
};

void changeCode(Session& session, const CodeArguments& arguments) {
    if (!arguments.holder && !arguments.note && !arguments.withdraw)
        throw Error(ErrorCode::BadOption, "say what to change: --holder, --note or --withdraw");
    CaseStore store = openCase(arguments.at, false);
    const std::vector<cases::RegisteredCode> codes = store.codes().valid();
    const auto found =
        std::find_if(codes.begin(), codes.end(), [&](const auto& code) { return code.id == arguments.id; });
    if (found == codes.end())
        throw Error(
            ErrorCode::NotFound,
            fmt::format("there is no registered code {} (`signet case list --what codes`)", arguments.id));
    const std::string holder = arguments.holder.value_or(found->holder);
    if (arguments.holder || arguments.note)
        store.codes().change(found->id, holder, arguments.note.value_or(found->notes));
    if (arguments.withdraw) store.codes().withdraw(found->id, *arguments.withdraw);
    session.emit({{"id", found->id},
                  {"code", found->hex},
                  {"holder", holder},
                  {"notes", arguments.note.value_or(found->notes)},
                  {"withdrawn", arguments.withdraw.has_value()}},
                 arguments.withdraw
                     ? fmt::format("code {} of {} is withdrawn: nothing is compared with it any more",
                                   found->hex, holder)
                     : fmt::format("code {} is {}'s", found->hex, holder));
}

struct CustodyArguments {
    CaseOptions at;
    std::string action;
    std::set<cases::RowId> exhibits;
    std::string details;
};

void enterCustody(Session& session, const CustodyArguments& arguments) {
    CaseStore store = openCase(arguments.at, false);
    store.custody().enter(arguments.exhibits, arguments.action, arguments.details);
    for (const cases::RowId id : arguments.exhibits)
        session.emit({{"evidence", id},
                      {"action", arguments.action},
                      {"details", arguments.details},
                      {"actor", store.actor()}},
                     fmt::format("exhibit {}: {} by {}", id, arguments.action, store.actor()));
}

struct TagArguments {
    CaseOptions at;
    std::string name;
    std::vector<std::int64_t> exhibits;
    bool remove = false;
};

void tag(Session& session, const TagArguments& arguments) {
    CaseStore store = openCase(arguments.at, false);
    cases::Tag tag{0, arguments.name, {}};
    for (const cases::Tag& known : store.tags().all())
        if (known.name == arguments.name) tag = known;
    if (tag.id == 0) store.tags().save(tag);
    for (const std::int64_t id : arguments.exhibits) {
        (void)store.exhibits().byId(id);
        store.tags().set(id, tag.id, !arguments.remove);
        session.emit(
            {{"evidence", id}, {"tag", tag.name}, {"set", !arguments.remove}},
            fmt::format("exhibit {}: {} \"{}\"", id, arguments.remove ? "without" : "tagged", tag.name));
    }
}

}  // namespace

void addCaseRecords(CLI::App& group, CommonOptions& common, int& status) {
    {
        auto arguments = std::make_shared<RegisterArguments>();
        CLI::App& sub =
            addSubcommand(group, common, "register", "Registers a code that decoded ones are compared with",
                          "signet case register 2026-17.case deadbeef --holder \"Example Ltd\"");
        addCaseOptions(sub, arguments->at);
        arguments->code.bits = 32;
        sub.add_option("CODE", arguments->code.hex, "The code, hexadecimal")->required();
        sub.add_option("--holder", arguments->code.holder, "Whose it is")->required();
        sub.add_option("--bits", arguments->code.bits, "Its length")
            ->check(CLI::Range(1, 4096))
            ->capture_default_str();
        sub.add_option("-m,--model", arguments->code.model,
                       "Model it belongs to (default: any of that length)");
        sub.add_option("--key", arguments->key,
                       "Key that it is written with, by its name or fingerprint (default: any)");
        sub.add_option("--picture", arguments->picture,
                       "The picture that it was written on, best as it was before: found on another one, the "
                       "code is a copy");
        sub.add_option("--note", arguments->code.notes, "A note");
        sub.callback([&common, &status, arguments] {
            status = runCommand(common, [&](Session& session) { registerCode(session, *arguments); });
        });
    }
    {
        auto arguments = std::make_shared<CodeArguments>();
        CLI::App& sub = addSubcommand(group, common, "code",
                                      "Changes the holder or the note of a registered code, or withdraws it",
                                      "signet case code 2026-17.case 3 --withdraw \"issued by mistake\"");
        addCaseOptions(sub, arguments->at);
        sub.add_option("ID", arguments->id, "Its number (`signet case list --what codes`)")->required();
        sub.add_option("--holder", arguments->holder, "Whose it is");
        sub.add_option("--note", arguments->note, "A note");
        sub.add_option("--withdraw", arguments->withdraw,
                       "Why nothing is to be compared with it any more; it stays in the records");
        sub.callback([&common, &status, arguments] {
            status = runCommand(common, [&](Session& session) { changeCode(session, *arguments); });
        });
    }
    {
        auto arguments = std::make_shared<CustodyArguments>();
        CLI::App& sub = addSubcommand(
            group, common, "custody", "Enters what was done with exhibits outside the program",
            "signet case custody 2026-17.case \"handed over\" 3 7 --details \"to B. Russell, bag 17\"");
        addCaseOptions(sub, arguments->at);
        sub.add_option(
               "ACTION", arguments->action,
               fmt::format("What was done: {}, or another word", fmt::join(cases::custodyActions(), ", ")))
            ->required();
        sub.add_option("EXHIBIT", arguments->exhibits, "Numbers of exhibits (`signet case list`)")
            ->required();
        sub.add_option("--details", arguments->details,
                       "To or from whom, which seal, where, and when if not now");
        sub.callback([&common, &status, arguments] {
            status = runCommand(common, [&](Session& session) { enterCustody(session, *arguments); });
        });
    }
    {
        auto arguments = std::make_shared<TagArguments>();
        CLI::App& sub =
            addSubcommand(group, common, "tag", "Tags exhibits", "signet case tag 2026-17.case notable 3 7");
        addCaseOptions(sub, arguments->at);
        sub.add_option("NAME", arguments->name, "The tag")->required();
        sub.add_option("EXHIBIT", arguments->exhibits, "Numbers of exhibits (`signet case list`)")
            ->required();
        sub.add_flag("--remove", arguments->remove, "Take the tag off");
        sub.callback([&common, &status, arguments] {
            status = runCommand(common, [&](Session& session) { tag(session, *arguments); });
        });
    }
}

}  // namespace signet::cli
