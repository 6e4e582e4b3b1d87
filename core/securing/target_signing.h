#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/examine/loaded_models.h"
#include "core/signature/networks.h"
#include "core/signature/secret_key.h"
#include "core/training/task.h"

namespace signet::securing {

/// The signature that a generator learns to put on what it draws, and its detector. For one thread.
class TargetSigning {
public:
    /// codeHex: empty for all ones. key: "public", or a name in the workspace's key store. Throws BadOption
    /// for a model that does not sign or a code of another length, and what loading throws.
    TargetSigning(const std::string& model, const std::string& codeHex, const std::string& key,
                  const training::Placement& placement, int threads);

    /// Signed pictures, not rounded to 8 bits (papers.md 1.7), on their device: [B,3,H,W] in [-1,1]. They
    /// themselves are read as the 8-bit pictures that they come from. Takes part in no gradient.
    torch::Tensor sign(const torch::Tensor& pictures);

    /// What the detector says of drawn pictures, as 8-bit files have them.
    struct Answers {
        std::int64_t pictures = 0;
        std::int64_t found = 0;      ///< over the threshold: a score of 0, or the detector's own
        std::int64_t bits = 0;       ///< asked for, of all pictures
        std::int64_t bitsRight = 0;  ///< read as in the code
    };
    Answers read(const torch::Tensor& pictures);

    /// Mean over pictures and bits of the detector's cross entropy with the code (papers.md 1.7, xi):
    /// differentiable in the pictures, [B,3,S,S]. Throws BadOption as requireGradient().
    torch::Tensor crossEntropy(const torch::Tensor& pictures);
    /// Throws BadOption for a signature whose detector has no gradient: a keyed one, and those of the compact
    /// networks, which search for the geometry.
    void requireGradient() const;
    bool hasGradient() const;

    const models::Manifest& manifest() const { return m_model.manifest; }
    const std::vector<std::uint8_t>& code() const { return m_code; }
    std::string codeHex() const;

private:
    examine::LoadedModel m_model;
    std::vector<std::uint8_t> m_code;
    signature::SecretKey m_key;
    torch::Device m_device;
    std::unique_ptr<signature::Networks> m_networks;  ///< for crossEntropy(), once it was asked for
};

}  // namespace signet::securing
