#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "app/cli/commands.h"
#include "app/cli/passphrase.h"
#include "core/base/text.h"
#include "core/signature/key_store.h"

namespace signet::cli {
namespace {

using signature::KeyFile;
using signature::KeyInfo;
using signature::KeyStore;
using signature::SecretKey;

struct Arguments {
    std::string key;  ///< a name, or a fingerprint
    std::string file;
    std::string passphraseFile;
    bool protect = false;
    bool secret = false;
    bool force = false;
};

KeyStore storeOf(Session& session) {
    return KeyStore(session.options().workspaceFolder());
}

Json keyRecord(const KeyInfo& key) {
    return {{"name", key.name},
            {"fingerprint", key.fingerprint},
            {"created_utc", key.createdUtc.empty() ? Json() : Json(toUtf8(key.createdUtc))},
            {"protected", key.isProtected},
            {"public", key.name == KeyStore::kPublicName}};
}

std::string protection(const KeyInfo& key) {
    return key.isProtected ? "behind its passphrase" : "without a passphrase";
}

std::string called(const KeyInfo& key) {
    return fmt::format("the key {} ({})", shown(key.name), key.fingerprint);
}

PassphraseInput passphrases(Session& session, const Arguments& arguments) {
    return {arguments.passphraseFile, session.stop()};
}

/// A new passphrase, if one is wanted.
std::optional<std::string> chosenPassphrase(Session& session, const Arguments& arguments,
                                            const std::string& name) {
    if (!arguments.protect && arguments.passphraseFile.empty()) return std::nullopt;
    return passphrases(session, arguments).choose("the key " + shown(name));
}

SecretKey open(Session& session, const Arguments& arguments, const KeyFile& file) {
    const PassphraseInput input = passphrases(session, arguments);
    return file.open([&](const KeyInfo& key) { return input.ask(called(key)); });
}

void make(Session& session, const Arguments& arguments) {
    KeyStore::checkName(arguments.key);
    const KeyInfo key =
        storeOf(session).create(arguments.key, chosenPassphrase(session, arguments, arguments.key));
    session.emit(keyRecord(key),
                 fmt::format("The key {} is made, fingerprint {}, {}. A signature made with it can be "
                             "read only where it is: keep a copy (signet key export).",
                             key.name, key.fingerprint, protection(key)));
}

void listKeys(Session& session) {
    std::vector<std::string> warnings;
    std::vector<KeyInfo> keys = storeOf(session).list(&warnings);
    for (const std::string& warning : warnings) spdlog::warn("{}", toUtf8(warning));
    keys.insert(keys.begin(), {.name = KeyStore::kPublicName,
                               .createdUtc = {},
                               .fingerprint = SecretKey::publicDefault().fingerprint()});
    using enum Table::Align;
    std::size_t width = 0;
    for (const KeyInfo& key : keys) width = std::max(width, key.name.size());
    const Table table(
        {{"name", width, Left}, {"fingerprint", 16, Left}, {"passphrase", 10, Left}, {"made", 24, Left}});
    session.line(table.header());
    for (const KeyInfo& key : keys) {
        const bool isPublic = key.name == KeyStore::kPublicName;
        session.emit(keyRecord(key), table.row({key.name, key.fingerprint, key.isProtected ? "yes" : "no",
                                                isPublic ? "everybody has it" : shown(key.createdUtc)}));
    }
}

/// What an export writes: as it is kept, behind a new passphrase, or, if that is asked for, open.
KeyFile exported(Session& session, const Arguments& arguments) {
    if (arguments.key == KeyStore::kPublicName)
        throw Error(ErrorCode::BadOption, "the public key needs no export: every Signet has it");
    KeyFile kept = storeOf(session).find(arguments.key);
    const KeyInfo& info = kept.info();
    if (kept.info().isProtected && !arguments.secret) return kept;
    const SecretKey key = open(session, arguments, kept);
    if (arguments.secret) return {key, info.name, info.createdUtc, std::nullopt};
    return {key, info.name, info.createdUtc, passphrases(session, arguments).choose("the exported file")};
}

void exportKey(Session& session, const Arguments& arguments) {
    const KeyFile file = exported(session, arguments);
    file.write(arguments.file, arguments.force ? IfExists::Replace : IfExists::Refuse);
    Json record = keyRecord(file.info());
    record["output"] = toUtf8(arguments.file);
    std::string text =
        fmt::format("{}: {}, {}", shown(arguments.file), called(file.info()), protection(file.info()));
    if (!file.info().isProtected) text += "; whoever reads that file can sign and read in its name";
    session.emit(record, text);
}

void importKey(Session& session, const Arguments& arguments) {
    KeyFile file = KeyFile::read(arguments.file);
    if (!arguments.key.empty()) file.rename(arguments.key);
    KeyStore::checkName(file.info().name);
    const SecretKey key = open(session, arguments, file);  // of a protected one: that its passphrase is known
    if (!file.info().isProtected)
        file = {key, file.info().name, file.info().createdUtc,
                chosenPassphrase(session, arguments, file.info().name)};
    const KeyInfo kept = storeOf(session).add(file);
    session.emit(keyRecord(kept), fmt::format("The key {} is kept, fingerprint {}, {}", kept.name,
                                              kept.fingerprint, protection(kept)));
}

void addPassphraseFile(CLI::App& sub, Arguments& arguments, const std::string& what) {
    sub.add_option("--passphrase-file", arguments.passphraseFile,
                   "File whose first line is " + what + "; without it the terminal asks");
}

}  // namespace

void addKey(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& key = *app.add_subcommand(
        "key",
        "Secret keys of keyed signatures: make, list, export, import. A key is named by its fingerprint and "
        "never printed");
    key.footer("Example:\n  signet key new laboratory --protect");
    key.require_subcommand(1);
    const auto runs = [&common, &status](void (*body)(Session&, const Arguments&),
                                         const std::shared_ptr<Arguments>& arguments) {
        return [&common, &status, body, arguments] {
            status = runCommand(common, [&](Session& session) { body(session, *arguments); });
        };
    };

    CLI::App& making = addSubcommand(key, common, "new", "Make a key from the system's random source",
                                     "signet key new laboratory --protect");
    auto made = std::make_shared<Arguments>();
    making.add_option("NAME", made->key, "Letters, digits, '.', '_' and '-'")->required();
    making.add_flag("--protect", made->protect, "Keep it behind a passphrase");
    addPassphraseFile(making, *made, "the passphrase to keep it behind (then --protect need not be given)");
    making.callback(runs(make, made));

    CLI::App& listing =
        addSubcommand(key, common, "list", "The keys of the workspace and the public one", "signet key list");
    listing.callback([&common, &status] { status = runCommand(common, listKeys); });

    CLI::App& exporting = addSubcommand(
        key, common, "export", "Write a key into a file of mode 600: behind its passphrase, or a new one",
        "signet key export laboratory -o laboratory.key");
    auto wanted = std::make_shared<Arguments>();
    exporting.add_option("KEY", wanted->key, "Name or fingerprint")->required();
    exporting.add_option("-o,--output", wanted->file, "File to write")->required();
    exporting.add_flag("--secret", wanted->secret, "Write it open, without any passphrase");
    exporting.add_flag("--force", wanted->force, "Replace the file if it exists");
    addPassphraseFile(
        exporting, *wanted,
        "the passphrase: with --secret the one that opens the key, else the one for the file of a key "
        "that has none");
    exporting.callback(runs(exportKey, wanted));

    CLI::App& importing = addSubcommand(key, common, "import", "Keep a key that was exported",
                                        "signet key import laboratory.key");
    auto given = std::make_shared<Arguments>();
    importing.add_option("FILE", given->file, "What signet key export wrote")->required();
    importing.add_option("--name", given->key, "Name to keep it under (default: the one it had)");
    importing.add_flag("--protect", given->protect, "Keep one that has no passphrase behind a new one");
    addPassphraseFile(importing, *given, "the passphrase: the file's, or the new one of a key that has none");
    importing.callback(runs(importKey, given));
}

}  // namespace signet::cli
