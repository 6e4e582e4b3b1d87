#include "app/cli/key_choice.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "app/cli/passphrase.h"
#include "core/base/text.h"
#include "core/signature/key_store.h"

namespace signet::cli {
namespace {

using signature::KeyInfo;
using signature::KeyStore;
using signature::SecretKey;

SecretKey opened(Session& session, const KeyChoice& choice, const std::string& nameOrFingerprint) {
    const PassphraseInput input(choice.passphraseFile, session.stop());
    return KeyStore(session.options().workspaceFolder()).load(nameOrFingerprint, [&](const KeyInfo& key) {
        return input.ask(fmt::format("the key {} ({})", shown(key.name), key.fingerprint));
    });
}

CLI::Option& addKeyOptions(CLI::App& sub, KeyChoice& choice, const std::string& help) {
    CLI::Option* key = sub.add_option("--key", choice.keys, help)->allow_extra_args(false);
    sub.add_option("--passphrase-file", choice.passphraseFile,
                   "File whose first line is the key's passphrase; without it the terminal asks");
    return *key;
}

}  // namespace

std::vector<SecretKey> keysToReadWith(Session& session, const KeyChoice& choice) {
    std::vector<SecretKey> keys;
    for (const std::string& name : choice.keys) {
        SecretKey key = opened(session, choice, name);
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
    }
    if (!keys.empty()) return keys;
    keys.push_back(SecretKey::publicDefault());
    std::vector<std::string> warnings;
    for (const KeyInfo& kept : KeyStore(session.options().workspaceFolder()).list(&warnings))
        if (!kept.isProtected) keys.push_back(opened(session, choice, kept.fingerprint));
    for (const std::string& warning : warnings) spdlog::warn("{}", toUtf8(warning));
    return keys;
}

SecretKey keyToWriteWith(Session& session, const KeyChoice& choice) {
    return choice.keys.empty() ? SecretKey::publicDefault() : opened(session, choice, choice.keys.front());
}

void addReadingKeys(CLI::App& sub, KeyChoice& choice) {
    addKeyOptions(sub, choice,
                  "Key that keyed signatures are looked for with, by name or fingerprint, may be repeated "
                  "(default: the public key and every kept one without a passphrase)");
}

void addWritingKey(CLI::App& sub, KeyChoice& choice) {
    addKeyOptions(
        sub, choice,
        "Key to write a keyed signature with, by name or fingerprint (default: the public one, which "
        "everybody can write and read)")
        .expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
}

}  // namespace signet::cli
