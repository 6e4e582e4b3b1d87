#include "core/signature/training_options.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <type_traits>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/signature/train.h"

namespace signet::signature {
namespace {

constexpr const char* kRun = "Run";
constexpr const char* kOptimiser = "Optimiser";
constexpr const char* kLadder = "Ladder";
constexpr const char* kAttacks = "Attacks";
constexpr const char* kPaper = "Paper A";
constexpr const char* kRecord = "Record";
constexpr const char* kIfLadder = "objective=ladder";
constexpr const char* kIfPaper = "objective=paper";
constexpr const char* kShare = "share";
constexpr double kExactIntegers = 9007199254740992;  ///< 2^53: whole numbers below it are exact as a double

/// One walk over all fields serves reading, writing, checking and the form: visit(field, info).
template <typename Options, typename Visitor>
void walk(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    visit(o.name, I{"name", kRun, "Name of the model that comes out."});
    visit(o.data, I{"data", kRun,
                    "Folder of photographs; where it has a manifest.csv, the training part of it is used."});
    visit(o.objective, I{"objective", kRun,
                         "ladder: bits under attack at a rising PSNR, for the compact networks; paper: MSE + "
                         "lambda BCE (paper A, Eq. 5), for the paper's.",
                         0, 0, "", "ladder|paper"});
    visit(o.steps, I{"steps", kRun, "Steps of the whole run.", 1, 100'000'000, "steps"});
    visit(o.batch, I{"batch", kRun, "Photographs a step.", 2, 4096, "images"});
    visit(o.accumulate, I{"accumulate", kRun,
                          "Equal parts of the batch worked on one after the other, to save memory; "
                          "BatchNorm's statistics are each "
                          "part's own.",
                          1, 4096, "parts"});
    visit(o.checkpointing,
          I{"checkpointing", kRun,
            "Computes activations again in the backward pass instead of keeping them, to save memory.", 0, 0,
            "", "", kIfPaper});
    visit(o.seed, I{"seed", kRun, "Decides the first weights and every random draw.", 0, 2'000'000'000});
    visit(o.threads, I{"threads", kRun, "Threads of the tensor operations.", 1, 1024, "threads"});
    visit(o.bf16, I{"bf16", kRun, "bf16 autocast, where the processor has the instructions."});
    visit(o.start,
          I{"start", kRun,
            "Model folder or run folder whose weights the run starts from; empty: from random weights."});
    visit(o.learningRate, I{"learningRate", kOptimiser, "Adam's step size.", 1e-8, 1});
    visit(o.decayFrom,
          I{"decayFrom", kOptimiser,
            "Share of the steps after which the rate falls along a cosine; 1: it never does.", 0, 1, kShare});
    visit(o.finalRate, I{"finalRate", kOptimiser, "Factor on the rate at the last step.", 0, 1});
    visit(o.clip, I{"clip", kOptimiser, "L2 norm the gradient is clipped to; 0: not clipped.", 0, 1e6});
    visit(o.ema,
          I{"ema", kOptimiser,
            "Memory of the running average of the weights, which is what is validated and exported; 0: the "
            "weights themselves.",
            0, 0.99999});
    visit(o.startDb, I{"startDb", kLadder, "PSNR at the first step.", 5, 70, "dB", "", kIfLadder});
    visit(o.maxDb, I{"maxDb", kLadder, "PSNR where the ladder ends.", 5, 70, "dB", "", kIfLadder});
    visit(o.openAccuracy,
          I{"openAccuracy", kLadder, "Running accuracy without attacks that opens the attacks.", 0.5, 1,
            kShare, "", kIfLadder});
    visit(o.holdAccuracy,
          I{"holdAccuracy", kLadder, "Running accuracy under attack above which the PSNR rises.", 0.5, 1,
            kShare, "", kIfLadder});
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
    visit(o.attackBoth, I{"attackBoth", kAttacks, "Share of images that get a second photometric attack.", 0,
                          1, kShare, "", kIfLadder});
    visit(o.worstShare, I{"worstShare", kAttacks,
                          "Share of draws that follow each attack's running error instead of being even.", 0,
                          1, kShare, "", kIfLadder});
    visit(o.cropSide, I{"cropSide", kAttacks, "Crops keep at least this share of each side.", 0.1, 1, kShare,
                        "", kIfLadder});
    visit(o.rotation, I{"rotation", kAttacks, "Rotations go up to this.", 0, 180, "degrees", "", kIfLadder});
    visit(o.flipShare, I{"flipShare", kAttacks, "Share of mirrored views.", 0, 1, kShare, "", kIfLadder});
    visit(o.lambda, I{"lambda", kPaper, "Weight of the classification loss.", 0, 1000, "", "", kIfPaper});
    visit(o.ramp,
          I{"ramp", kPaper, "Steps over which lambda rises from 0.", 1, 10'000'000, "steps", "", kIfPaper});
    visit(o.noise,
          I{"noise", kPaper, "Sigma of Gaussian noise on the injector's input, [-1,1] units (Table 9: 0.5).",
            0, 2, "", "", kIfPaper});
    visit(o.augmentation, I{"augmentation", kPaper, "Ranges of the paper's text or of its code.", 0, 0, "",
                            "text|code", kIfPaper});
    visit(o.truncate, I{"truncate", kPaper, "8-bit rounding by truncation, as the reference code does."});
    visit(o.logEvery, I{"logEvery", kRecord, "A point of every curve.", 1, 1'000'000, "steps"});
    visit(o.checkpointEvery,
          I{"checkpointEvery", kRecord, "A checkpoint (the last and the one before are kept).", 1, 10'000'000,
            "steps"});
    visit(o.keepEvery,
          I{"keepEvery", kRecord, "Checkpoints that are kept for good; 0: none.", 0, 10'000'000, "steps"});
    visit(o.validateEvery,
          I{"validateEvery", kRecord,
            "Validation on photographs that are not trained on; the best checkpoint is kept; 0: "
            "never.",
            0, 10'000'000, "steps"});
    visit(o.validationImages,
          I{"validationImages", kRecord, "Photographs of a validation.", 1, 10'000, "images"});
    visit(o.sampleEvery, I{"sampleEvery", kRecord, "A grid of samples on fixed photographs; 0: never.", 0,
                           10'000'000, "steps"});
}

[[noreturn]] void throwUnknownKey(const std::string& key, const Json& known, const std::string& prefix = {}) {
    std::vector<std::string> keys;
    for (const auto& [name, value] : known.items()) keys.push_back(name);
    const std::string nearest = nearestKey(key, keys);
    throw Error(ErrorCode::BadOption,
                fmt::format("unknown key \"{}{}\" in the training configuration{}", prefix, key,
                            nearest.empty() ? "" : fmt::format("; did you mean \"{}{}\"?", prefix, nearest)));
}

/// A number as a person types it (.5, 5., +1, 1e4), of the kind of the option's value now; nothing where the
/// option or the text is no number.
std::optional<Json> typedNumber(const std::string& text, const Json& now) {
    const std::string digits = text.starts_with('+') && !text.starts_with("+-") ? text.substr(1) : text;
    double number = 0;
    const char* const last = digits.data() + digits.size();
    const auto [end, problem] = std::from_chars(digits.data(), last, number);
    if (!now.is_number() || end != last || problem != std::errc() || !std::isfinite(number))
        return std::nullopt;
    const bool whole = number == std::trunc(number) && std::abs(number) < kExactIntegers;
    if (now.is_number_integer() && whole) return Json(static_cast<std::int64_t>(number));
    return Json(number);
}

}  // namespace

void TrainingOptions::validate() const {
    network.validate();
    walk(*this, [](const auto& field, const OptionInfo& info) {
        checkOption(describeOption(info, field, ""), field);
    });
    if (batch % accumulate != 0 || batch / accumulate < 2)
        throw Error(ErrorCode::BadOption,
                    fmt::format("accumulate is {}; it divides batch ({}) into parts of at least 2 images",
                                accumulate, batch));
    if (objective == "ladder" && network.arch != "compact")
        throw Error(
            ErrorCode::BadOption,
            "the ladder trains the compact networks; the paper's networks train with objective \"paper\"");
    if (objective == "paper" && network.arch != "paper")
        throw Error(ErrorCode::BadOption,
                    "objective \"paper\" trains the paper's networks (network.arch \"paper\")");
}

Json TrainingOptions::toJson() const {
    Json json = Json::object();
    walk(*this, [&](const auto& field, const OptionInfo& info) { json[info.key] = field; });
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
    walk(options, [&](auto& field, const OptionInfo& info) {
        if (!left.contains(info.key)) return;
        field = strictValue<std::decay_t<decltype(field)>>(left[info.key], info.key);
        left.erase(info.key);
    });
    if (!left.empty()) throwUnknownKey(left.begin().key(), options.toJson());
    options.validate();
    return options;
}

std::vector<OptionDescription> TrainingOptions::describe() {
    std::vector<OptionDescription> fields;
    const TrainingOptions standard;
    walk(standard, [&](const auto& field, const OptionInfo& info) {
        fields.push_back(describeOption(info, field, ""));
    });
    const auto network = NetworkOptions::describe();
    fields.insert(fields.begin() + 3, network.begin(), network.end());  // after name, data and objective
    return fields;
}

void TrainingOptions::set(const std::string& assignment) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0)
        throw Error(ErrorCode::BadOption, fmt::format("\"{}\" is not key=value", assignment));
    const std::string key = assignment.substr(0, equals);
    const std::string text = assignment.substr(equals + 1);
    Json json = toJson();
    const bool ofNetwork = key.starts_with("network.");
    Json& fields = ofNetwork ? json["network"] : json;
    const std::string field = ofNetwork ? key.substr(8) : key;
    if (!fields.contains(field)) throwUnknownKey(field, fields, ofNetwork ? "network." : "");
    Json value = Json::parse(text, nullptr, false);
    if (value.is_discarded() || (fields[field].is_string() && !value.is_string())) value = text;
    fields[field] = typedNumber(text, fields[field]).value_or(value);
    *this = fromJson(json);
}

std::vector<std::string> presetNames() {
    std::vector<std::string> names;
    for (const auto& path : filesIn(dataFolder() / "resources/presets")) {
        if (path.extension() == ".json") names.push_back(path.stem().string());
    }
    return names;
}

TrainingOptions loadTrainingOptions(const std::string& presetOrFile) {
    std::filesystem::path path = presetOrFile;
    if (path.extension() != ".json") path = dataFolder() / "resources/presets" / (presetOrFile + ".json");
    if (!std::filesystem::exists(path)) {
        throw Error(ErrorCode::NotFound, fmt::format("there is no preset \"{}\"; there are: {}", presetOrFile,
                                                     fmt::join(presetNames(), ", ")));
    }
    const Json json = Json::parse(readTextFile(path), nullptr, false);
    if (json.is_discarded()) throw Error(ErrorCode::BadOption, fmt::format("{} is not JSON", path.string()));
    return TrainingOptions::fromJson(json);
}

}  // namespace signet::signature
