#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/signature/keyed_networks.h"
#include "core/training/optimiser_options.h"
#include "core/training/run_options.h"

namespace signet::signature {

inline constexpr const char* kKeyedTask = "keyed";

/// Everything that decides the training of a keyed signature. What each field means, its unit and its range
/// stand once, in the walk over the fields (keyed_training_options.cpp).
struct KeyedTrainingOptions : training::RunOptions, training::OptimiserOptions {
    KeyedTrainingOptions();

    KeyedOptions network;
    std::string data;

    int side = 192;
    bool bf16 = true;

    double startLevel = 3;
    double lastLevel = 0.32;
    double openAccuracy = 0.9;
    double readable = 0.85;
    double hold = 0.8;
    double fall = 0.002;
    double fastFall = 0.006;
    double earlyAttack = 0.3;
    double secondAttack = 0.2;
    double jitter = 0.12;

    int validationImages = 24;

    void validate() const;
    Json toJson() const;
    /// Unknown keys and values out of range are errors that name the key and its range (BadOption).
    static KeyedTrainingOptions fromJson(const Json& json);
    static std::vector<OptionDescription> describe();
};

}  // namespace signet::signature
