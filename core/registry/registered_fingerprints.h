#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "core/examine/fingerprint_lookup.h"
#include "core/registry/identification.h"

namespace signet::registry {

/// A registry as examinations look fingerprints up in it, read only. What is issued meanwhile is found too:
/// the codes are read again when there are more of them than before, and a registry that is not there yet is
/// opened once it is.
class RegisteredFingerprints final : public examine::FingerprintLookup {
public:
    /// location: file or URL; empty: the registry of the workspace, which need not be there. Throws what
    /// opening one throws.
    RegisteredFingerprints(const std::string& location, const std::filesystem::path& workspace, int threads);

    std::int64_t instances(const std::string& modelSha256, int bits) override;
    std::optional<examine::CodeMatch> nearest(const std::string& modelSha256,
                                              std::span<const float> logits) override;

private:
    /// Null where there is no registry.
    Identifier* identifierOf(const std::string& modelSha256, int bits);

    std::mutex m_mutex;
    std::string m_location;
    std::optional<InstanceRegistry> m_registry;
    int m_threads;
    RowId m_lastId = 0;  ///< when the codes were read
    std::map<std::pair<std::string, int>, Identifier> m_identifiers;
};

}  // namespace signet::registry
