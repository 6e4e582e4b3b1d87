#pragma once

#include <array>

#include "core/attacks/tensor_attacks.h"
#include "core/base/json.h"
#include "core/signature/objective.h"

namespace signet::signature {

/// What rises as a run with the "ladder" objective succeeds, and the running accuracies that decide it.
struct Ladder {
    double db = 22;
    double strength = 0;  ///< of the geometric attacks, 0..1
    bool open = false;    ///< attacks are on
    double accuracy = 0.5;
    double presence = 0.5;
    double located = 1;  ///< running median misplacement of the locator
    double refined = 1;  ///< and after one correction
    std::array<double, attacks::kPhotometricAttacks.size()> error{};

    explicit Ladder(const TrainingOptions& options);
    /// One step: running values follow the readings, then PSNR and attacks may rise.
    void update(const StepReadings& readings, const TrainingOptions& options);

    /// Adds what a record says.
    void describe(training::NamedValues& values, bool hasCode) const;

    Json toJson() const;
    /// Throws Json's exceptions.
    void fromJson(const Json& json);
};

}  // namespace signet::signature
