#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "core/attacks/tensor_attacks.h"
#include "core/base/json.h"
#include "core/signature/training_options.h"

namespace signet::signature {

/// What one step measured, read from the device once.
struct StepReadings {
    std::map<std::string, double> measured;
    std::vector<double>
        right;  ///< of each signed image: share of the bits read, or 1/0 for presence; -1: not asked
    std::vector<int> kinds;  ///< the photometric attack each of them passed
};

/// What rises as the run succeeds, and the running accuracies that decide it.
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
    /// One step of the "ladder" objective: running values follow the readings, then the ladder may rise.
    void climb(const StepReadings& readings, const TrainingOptions& options);
    /// One step of the "paper" objective.
    void follow(const StepReadings& readings);

    /// Adds what a record says about the "ladder" objective.
    void describe(std::vector<std::pair<std::string, double>>& values, bool hasCode) const;

    Json toJson() const;
    /// Throws Json's exceptions.
    void fromJson(const Json& json);
};

}  // namespace signet::signature
