#include "core/signature/training_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/option_fields.h"
#include "core/signature/objective.h"

namespace signet::signature {
namespace {

constexpr const char* kRun = "Run";
constexpr const char* kLadder = "Ladder";
constexpr const char* kAttacks = "Attacks";
constexpr const char* kPaper = "Paper A";
constexpr const char* kNegatives = "Hard negatives";
constexpr const char* kIfLadder = "objective=ladder";
constexpr const char* kIfPresence = "objective=presence";
constexpr const char* kIfRising = "objective=ladder|presence";
constexpr const char* kIfPaper = "objective=paper";
constexpr const char* kShare = "share";

/// One walk over all fields but the network's serves reading, writing, checking and the form.
template <typename Options, typename Visitor>
void walkFields(Options& o, Visitor&& visit) {
    walkRun(o, visit, kSignatureTask);
    using I = OptionInfo;
    visit(o.data, I{"data", kRun,
                    "Folder of photographs; where it has a manifest.csv, the training part of it is used."});
    visit(o.objective, I{"objective", kRun,
                         "ladder: bits under attack at a rising PSNR, for the compact networks; presence: a "
                         "texture under attack at a falling visibility, against hard negatives, for the "
                         "texture networks; paper: MSE + lambda BCE (paper A, Eq. 5), for the paper's.",
                         0, 0, "", "ladder|presence|paper"});
    visit(o.accumulate, I{"accumulate", kRun,
                          "Equal parts of the batch worked on one after the other, to save memory; "
                          "BatchNorm's statistics are each "
                          "part's own.",
                          1, 4096, "parts"});
    visit(o.checkpointing,
          I{"checkpointing", kRun,
            "Computes activations again in the backward pass instead of keeping them, to save memory.", 0, 0,
            "", "", kIfPaper});
    visit(o.bf16, training::kBf16);
    training::walkOptimiser(o, visit);
    visit(o.startDb, I{"startDb", kLadder, "PSNR at the first step.", 5, 70, "dB", "", kIfLadder});
    visit(o.maxDb, I{"maxDb", kLadder, "PSNR where the ladder ends.", 5, 70, "dB", "", kIfLadder});
    visit(
        o.openAccuracy,
        I{"openAccuracy", kLadder,
          "Running accuracy without attacks that opens the attacks (presence: at 0.5 they are open from the "
          "start).",
          0.5, 1, kShare, "", kIfRising});
    visit(o.holdAccuracy,
          I{"holdAccuracy", kLadder,
            "Running accuracy under attack above which the PSNR rises, or the visibility falls.", 0.5, 1,
            kShare, "", kIfRising});
    visit(o.holdMisplaced,
          I{"holdMisplaced", kLadder,
            "With a code: running misplacement of the locator ([-1,1] units) below which it rises.", 0, 2, "",
            "", kIfLadder});
    visit(o.rise, I{"rise", kLadder, "Rise of the PSNR.", 0, 1, "dB/step", "", kIfLadder});
    visit(o.fastRise, I{"fastRise", kLadder, "Rise while the accuracy is well above holdAccuracy.", 0, 1,
                        "dB/step", "", kIfLadder});
    visit(o.presenceWeight,
          I{"presenceWeight", kLadder, "Weight of the presence loss.", 0, 100, "", "", kIfLadder});
    visit(o.locateWeight,
          I{"locateWeight", kLadder, "Weight of the locating loss.", 0, 100, "", "", kIfLadder});
    visit(o.attenuation,
          I{"attenuation", kLadder, "Share of the residual that follows the image's local activity.", 0, 1,
            kShare, "", kIfLadder});
    visit(o.startLevel, I{"startLevel", kLadder, "Visibility at the first step.", 0.01, 100, "grey levels",
                          "", kIfPresence});
    visit(o.lastLevel, I{"lastLevel", kLadder, "Visibility where the ladder ends.", 0.01, 100, "grey levels",
                         "", kIfPresence});
    visit(o.fall, I{"fall", kLadder, "Fall of the visibility.", 0, 0.1, "share/step", "", kIfPresence});
    visit(o.fastFall, I{"fastFall", kLadder, "Fall while the accuracy is well above holdAccuracy.", 0, 0.1,
                        "share/step", "", kIfPresence});
    visit(o.earlyAttack,
          I{"earlyAttack", kAttacks, "Share of the pictures that are attacked before a view is taken too.", 0,
            1, kShare, "", kIfPresence});
    visit(o.attackBoth, I{"attackBoth", kAttacks, "Share of images that get a second photometric attack.", 0,
                          1, kShare, "", kIfRising});
    visit(o.worstShare, I{"worstShare", kAttacks,
                          "Share of draws that follow each attack's running error instead of being even.", 0,
                          1, kShare, "", kIfLadder});
    visit(o.cropSide, I{"cropSide", kAttacks, "Crops keep at least this share of each side.", 0.1, 1, kShare,
                        "", kIfLadder});
    visit(o.rotation, I{"rotation", kAttacks, "Rotations go up to this.", 0, 180, "degrees", "", kIfLadder});
    visit(o.flipShare, I{"flipShare", kAttacks, "Share of mirrored views.", 0, 1, kShare, "", kIfLadder});
    visit(o.negatives,
          I{"negatives", kNegatives,
            "Folders of pictures without a signature that are no photographs, or that carry another one, "
            "separated by commas; beside them pictures of other kinds are made.",
            0, 0, "", "", kIfPresence});
    visit(o.hardShare,
          I{"hardShare", kNegatives, "Share of the unsigned pictures of a batch that are hard negatives.", 0,
            1, kShare, "", kIfPresence});
    visit(o.againShare, I{"againShare", kNegatives, "Share of these that are among the hardest so far.", 0, 1,
                          kShare, "", kIfPresence});
    visit(o.decoyShare,
          I{"decoyShare", kNegatives, "Share of the other unsigned pictures that carry another texture.", 0,
            1, kShare, "", kIfPresence});
    visit(o.lambda, I{"lambda", kPaper, "Weight of the classification loss.", 0, 1000, "", "", kIfPaper});
    visit(o.ramp,
          I{"ramp", kPaper, "Steps over which lambda rises from 0.", 1, 10'000'000, "steps", "", kIfPaper});
    visit(o.noise,
          I{"noise", kPaper, "Sigma of Gaussian noise on the injector's input, [-1,1] units (Table 9: 0.5).",
            0, 2, "", "", kIfPaper});
    visit(o.augmentation, I{"augmentation", kPaper, "Ranges of the paper's text or of its code.", 0, 0, "",
                            "text|code", kIfPaper});
    visit(o.truncate, I{"truncate", kPaper, "8-bit rounding by truncation, as the reference code does."});
    visit(o.drawEach, I{"drawEach", kPaper,
                        "Code and augmentation are drawn for each picture, as the paper says; off: once a "
                        "step, as its code does.",
                        0, 0, "", "", kIfPaper});
    visit(o.freezeDetector, I{"freezeDetector", kPaper,
                              "The detector stays as start has it, a signature's or a classifier's, and the "
                              "injector begins anew: what Table 8 compares joint training with.",
                              0, 0, "", "", kIfPaper});
    visit(o.auxiliary,
          I{"auxiliary", kPaper,
            "A restoration attacker M that learns along, whose pictures the detector has to recognise too "
            "(L_aux). live: the M of the step, as in the paper's code; pool: that or one of its earlier "
            "states, as in its text.",
            0, 0, "", "none|live|pool", kIfPaper});
    visit(o.auxiliaryRate,
          I{"auxiliaryRate", kPaper, "Adam's step size for M.", 1e-8, 1, "", "", "auxiliary=live|pool"});
    visit(o.snapshots, I{"snapshots", kPaper, "Earlier states of M that are kept, the last ones.", 1, 64, "",
                         "", "auxiliary=pool"});
    visit(o.snapshotEvery, I{"snapshotEvery", kPaper, "One is kept every so often.", 1, 1'000'000, "steps",
                             "", "auxiliary=pool"});
    visit(o.validationImages, training::kValidationImages);
    visit(o.validationNegatives, I{"validationNegatives", "Record",
                                   "Hard negatives of a validation: its threshold is that of 0.1 % of them.",
                                   1, 100'000, "images", "", kIfPresence});
    walkRecord(o, visit);
}

template <typename Options>
auto walkOf(Options& options) {
    return [&options](auto&& visit) { walkFields(options, visit); };
}

}  // namespace

void TrainingOptions::validate() const {
    network.validate();
    checkFields(walkOf(*this));
    if (batch % accumulate != 0 || batch / accumulate < 2)
        throw Error(ErrorCode::BadOption,
                    fmt::format("accumulate is {}; it divides batch ({}) into parts of at least 2 images",
                                accumulate, batch));
    if (objective != "paper" && (freezeDetector || auxiliary != "none"))
        throw Error(ErrorCode::BadOption, "freezeDetector and auxiliary are of the objective paper");
    if (auxiliary != "none" && accumulate > 1)
        throw Error(ErrorCode::BadOption, "with auxiliary a batch is worked on whole: set accumulate to 1");
    objectiveOf(*this);
}

Json TrainingOptions::toJson() const {
    Json json = fieldsToJson(walkOf(*this));
    json["network"] = network.toJson();
    return json;
}

TrainingOptions TrainingOptions::fromJson(const Json& json) {
    TrainingOptions options;
    if (!json.is_object()) throw Error(ErrorCode::BadOption, "a training configuration is a JSON object");
    Json left = json;
    if (left.contains("network")) {
        if (!left["network"].is_object())
            throw Error(ErrorCode::BadOption, "network is an object of network options");
        Json network = options.network.toJson();
        network.update(left["network"]);
        options.network = NetworkOptions::fromJson(network);
        left.erase("network");
    }
    takeFields(walkOf(options), left);
    if (!left.empty()) throwUnknownOption(left.begin().key(), options.toJson());
    options.validate();
    return options;
}

std::vector<OptionDescription> TrainingOptions::describe() {
    const TrainingOptions standard;
    auto fields = describeFields(walkOf(standard));
    const auto network = NetworkOptions::describe();
    const auto objective = std::find_if(fields.begin(), fields.end(),
                                        [](const auto& field) { return field.key == "objective"; });
    fields.insert(objective + 1, network.begin(), network.end());
    return fields;
}

void TrainingOptions::set(const std::string& assignment) {
    *this = fromJson(withAssignment(toJson(), assignment));
}

}  // namespace signet::signature
