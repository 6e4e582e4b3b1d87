#include "ui/bridge/key_ring.h"

#include <utility>

#include "core/base/error.h"

namespace signet::ui {
namespace {

using signature::KeyInfo;
using signature::KeyStore;
using signature::SecretKey;

/// For keys that are open to whoever has their file.
std::string noPassphrase(const KeyInfo&) {
    throw Error(ErrorCode::NoPermission, "the key is behind a passphrase");
}

}  // namespace

KeyRing::KeyRing(const std::filesystem::path& workspace) : m_store(workspace) {}

KeyList KeyRing::publicAlone() {
    HeldKey key;
    key.name = KeyStore::kPublicName;
    key.fingerprint = SecretKey::publicDefault().fingerprint();
    key.isPublic = key.isOpen = true;
    return {{key}, {}};
}

std::vector<SecretKey> KeyRing::openKeys() {
    const std::lock_guard lock(m_mutex);
    if (!m_wasRead) readLocked();
    std::vector<SecretKey> keys{SecretKey::publicDefault()};
    for (const auto& [fingerprint, key] : m_open) keys.push_back(key);
    return keys;
}

KeyList KeyRing::list() const {
    const std::lock_guard lock(m_mutex);
    return m_list;
}

bool KeyRing::reload() {
    const std::lock_guard lock(m_mutex);
    return readLocked();
}

bool KeyRing::unlock(const std::string& fingerprint, const std::string& passphrase) {
    const std::lock_guard lock(m_mutex);
    const SecretKey key = m_store.load(fingerprint, [&](const KeyInfo&) { return passphrase; });
    if (key.isPublic()) return false;
    const bool isNew = m_open.emplace(fingerprint, key).second;
    return readLocked() || isNew;
}

bool KeyRing::create(const std::string& name, const std::string& passphrase) {
    const std::lock_guard lock(m_mutex);
    const KeyInfo made =
        m_store.create(name, passphrase.empty() ? std::nullopt : std::optional<std::string>(passphrase));
    if (made.isProtected)
        m_open.emplace(made.fingerprint,
                       m_store.load(made.fingerprint, [&](const KeyInfo&) { return passphrase; }));
    return readLocked() || made.isProtected;
}

std::vector<KeyInfo> KeyRing::keptKeys(std::vector<std::string>& warnings) const {
    try {
        return m_store.list(&warnings);
    } catch (const std::exception& error) {  // the folder cannot be read: the public key is left
        warnings.emplace_back(error.what());
        return {};
    }
}

bool KeyRing::readLocked() {
    KeyList list = publicAlone();
    OpenKeys open;
    for (const KeyInfo& kept : keptKeys(list.warnings)) {
        HeldKey key{kept.name, kept.fingerprint, false, kept.isProtected, true};
        try {
            if (const auto known = m_open.find(kept.fingerprint); known != m_open.end())
                open.insert(*known);
            else if (kept.isProtected)
                key.isOpen = false;
            else
                open.emplace(kept.fingerprint, m_store.load(kept.name, &noPassphrase));
            list.keys.push_back(std::move(key));
        } catch (const std::exception& error) {  // its file went meanwhile, or changed
            list.warnings.emplace_back(error.what());
        }
    }
    const bool changed = open != m_open;
    m_wasRead = true;
    m_open = std::move(open);
    m_list = std::move(list);
    return changed;
}

}  // namespace signet::ui
