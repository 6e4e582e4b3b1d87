#include "core/registry/registered_fingerprints.h"

namespace signet::registry {
namespace {

const RegistryOptions kReading{.actor = {}, .readOnly = true};

examine::CodeMatch::Rival rivalOf(const CodeAgreement& agreement) {
    return {agreement.instance.holder, agreement.instance.codeHex, agreement.matched, false};
}

}  // namespace

RegisteredFingerprints::RegisteredFingerprints(const std::string& location,
                                               const std::filesystem::path& workspace, int threads)
    : m_location(location.empty() ? InstanceRegistry::fileIn(workspace).string() : location),
      m_threads(threads) {
    if (!location.empty()) m_registry.emplace(m_location, kReading);
}

Identifier* RegisteredFingerprints::identifierOf(const std::string& modelSha256, int bits) {
    if (!m_registry) {
        if (!std::filesystem::exists(m_location)) return nullptr;
        m_registry.emplace(m_location, kReading);
    }
    if (const RowId last = m_registry->lastId(); last != m_lastId) {
        m_identifiers.clear();
        m_lastId = last;
    }
    const auto [at, isNew] = m_identifiers.try_emplace({modelSha256, bits}, *m_registry, modelSha256, bits,
                                                       IdentifyOptions{.threads = m_threads});
    return &at->second;
}

std::int64_t RegisteredFingerprints::instances(const std::string& modelSha256, int bits) {
    const std::lock_guard lock(m_mutex);
    const Identifier* identifier = identifierOf(modelSha256, bits);
    return identifier ? identifier->databaseSize() : 0;
}

std::optional<examine::CodeMatch> RegisteredFingerprints::nearest(const std::string& modelSha256,
                                                                  std::span<const float> logits) {
    const std::lock_guard lock(m_mutex);
    const int bits = static_cast<int>(logits.size());
    Identifier* identifier = identifierOf(modelSha256, bits);
    if (!identifier) return std::nullopt;
    const Identification found = identifier->identify(logits);
    if (!found.nearest) return std::nullopt;
    const Instance& instance = found.nearest->instance;
    examine::CodeMatch match;
    match.holder = instance.holder;
    match.hex = instance.codeHex;
    match.matched = found.nearest->matched;
    match.bits = bits;
    match.searched = found.databaseSize;
    match.instance = instance.id;
    match.revoked = instance.revoked;
    for (const CodeAgreement& rival : found.rivals) match.rivals.push_back(rivalOf(rival));
    match.setChances();
    return match;
}

}  // namespace signet::registry
