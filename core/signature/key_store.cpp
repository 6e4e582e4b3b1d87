#include "core/signature/key_store.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/visible_text.h"

namespace fs = std::filesystem;

namespace signet::signature {
namespace {

constexpr const char* kEnding = ".json";
constexpr std::size_t kMostCharacters = 64;
constexpr mode_t kOwnerOnly = 0700;
constexpr unsigned kOthers = 077;

bool isFileName(std::string_view name) {
    constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return !name.empty() && name.size() <= kMostCharacters && name[0] != '.' && name[0] != '-' &&
           name.find_first_not_of(kAllowed) == std::string_view::npos;
}

/// The file's name is the key's, whatever stands in the file.
KeyFile readAs(const std::string& name, const fs::path& path) {
    KeyFile file = KeyFile::read(path);
    file.rename(name);
    return file;
}

}  // namespace

KeyStore::KeyStore(const fs::path& workspace) : m_folder(workspace / "keys") {}

void KeyStore::checkName(const std::string& name) {
    if (!isFileName(name))
        throw Error(ErrorCode::BadOption,
                    fmt::format("\"{}\" cannot be the name of a key: give 1 to 64 letters, digits, dots, "
                                "underscores and hyphens, the first one no dot or hyphen",
                                visibleName(name)));
    if (name == kPublicName || SecretKey::isFingerprint(name))
        throw Error(ErrorCode::BadOption, fmt::format("\"{}\" cannot be the name of a key: {}", name,
                                                      name == kPublicName ? "the public key has it"
                                                                          : "it looks like a fingerprint"));
}

fs::path KeyStore::fileOf(const std::string& name) const {
    return m_folder / (name + kEnding);
}

void KeyStore::makeFolder() const {
    std::error_code error;
    fs::create_directories(m_folder.parent_path(), error);
    if (error) throwFileError(error.value(), m_folder.parent_path(), "write");
    if (::mkdir(m_folder.c_str(), kOwnerOnly) != 0 && errno != EEXIST)
        throwFileError(errno, m_folder, "write");
    struct stat info {};
    if (::stat(m_folder.c_str(), &info) != 0) throwFileError(errno, m_folder, "open");
    if ((info.st_mode & kOthers) == 0) return;
    throw Error(ErrorCode::NoPermission,
                fmt::format("others may look into the folder of keys {} (mode {:o}): run chmod 700 {}",
                            visibleName(m_folder), info.st_mode & 0777, visibleName(m_folder)));
}

std::vector<KeyInfo> KeyStore::list(std::vector<std::string>* warnings) const {
    std::vector<KeyInfo> keys;
    std::error_code ignored;
    if (!fs::exists(m_folder, ignored)) return keys;
    for (const fs::path& path : filesIn(m_folder)) {
        const std::string name = path.stem().native();
        if (path.extension() != kEnding || !isFileName(name)) continue;
        try {
            keys.push_back(readAs(name, path).info());
        } catch (const Error& error) {
            if (warnings) warnings->push_back(error.what());
        }
    }
    return keys;
}

KeyInfo KeyStore::create(const std::string& name, const std::optional<std::string>& passphrase) const {
    checkName(name);
    return add(KeyFile(SecretKey::random(), name, utcNow(), passphrase));
}

KeyInfo KeyStore::add(const KeyFile& key) const {
    const KeyInfo& info = key.info();
    checkName(info.name);
    if (info.fingerprint == SecretKey::publicDefault().fingerprint())
        throw Error(ErrorCode::BadOption, "this is the public key: every Signet has it");
    makeFolder();
    for (const KeyInfo& kept : list()) {
        if (kept.fingerprint == info.fingerprint)
            throw Error(ErrorCode::Exists,
                        fmt::format("the key {} is kept already, as {}", info.fingerprint, kept.name));
        if (kept.name == info.name)
            throw Error(ErrorCode::Exists,
                        fmt::format("there is a key {} already: choose another name", info.name));
    }
    key.write(fileOf(info.name), IfExists::Refuse);
    return info;
}

KeyFile KeyStore::find(const std::string& nameOrFingerprint) const {
    std::error_code ignored;
    if (isFileName(nameOrFingerprint) && fs::exists(fileOf(nameOrFingerprint), ignored))
        return readAs(nameOrFingerprint, fileOf(nameOrFingerprint));
    for (const KeyInfo& kept : list())
        if (kept.fingerprint == nameOrFingerprint) return readAs(kept.name, fileOf(kept.name));
    throw Error(
        ErrorCode::NotFound,
        fmt::format("no key {} is in {}: signet key list shows those there are, signet key new makes one",
                    visibleName(nameOrFingerprint), visibleName(m_folder)));
}

std::string KeyStore::fingerprintOf(const std::string& nameOrFingerprint) const {
    if (nameOrFingerprint == kPublicName) return SecretKey::publicDefault().fingerprint();
    if (SecretKey::isFingerprint(nameOrFingerprint)) return nameOrFingerprint;
    return find(nameOrFingerprint).info().fingerprint;
}

SecretKey KeyStore::load(const std::string& nameOrFingerprint, const AskPassphrase& ask) const {
    const SecretKey& shared = SecretKey::publicDefault();
    if (nameOrFingerprint == kPublicName || nameOrFingerprint == shared.fingerprint()) return shared;
    return find(nameOrFingerprint).open(ask);
}

}  // namespace signet::signature
