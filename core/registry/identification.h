#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/registry/instance_registry.h"

namespace signet::registry {

/// When the nearest registered code is taken for the one that was read.
enum class AcceptanceRule {
    PValue,       ///< its p-value, corrected for the registry's size, is at most alpha
    PaperOverlap  ///< at least 95 % of its bits agree (paper B: 121 of 128), whatever the registry's size
};

struct IdentifyOptions {
    AcceptanceRule rule = AcceptanceRule::PValue;
    double alpha = 1e-6;  ///< of the whole search: that any registered code agrees so well by chance
    int threads = 1;
};

/// A registered instance that a picture's code was compared with.
struct CodeAgreement {
    Instance instance;
    int matched = 0;  ///< bits
    /// log10 of the chance that so many bits or more of an unrelated code agree, each with probability 1/2
    /// (papers.md 2.8); and the same for the best of all registered codes (Sidak).
    double log10P = 0, log10PCorrected = 0;
    /// The second score: log10 of how much more likely the logits make this code than codes are on average,
    /// bits by their confidence. No probability of anything by itself: the logits are not calibrated.
    double log10Support = 0;
};

/// What a search for the instance that drew a picture found.
struct Identification {
    std::string decodedHex;
    std::int64_t databaseSize = 0;         ///< codes compared with
    std::optional<CodeAgreement> nearest;  ///< nothing where the registry has no instance of the model
    int needed = 0;                        ///< bits that must agree; more than there are: no code can
    bool accepted = false;
    /// Other holders' instances that would be accepted as well, nearest first: the picture says none of them
    /// then, and accepted is false.
    std::vector<CodeAgreement> rivals;
};

/// Bits that must agree. Throws BadOption unless 0 < alpha < 1.
int neededBits(int bits, std::int64_t databaseSize, const IdentifyOptions& options);

/// The search for a decoded code among a model's registered ones, loaded once for many pictures.
class Identifier {
public:
    /// registry is used as long as the identifier is.
    Identifier(InstanceRegistry& registry, const std::string& modelSha256, int bits, IdentifyOptions options);

    std::int64_t databaseSize() const { return static_cast<std::int64_t>(m_registered.ids.size()); }
    /// logits: one a bit. Throws BadOption for another number of them.
    Identification identify(std::span<const float> logits);

private:
    CodeAgreement agreementOf(const fingerprint::NearestCode& code, std::span<const float> logits);

    InstanceRegistry& m_registry;
    IdentifyOptions m_options;
    RegisteredCodes m_registered;
};

}  // namespace signet::registry
