#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/signature/networks.h"

namespace signet::signature {

/// Everything that decides a stage-1 training run. The same struct serves presets, the command line, the form
/// and the stored run.
struct TrainingOptions {
    NetworkOptions network;
    std::string name = "signature";  ///< of the model that comes out
    std::string data;  ///< folder of photographs; those of its manifest's training part are used
    std::string objective = "ladder";  ///< "ladder": bits under attack at a rising PSNR; "paper": MSE +
                                       ///< lambda BCE (paper A, Eq. 5)

    int steps = 20000;
    int batch = 12;
    int accumulate = 1;          ///< parts the batch is worked on in, for memory: see JointTraining::step
    bool checkpointing = false;  ///< paper: activations are computed again for the gradient, for memory
    int seed = 1;
    int threads = 1;
    bool bf16 = true;  ///< autocast, where the processor has bf16 instructions
    double learningRate = 1e-3;
    double decayFrom = 0.6;   ///< share of the steps after which the rate falls along a cosine
    double finalRate = 0.02;  ///< factor on the rate at the last step
    double clip = 1;          ///< L2 norm the gradient is clipped to; 0: not

    double startDb = 20;         ///< ladder: PSNR at the first step, dB
    double maxDb = 45;           ///< ladder: where it stops rising
    double openAccuracy = 0.95;  ///< ladder: running accuracy without attacks that opens the attacks
    double holdAccuracy = 0.88;  ///< ladder: running accuracy under attack above which the PSNR rises
    double holdMisplaced =
        2;  ///< ladder, with a code: running misplacement of the locator ([-1,1] units) below which it rises
    double rise = 0.012;     ///< ladder: dB a step
    double fastRise = 0.03;  ///< ladder: dB a step while the accuracy is 5 points above holdAccuracy
    double presenceWeight = 0.3;
    double locateWeight = 0.15;
    double attackBoth = 0.25;  ///< share of images that get a second photometric attack
    double worstShare =
        0.5;                 ///< share of draws that follow each attack's running error instead of being even
    double cropSide = 0.65;  ///< ladder: crops keep at least this share of each side
    double rotation = 12;    ///< ladder: rotations up to this many degrees
    double flipShare = 0;    ///< ladder: share of mirrored views
    double attenuation = 0;  ///< 0..1: share of the residual that follows the image's local activity

    double lambda = 0.05;  ///< paper: weight of the classification loss
    int ramp = 100;        ///< paper: steps over which lambda rises from 0
    double noise = 0;      ///< paper: sigma of Gaussian noise on W's input, [-1,1] units (0.5 in Table 9)
    std::string augmentation = "text";  ///< paper: ranges of the "text" or of the "code"
    bool truncate = false;              ///< 8-bit rounding by truncation, as the reference code does

    int logEvery = 20;
    int checkpointEvery = 500;

    void validate() const;
    Json toJson() const;
    /// Unknown keys and values out of range are errors that name the key and its range (BadOption).
    static TrainingOptions fromJson(const Json& json);
    /// "key=value" as given to --set; network fields as "network.bits".
    void set(const std::string& assignment);
};

/// A preset of resources/presets by name, or a JSON file. Throws NotFound with the names there are.
TrainingOptions loadTrainingOptions(const std::string& presetOrFile);

/// Names of the presets in resources/presets.
std::vector<std::string> presetNames();

}  // namespace signet::signature
