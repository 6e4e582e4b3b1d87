#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/examine/attacker.h"
#include "core/examine/examine.h"

namespace signet::removal {

/// Whom `signet evaluate` sets on the pictures, one after the other: as many attackers as are named, PGD's
/// and a diffusion's one of each strength.
struct AttackerOptions {
    std::string remover;     ///< --remover: name or folder of a model, as the next two; empty: none
    std::string generator;   ///< --regenerate: an autoencoder or a diffusion
    std::vector<int> steps;  ///< --steps: of 1000, of a diffusion; empty: 40, 100, 200
    std::string surrogate;   ///< --surrogate: a classifier of unsigned and signed pictures
    bool whiteBox = false;   ///< --white-box: the signature's own detector, to remove and to forge
    std::vector<int> eps;    ///< --eps: grey levels, of the last two; empty: 2, 4, 8, 12

    bool any() const;
    /// Throws BadOption.
    void validate() const;
};

/// All of them ready for use; networks are loaded once for all strengths. signature: the model under attack.
/// Throws BadOption for models of other kinds and strengths nobody has, NotFound, HashMismatch, Corrupt,
/// Environment (device).
std::vector<std::unique_ptr<examine::Attacker>> makeAttackers(const AttackerOptions& options,
                                                              const models::Manifest& signature,
                                                              const examine::Examiner::Options& setup);

}  // namespace signet::removal
