#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/signature/networks.h"
#include "core/training/optimiser_options.h"
#include "core/training/run_options.h"

namespace signet::signature {

inline constexpr const char* kSignatureTask = "signature";

/// Everything that decides a stage-1 training run. The same struct serves presets, the command line, the form
/// and the stored run. What each field means, its unit and its range stand once, in the walk over the fields
/// (training_options.cpp); describe() gives them to forms.
struct TrainingOptions : training::RunOptions, training::OptimiserOptions {
    TrainingOptions() { name = kSignatureTask; }

    NetworkOptions network;
    std::string data;
    std::string objective = "ladder";

    int accumulate = 1;          ///< parts the batch is worked on in, for memory: see JointTraining::step
    bool checkpointing = false;  ///< paper: activations are computed again for the gradient, for memory
    bool bf16 = true;

    double startDb = 20;
    double maxDb = 45;
    double openAccuracy = 0.95;
    double holdAccuracy = 0.88;
    double holdMisplaced = 2;
    double rise = 0.012;
    double fastRise = 0.03;
    double presenceWeight = 0.3;
    double locateWeight = 0.15;
    double attackBoth = 0.25;
    double worstShare = 0.5;
    double cropSide = 0.65;
    double rotation = 12;
    double flipShare = 0;
    double attenuation = 0;

    double startLevel = 3;
    double lastLevel = 0.4;
    double fall = 0.002;
    double fastFall = 0.006;
    double earlyAttack = 0.3;
    std::string negatives;
    double hardShare = 0.5;
    double againShare = 0.5;
    double decoyShare = 0.25;

    double lambda = 0.05;
    int ramp = 100;
    double noise = 0;
    std::string augmentation = "text";
    bool truncate = false;
    bool drawEach = true;
    bool freezeDetector = false;
    std::string auxiliary = "none";
    double auxiliaryRate = 1e-4;
    int snapshots = 4;
    int snapshotEvery = 500;

    int validationImages = 24;
    int validationNegatives = 1000;

    void validate() const;
    Json toJson() const;
    /// Unknown keys and values out of range are errors that name the key and its range (BadOption).
    static TrainingOptions fromJson(const Json& json);
    /// All fields, those of the run among them, in the order of a form, those of the network as
    /// "network.<key>".
    static std::vector<OptionDescription> describe();
    /// "key=value" as given to --set; network fields as "network.bits". Nothing is changed by an error.
    void set(const std::string& assignment);
};

}  // namespace signet::signature
