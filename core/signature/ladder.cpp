#include "core/signature/ladder.h"

#include <algorithm>

namespace signet::signature {
namespace {

constexpr double kErrorMemory = 0.99;    ///< of each attack's running error
constexpr double kStrengthRise = 0.002;  ///< of the geometric attacks' strength, a step

}  // namespace

Ladder::Ladder(const TrainingOptions& options) : db(options.startDb), open(!options.network.hasCode()) {
    error.fill(0.1);
}

void Ladder::update(const StepReadings& readings, const TrainingOptions& options) {
    const bool hasCode = options.network.hasCode();
    const auto measured = [&](const char* name) { return readings.measured.at(name); };
    if (readings.measured.contains("located")) {
        remember(located, measured("located"));
        remember(refined, measured("refined"));
    }
    remember(presence, measured("presence"));
    if (!hasCode)
        accuracy = presence;
    else if (measured("readable") > 0)
        remember(accuracy, measured("right") / measured("readable"));
    for (std::size_t i = 0; i < readings.right.size(); ++i) {
        if (readings.right[i] < 0) continue;
        double& running = error[static_cast<std::size_t>(readings.kinds[i])];
        running = kErrorMemory * running + (1 - kErrorMemory) * std::max(0.01, 1 - readings.right[i]);
    }
    if (!open && accuracy > options.openAccuracy) {
        open = true;
        strength = 0.1;
    } else if (open && accuracy > options.holdAccuracy && (!hasCode || located < options.holdMisplaced)) {
        strength = std::min(1.0, strength + kStrengthRise);
        const double ahead = accuracy - options.holdAccuracy;
        const bool fast = ahead > (hasCode ? 0.05 : 0.5 * (1 - options.holdAccuracy));
        db = std::min(options.maxDb, db + (fast ? options.fastRise : options.rise));
    }
}

void Ladder::describe(training::NamedValues& values, bool hasCode) const {
    values.emplace_back("psnr_db", db);
    values.emplace_back("attack_strength", strength);
    values.emplace_back(hasCode ? "bit_accuracy" : "accuracy", accuracy);
    values.emplace_back("presence_accuracy", presence);
    if (!hasCode) return;
    values.emplace_back("misplaced_located", located);
    values.emplace_back("misplaced_refined", refined);
}

Json Ladder::toJson() const {
    return {{"db", db},
            {"strength", strength},
            {"open", open},
            {"accuracy", accuracy},
            {"presence", presence},
            {"located", located},
            {"refined", refined},
            {"error", error}};
}

void Ladder::fromJson(const Json& json) {
    json.at("db").get_to(db);
    json.at("strength").get_to(strength);
    json.at("open").get_to(open);
    json.at("accuracy").get_to(accuracy);
    json.at("presence").get_to(presence);
    json.at("located").get_to(located);
    json.at("refined").get_to(refined);
    json.at("error").get_to(error);
}

}  // namespace signet::signature
