#include "core/signature/training_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/platform.h"

namespace signet::signature {
namespace {

/// One walk over all fields serves reading, writing and checking: visit(key, field, low, high).
template <typename Options, typename Visitor>
void walk(Options& o, Visitor&& visit) {
    visit("name", o.name, 0, 0);
    visit("data", o.data, 0, 0);
    visit("objective", o.objective, 0, 0);
    visit("steps", o.steps, 1, 100'000'000);
    visit("batch", o.batch, 2, 4096);
    visit("accumulate", o.accumulate, 1, 4096);
    visit("checkpointing", o.checkpointing, 0, 1);
    visit("seed", o.seed, 0, 2'000'000'000);
    visit("threads", o.threads, 1, 1024);
    visit("bf16", o.bf16, 0, 1);
    visit("learningRate", o.learningRate, 1e-8, 1);
    visit("decayFrom", o.decayFrom, 0, 1);
    visit("finalRate", o.finalRate, 0, 1);
    visit("clip", o.clip, 0, 1e6);
    visit("startDb", o.startDb, 5, 70);
    visit("maxDb", o.maxDb, 5, 70);
    visit("openAccuracy", o.openAccuracy, 0.5, 1);
    visit("holdAccuracy", o.holdAccuracy, 0.5, 1);
    visit("holdMisplaced", o.holdMisplaced, 0, 2);
    visit("rise", o.rise, 0, 1);
    visit("fastRise", o.fastRise, 0, 1);
    visit("presenceWeight", o.presenceWeight, 0, 100);
    visit("locateWeight", o.locateWeight, 0, 100);
    visit("attackBoth", o.attackBoth, 0, 1);
    visit("worstShare", o.worstShare, 0, 1);
    visit("cropSide", o.cropSide, 0.1, 1);
    visit("rotation", o.rotation, 0, 180);
    visit("flipShare", o.flipShare, 0, 1);
    visit("attenuation", o.attenuation, 0, 1);
    visit("lambda", o.lambda, 0, 1000);
    visit("ramp", o.ramp, 1, 10'000'000);
    visit("noise", o.noise, 0, 2);
    visit("augmentation", o.augmentation, 0, 0);
    visit("truncate", o.truncate, 0, 1);
    visit("logEvery", o.logEvery, 1, 1'000'000);
    visit("checkpointEvery", o.checkpointEvery, 1, 10'000'000);
}

}  // namespace

void TrainingOptions::validate() const {
    network.validate();
    walk(*this, [](const char* key, const auto& field, double low, double high) {
        using Field = std::decay_t<decltype(field)>;
        if constexpr (!std::is_same_v<Field, std::string>) {
            const auto value = static_cast<double>(field);
            if (!(value >= low && value <= high))
                throw Error(ErrorCode::BadOption,
                            fmt::format("{} is {}; it lies in {}..{}", key, value, low, high));
        }
    });
    if (objective != "ladder" && objective != "paper")
        throw Error(ErrorCode::BadOption, "objective is \"ladder\" or \"paper\"");
    if (augmentation != "text" && augmentation != "code")
        throw Error(ErrorCode::BadOption, "augmentation is \"text\" or \"code\"");
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
    walk(*this, [&](const char* key, const auto& field, double, double) { json[key] = field; });
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
    walk(options, [&](const char* key, auto& field, double, double) {
        if (!left.contains(key)) return;
        field = strictValue<std::decay_t<decltype(field)>>(left[key], key);
        left.erase(key);
    });
    if (!left.empty())
        throw Error(ErrorCode::BadOption,
                    fmt::format("unknown key \"{}\" in the training configuration", left.begin().key()));
    options.validate();
    return options;
}

void TrainingOptions::set(const std::string& assignment) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0)
        throw Error(ErrorCode::BadOption, fmt::format("\"{}\" is not key=value", assignment));
    const std::string key = assignment.substr(0, equals);
    const std::string text = assignment.substr(equals + 1);
    Json value = Json::parse(text, nullptr, false);
    if (value.is_discarded()) value = text;
    Json json = toJson();
    if (key.starts_with("network.")) {
        const std::string field = key.substr(8);
        if (!json["network"].contains(field))
            throw Error(ErrorCode::BadOption, fmt::format("unknown key \"{}\"", key));
        json["network"][field] = value;
    } else {
        if (!json.contains(key)) throw Error(ErrorCode::BadOption, fmt::format("unknown key \"{}\"", key));
        json[key] = json[key].is_string() && !value.is_string() ? Json(text) : value;
    }
    *this = fromJson(json);
}

std::vector<std::string> presetNames() {
    std::vector<std::string> names;
    for (const auto& path : expandPaths({dataFolder() / "resources/presets"}, false, false)) {
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
