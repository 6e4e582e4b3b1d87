#include "core/baselines/artificial_fingerprint_options.h"

#include <bit>

#include "core/base/error.h"
#include "core/base/option_fields.h"

namespace signet::baselines {
namespace {

template <typename Options, typename Visitor>
void walkStampNetwork(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    constexpr const char* kOf = training::kNetworkGroup;
    visit(o.side, I{"side", kOf, "Side of the pictures, a power of 2.", 32, 256, "px"});
    visit(o.bits, I{"bits", kOf, "Length of a fingerprint.", 1, 512, "bits"});
    visit(o.encoderWidths,
          I{"encoderWidths", kOf, "Channels of the encoder at each of its five sizes, the full one first.", 4,
            1024});
    visit(o.decoderWidths, I{"decoderWidths", kOf, "Channels of the decoder's seven layers.", 4, 1024});
    visit(o.decoderHidden, I{"decoderHidden", kOf, "Numbers in the decoder's hidden layer.", 8, 4096});
}

template <typename Options, typename Visitor>
void walkStampTraining(Options& o, Visitor&& visit) {
    walkRun(o, visit, kArtificialFingerprintTask);
    using I = OptionInfo;
    constexpr const char* kLossGroup = "Loss";
    visit(o.data,
          I{"data", "Run",
            "Folder of pictures that are fingerprinted; where it has a manifest.csv, the training part "
            "of it is used."});
    walkStampNetwork(o.network, visit);
    training::walkOptimiser(o, visit);
    visit(o.readAt,
          I{"readAt", kLossGroup,
            "Bit accuracy of a step above which pictures begin to count: until it was once reached, "
            "the bits alone do.",
            0.5, 1, "share"});
    visit(o.pictureWeight, I{"pictureWeight", kLossGroup,
                             "Weight of the mean squared error (of pixels in 0..1) beside the bits' cross "
                             "entropy at last.",
                             0, 1000});
    visit(o.pictureDelay,
          I{"pictureDelay", kLossGroup, "Steps from then on until that weight begins to rise from 0.", 0,
            10'000'000, "steps"});
    visit(o.pictureRamp, I{"pictureRamp", kLossGroup, "Steps in which it rises.", 1, 10'000'000, "steps"});
    visit(o.validationImages, training::kValidationImages);
    walkRecord(o, visit);
}

template <typename Options>
auto stampNetworkWalkOf(Options& options) {
    return [&options](auto&& visit) { walkStampNetwork(options, visit); };
}

template <typename Options>
auto stampTrainingWalkOf(Options& options) {
    return [&options](auto&& visit) { walkStampTraining(options, visit); };
}

}  // namespace

void ArtificialFingerprintOptions::validate() const {
    checkFields(stampNetworkWalkOf(*this));
    if (!std::has_single_bit(static_cast<unsigned>(side)))
        throw Error(ErrorCode::BadOption, "side is a power of 2: 32, 64, 128 or 256");
}

Json ArtificialFingerprintOptions::toJson() const {
    return fieldsToJson(stampNetworkWalkOf(*this));
}

ArtificialFingerprintOptions ArtificialFingerprintOptions::fromJson(const Json& json) {
    return optionsFrom<ArtificialFingerprintOptions>(
        json, [](auto& options) { return stampNetworkWalkOf(options); }, "network options are");
}

ArtificialFingerprintTrainingOptions::ArtificialFingerprintTrainingOptions() {
    task = name = kArtificialFingerprintTask;
    steps = 9375;  // 20 epochs of paper B's 30,000 pictures
    batch = 64;
    learningRate = 1e-4;
    decayFrom = finalRate = 1;
    clip = 0;
}

void ArtificialFingerprintTrainingOptions::validate() const {
    checkFields(stampTrainingWalkOf(*this));
    network.validate();
}

Json ArtificialFingerprintTrainingOptions::toJson() const {
    return fieldsToJson(stampTrainingWalkOf(*this));
}

ArtificialFingerprintTrainingOptions ArtificialFingerprintTrainingOptions::fromJson(const Json& json) {
    return optionsFrom<ArtificialFingerprintTrainingOptions>(
        json, [](auto& options) { return stampTrainingWalkOf(options); }, "a training configuration is");
}

std::vector<OptionDescription> ArtificialFingerprintTrainingOptions::describe() {
    const ArtificialFingerprintTrainingOptions standard;
    return describeFields(stampTrainingWalkOf(standard));
}

}  // namespace signet::baselines
