#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/examine/code_match.h"

namespace signet::examine {

/// Where the fingerprint that a decoder read off an image is looked up: the instances that were issued of a
/// model. Known to examinations by this alone; the registry above them is one. Thread-safe.
class FingerprintLookup {
public:
    virtual ~FingerprintLookup() = default;
    /// Instances of the model with these weights.
    virtual std::int64_t instances(const std::string& modelSha256, int bits) = 0;
    /// The instance whose code agrees in most bits, with its p-value corrected for the number of instances,
    /// and the other holders' that are as near; nothing where there is none. logits: one a bit, > 0 reads as
    /// 1.
    virtual std::optional<CodeMatch> nearest(const std::string& modelSha256,
                                             std::span<const float> logits) = 0;
};

}  // namespace signet::examine
