#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/signature/key_store.h"

namespace signet::ui {

/// What the pages show of a key; nothing of its secret.
struct HeldKey {
    std::string name;
    std::string fingerprint;
    bool isPublic = false;     ///< everybody can write and read with it
    bool isProtected = false;  ///< behind a passphrase
    bool isOpen = false;       ///< images are looked at with it, and can be signed with it

    bool operator==(const HeldKey&) const = default;
};

struct KeyList {
    std::vector<HeldKey> keys;          ///< the public one first
    std::vector<std::string> warnings;  ///< what is left out of the folder of keys, and why

    bool operator==(const KeyList&) const = default;
};

/// The keys of a session: the public one, every kept one without a passphrase, and those that were unlocked,
/// which are locked again when it ends. Thread-safe; what reads the folder or asks for a passphrase is not
/// for the GUI thread.
class KeyRing {
public:
    explicit KeyRing(const std::filesystem::path& workspace);

    /// The public key alone: what is known before the folder was read.
    static KeyList publicAlone();

    /// Those that images are examined and signed with, the public one first. Reads the folder where that has
    /// not happened yet.
    std::vector<signature::SecretKey> openKeys();
    KeyList list() const;

    // Each of these: true where other keys are open than before.

    /// Reads the folder. What was unlocked stays so while it is kept.
    bool reload();
    /// Throws NoPermission on another passphrase, and what KeyStore::load throws.
    bool unlock(const std::string& fingerprint, const std::string& passphrase);
    /// A new key; an empty passphrase leaves it unprotected, with one it is open in this session. Throws what
    /// KeyStore::create throws.
    bool create(const std::string& name, const std::string& passphrase);

private:
    using OpenKeys = std::map<std::string, signature::SecretKey>;  ///< by fingerprint; without the public one

    /// What cannot be read is told in warnings.
    std::vector<signature::KeyInfo> keptKeys(std::vector<std::string>& warnings) const;
    bool readLocked();

    const signature::KeyStore m_store;
    mutable std::mutex m_mutex;
    bool m_wasRead = false;
    OpenKeys m_open;
    KeyList m_list = publicAlone();
};

}  // namespace signet::ui
