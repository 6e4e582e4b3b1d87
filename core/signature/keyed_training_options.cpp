#include "core/signature/keyed_training_options.h"

#include "core/base/error.h"
#include "core/base/option_fields.h"

namespace signet::signature {
namespace {

constexpr const char* kRun = "Run";
constexpr const char* kLadder = "Ladder";
constexpr const char* kAttacks = "Attacks";
constexpr const char* kShare = "share";
constexpr const char* kNetworkKey = "network";

template <typename Options, typename Visitor>
void walkFields(Options& o, Visitor&& visit) {
    walkRun(o, visit, kKeyedTask);
    using I = OptionInfo;
    visit(o.data, I{"data", kRun,
                    "Folder of photographs; where it has a manifest.csv, the training part of it is used."});
    visit(o.side, I{"side", kRun, "Side of the training pictures, two pixels a chip.", 64, 1024, "px"});
    visit(o.bf16, training::kBf16);
    training::walkOptimiser(o, visit);
    visit(o.startLevel, I{"startLevel", kLadder, "Visibility at the first step.", 0.01, 100, "grey levels"});
    visit(o.lastLevel,
          I{"lastLevel", kLadder, "Visibility where the ladder ends.", 0.01, 100, "grey levels"});
    visit(o.openAccuracy,
          I{"openAccuracy", kLadder, "Running bit accuracy that opens the attacks.", 0.5, 1, kShare});
    visit(o.readable,
          I{"readable", kLadder,
            "Bit accuracy from which a view counts as readable: the error-correcting code mends the "
            "rest.",
            0.5, 1, kShare});
    visit(o.hold,
          I{"hold", kLadder, "Running share of readable views above which visibility falls.", 0, 1, kShare});
    visit(o.fall, I{"fall", kLadder, "Fall of the visibility.", 0, 0.1, "share/step"});
    visit(o.fastFall,
          I{"fastFall", kLadder, "Fall while the share is well above hold.", 0, 0.1, "share/step"});
    visit(o.earlyAttack,
          I{"earlyAttack", kAttacks, "Share of the pictures that are attacked before a view is taken too.", 0,
            1, kShare});
    visit(o.secondAttack,
          I{"secondAttack", kAttacks, "Share of views that get a second photometric attack.", 0, 1, kShare});
    visit(o.jitter,
          I{"jitter", kAttacks,
            "Standard deviation of the error of the geometry that a reading is laid out by.", 0, 8, "chips"});
    visit(o.validationImages, training::kValidationImages);
    walkRecord(o, visit);
}

template <typename Options>
auto walkOfKeyed(Options& options) {
    return [&options](auto&& visit) { walkFields(options, visit); };
}

}  // namespace

KeyedTrainingOptions::KeyedTrainingOptions() {
    task = name = kKeyedTask;
    ema = 0.999;
}

void KeyedTrainingOptions::validate() const {
    network.validate();
    checkFields(walkOfKeyed(*this));
    if (side != 2 * network.carrier.chips) throw Error(ErrorCode::BadOption, "side is twice network.chips");
}

Json KeyedTrainingOptions::toJson() const {
    Json json = fieldsToJson(walkOfKeyed(*this));
    json[kNetworkKey] = network.toJson();
    return json;
}

KeyedTrainingOptions KeyedTrainingOptions::fromJson(const Json& json) {
    if (!json.is_object()) throw Error(ErrorCode::BadOption, "a training configuration is a JSON object");
    KeyedTrainingOptions options;
    Json left = json;
    if (left.contains(kNetworkKey)) {
        options.network = KeyedOptions::fromJson(left[kNetworkKey]);
        left.erase(kNetworkKey);
    }
    takeFields(walkOfKeyed(options), left);
    if (!left.empty()) throwUnknownOption(left.begin().key(), options.toJson());
    options.validate();
    return options;
}

std::vector<OptionDescription> KeyedTrainingOptions::describe() {
    const KeyedTrainingOptions standard;
    auto fields = describeFields(walkOfKeyed(standard));
    for (auto& field : KeyedOptions::describe()) {
        field.key = std::string(kNetworkKey) + "." + field.key;
        fields.push_back(std::move(field));
    }
    return fields;
}

}  // namespace signet::signature
