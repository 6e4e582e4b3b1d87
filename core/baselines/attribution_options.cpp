#include "core/baselines/attribution_options.h"

#include <bit>

#include "core/base/error.h"
#include "core/base/option_fields.h"

namespace signet::baselines {
namespace {

constexpr const char* kAttributionRun = "Run";

template <typename Options, typename Visitor>
void walkAttributionNetwork(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    constexpr const char* kOfNetwork = training::kNetworkGroup;
    visit(o.side, I{"side", kOfNetwork, "Side of its square input, a power of 2.", 32, 128, "px"});
    visit(o.featureBase,
          I{"featureBase", kOfNetwork, "Channels at 2 px; half as many at twice the size.", 32, 65'536});
    visit(o.featureMost, I{"featureMost", kOfNetwork, "Channels at most.", 4, 1024});
}

template <typename Options, typename Visitor>
void walkAttribution(Options& o, Visitor&& visit) {
    walkRun(o, visit, kAttributionTask);
    using I = OptionInfo;
    visit(o.sources, I{"sources", kAttributionRun,
                       "Folder whose sub-folders are the classes, two at least: pictures of one source each, "
                       "real ones or a generator's. The classes are called like them."});
    visit(o.validationShare, I{"validationShare", kAttributionRun,
                               "Share of the originals of all sources that is kept apart for validation; "
                               "which, the seed decides.",
                               0, 0.9, "share"});
    visit(o.bf16, training::kBf16);
    walkAttributionNetwork(o.network, visit);
    visit(o.learningRate, I{"learningRate", "Optimiser", "Adam's step size (betas 0 and 0.99).", 1e-8, 1});
    visit(o.attackShare, I{"attackShare", "Attacks",
                           "Share of images that pass a compression, blur, noise, resizing or change of "
                           "colour; mirroring, and crops of those larger than the network's input, are "
                           "always drawn.",
                           0, 1, "share"});
    visit(o.validationImages, training::kValidationImages);
    walkRecord(o, visit);
}

template <typename Options>
auto attributionWalkOf(Options& options) {
    return [&options](auto&& visit) { walkAttribution(options, visit); };
}

template <typename Options>
auto attributorWalkOf(Options& options) {
    return [&options](auto&& visit) {
        walkAttributionNetwork(options, visit);
        visit(options.classes,
              OptionInfo{"classes", training::kNetworkGroup, "What the sources are called."});
    };
}

void requireHalvable(const AttributionNetworkOptions& network) {
    if (!std::has_single_bit(static_cast<unsigned>(network.side)))
        throw Error(ErrorCode::BadOption, "side is a power of 2: 32, 64 or 128");
}

}  // namespace

void AttributionNetworkOptions::validate() const {
    checkFields(attributorWalkOf(*this));
    requireHalvable(*this);
    if (classes.size() < 2) throw Error(ErrorCode::BadOption, "classes names at least two sources");
}

Json AttributionNetworkOptions::toJson() const {
    return fieldsToJson(attributorWalkOf(*this));
}

AttributionNetworkOptions AttributionNetworkOptions::fromJson(const Json& json) {
    return optionsFrom<AttributionNetworkOptions>(
        json, [](auto& options) { return attributorWalkOf(options); }, "an attributor's options are");
}

AttributionTrainingOptions::AttributionTrainingOptions() {
    task = name = kAttributionTask;
    steps = 3'125'000;  // 100,000 thousand pictures
    batch = 32;
}

void AttributionTrainingOptions::validate() const {
    checkFields(attributionWalkOf(*this));
    requireHalvable(network);
}

Json AttributionTrainingOptions::toJson() const {
    return fieldsToJson(attributionWalkOf(*this));
}

AttributionTrainingOptions AttributionTrainingOptions::fromJson(const Json& json) {
    return optionsFrom<AttributionTrainingOptions>(
        json, [](auto& options) { return attributionWalkOf(options); }, "a training configuration is");
}

std::vector<OptionDescription> AttributionTrainingOptions::describe() {
    const AttributionTrainingOptions standard;
    return describeFields(attributionWalkOf(standard));
}

}  // namespace signet::baselines
