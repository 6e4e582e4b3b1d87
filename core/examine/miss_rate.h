#pragma once

#include <optional>
#include <string>

#include "core/models/model_store.h"

namespace signet::examine {

/// How often a signed image is not reported as signed, after the treatment of the evaluation's grid that
/// hides the signature best.
struct MissRate {
    std::string attack;
    int missed = 0;      ///< of n signed images, below the threshold (inconclusive answers among them)
    int n = 0;           ///< independent photographs
    double upper95 = 1;  ///< one-sided, Clopper-Pearson
    int attacks = 0;     ///< treatments in the grid
};

/// What one can know or why one cannot.
struct MissRateAnswer {
    std::optional<MissRate> rate;
    std::string reason;
};

/// The attack with the highest upper limit over all records of the model's evaluation: how an exhibit was
/// treated is not known, so none of the treatments evaluated may be left out. No rate where the model keeps
/// no evaluation, or one of other weights or of another threshold than the calibration's. Never throws for
/// what is wrong with the file.
MissRateAnswer worstMissRate(const models::Manifest& manifest, const models::Calibration& calibration);

/// Why a model with this calibration may not be called validated; empty: it has an evaluation at this
/// threshold, by all attacks of a grid, on images of which its list of training files shows that it never saw
/// them.
std::string whyNotValidated(const models::Manifest& manifest, const models::Calibration& calibration);

}  // namespace signet::examine
