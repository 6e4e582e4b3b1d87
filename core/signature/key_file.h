#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "core/base/file_io.h"
#include "core/signature/sealed_key.h"
#include "core/signature/secret_key.h"

namespace signet::signature {

/// What may be told of a kept key.
struct KeyInfo {
    std::string name;
    std::string createdUtc;
    std::string fingerprint;
    bool isProtected = false;  ///< behind a passphrase
};

/// Asked for the passphrase of a protected key; throws where there is none.
using AskPassphrase = std::function<std::string(const KeyInfo& key)>;

/// A key with its name, as JSON in a file that only its owner may read: {format, version, name, created_utc,
/// fingerprint} and either {key} in hexadecimal or {kdf: {name, n, r, p, salt}, cipher: {name, nonce,
/// ciphertext, tag}}. What the fingerprint says is part of what the passphrase seals.
class KeyFile {
public:
    /// passphrase: nothing leaves the key unprotected. Throws BadOption on a passphrase of under 8
    /// characters.
    KeyFile(const SecretKey& key, std::string name, std::string createdUtc,
            const std::optional<std::string>& passphrase);

    /// Throws Corrupt where it is no key file or its key has another fingerprint, NoPermission where its
    /// mode lets others read or write it; what readFile throws.
    static KeyFile read(const std::filesystem::path& path);

    /// With mode 600, on the disk when it returns. Throws as writeFileAtomically does.
    void write(const std::filesystem::path& path, IfExists ifExists) const;

    const KeyInfo& info() const { return m_info; }
    void rename(std::string name) { m_info.name = std::move(name); }

    /// The key; ask is called if it is protected. Throws NoPermission on another passphrase, Corrupt where
    /// the key has another fingerprint than the file says.
    SecretKey open(const AskPassphrase& ask) const;

private:
    KeyFile(KeyInfo info, std::variant<SecretKey, SealedKey> key);

    KeyInfo m_info;
    std::variant<SecretKey, SealedKey> m_key;
};

}  // namespace signet::signature
