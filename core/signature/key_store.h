#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/signature/key_file.h"

namespace signet::signature {

/// The secret keys of a workspace: its folder keys/ (mode 700), one NAME.json a key (mode 600). Holds no key
/// and no file open; several processes may use one folder.
class KeyStore {
public:
    /// The name by which the public key is asked for; no kept key has it.
    static constexpr const char* kPublicName = "public";

    explicit KeyStore(const std::filesystem::path& workspace);

    const std::filesystem::path& folder() const { return m_folder; }

    /// The kept keys by name. What is no key file or may be read by others is left out and told in warnings.
    std::vector<KeyInfo> list(std::vector<std::string>* warnings = nullptr) const;

    /// A new key from the system's random source. passphrase: nothing leaves it unprotected. Throws as add
    /// does.
    KeyInfo create(const std::string& name, const std::optional<std::string>& passphrase) const;

    /// Keeps a key under the name its file says. Throws BadOption on a name that checkName refuses, on the
    /// public key and on a passphrase of under 8 characters; Exists where the name is taken or the key is
    /// kept under another; NoPermission where others may look into the folder.
    KeyInfo add(const KeyFile& key) const;

    /// The kept key of this name or fingerprint. Throws NotFound.
    KeyFile find(const std::string& nameOrFingerprint) const;

    /// The fingerprint of a key by its name or fingerprint, of the public one too. Its key need not be kept
    /// where it is named by a fingerprint. Throws as find does.
    std::string fingerprintOf(const std::string& nameOrFingerprint) const;

    /// The key itself, the public one by its name or fingerprint too. ask is called if it is protected.
    /// Throws as find and KeyFile::open do.
    SecretKey load(const std::string& nameOrFingerprint, const AskPassphrase& ask) const;

    /// Letters, digits, '.', '_' and '-', 1 to 64 of them, the first no '.' or '-'; neither "public" nor what
    /// looks like a fingerprint. Throws BadOption.
    static void checkName(const std::string& name);

private:
    std::filesystem::path fileOf(const std::string& name) const;
    void makeFolder() const;

    std::filesystem::path m_folder;
};

}  // namespace signet::signature
