#include "core/fingerprint/fingerprint_options.h"

#include <fmt/format.h>

#include <bit>

#include "core/base/error.h"
#include "core/base/option_fields.h"
#include "core/fingerprint/immunisation.h"

namespace signet::fingerprint {
namespace {

template <typename Options, typename Visitor>
void walkNetwork(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    constexpr const char* kNetwork = training::kNetworkGroup;
    constexpr const char* kStyleGan2Only = "backbone=stylegan2";
    constexpr const char* kResidualOnly = "backbone=sngan|wgan-gp";
    visit(o.backbone, I{"backbone", kNetwork,
                        "What generator and discriminator are built like, and the loss between them.", 0, 0,
                        "", "stylegan2|sngan|wgan-gp"});
    visit(o.side, I{"side", kNetwork, "Side of the pictures, a power of 2.", 8, 1024, "px"});
    visit(o.bits, I{"bits", kNetwork, "Length of a fingerprint.", 1, 512, "bits"});
    visit(o.latent, I{"latent", kNetwork, "Numbers in the latent z.", 8, 1024});
    visit(o.style, I{"style", kNetwork, "Numbers in an embedding that modulates.", 8, 1024});
    visit(o.variant, I{"variant", kNetwork,
                       "What goes where. published: z at the input end, the fingerprint modulates; I: the "
                       "other way round; "
                       "II: both modulate, one after the other; III: both as one vector modulate.",
                       0, 0, "", "published|I|II|III", kStyleGan2Only});
    visit(o.mappingLayers, I{"mappingLayers", kNetwork, "Layers of the encoder E.", 1, 16, "layers"});
    visit(o.mappingRate,
          I{"mappingRate", kNetwork,
            "Factor on the encoder's learning rate; the paper's code has 0.01, with 1 short runs "
            "learn faster; where the learning rate is small, more.",
            0.0001, 100});
    visit(o.signedBits, I{"signedBits", kNetwork,
                          "Fingerprints enter the encoder as -1 and 1 instead of the published 0 and 1."});
    visit(o.featureBase,
          I{"featureBase", kNetwork, "Channels of the generator at 2 px; half as many at twice the size.", 64,
            65'536, "", "", kStyleGan2Only});
    visit(o.featureMost,
          I{"featureMost", kNetwork, "Channels of the generator at most.", 8, 1024, "", "", kStyleGan2Only});
    visit(o.width, I{"width", kNetwork,
                     "Channels of the generator at the pictures' size, the others in proportion; 0: as "
                     "published.",
                     0, 1024, "", "", kResidualOnly});
    visit(o.criticWidth, I{"criticWidth", kNetwork,
                           "Channels of the discriminator at the pictures' size, the others in proportion; "
                           "0: as published.",
                           0, 1024, "", "", kResidualOnly});
    visit(o.decoderBase,
          I{"decoderBase", kNetwork,
            "Channels of the decoder, and of StyleGAN2's discriminator, at 2 px; half as many at twice the "
            "size.",
            64, 65'536});
    visit(o.decoderMost, I{"decoderMost", kNetwork, "Channels of these at most.", 8, 1024});
    visit(o.modulatedFrom,
          I{"modulatedFrom", kNetwork,
            "Levels that are modulated begin here; the others are plain convolutions.", 4, 1024, "px"});
    visit(o.modulatedTo, I{"modulatedTo", kNetwork, "And end here.", 4, 1024, "px"});
}

template <typename Options, typename Visitor>
void walkFields(Options& o, Visitor&& visit) {
    generators::walkGanRun(o, visit, kFingerprintTask);
    using I = OptionInfo;
    constexpr const char* kLoss = generators::kLossGroup;
    constexpr const char* kSchedule = "Schedule";
    walkNetwork(o.network, visit);
    generators::walkGanOptimiser(o, visit);
    visit(o.decoderRate, I{"decoderRate", "Optimiser", "Factor on the decoder's step size.", 0.001, 1000});
    visit(o.criticSteps, I{"criticSteps", "Optimiser",
                           "Steps of the discriminator, each on pictures of its own, for one of the "
                           "generator.",
                           1, 100, "steps"});
    visit(o.adversarial,
          I{"adversarial", kLoss, "Weight of the discriminator's judgement (Eq. 1).", 0, 1000});
    visit(o.latentWeight,
          I{"latentWeight", kLoss, "Weight of the squared error of the latent read back (Eq. 2).", 0, 1000});
    visit(o.bitsWeight,
          I{"bitsWeight", kLoss, "Weight of the cross-entropy of the fingerprint's bits (Eq. 3).", 0, 1000});
    visit(o.consistency,
          I{"consistency", kLoss,
            "Weight of the squared difference of two pictures of one latent and two fingerprints (Eq. 4).", 0,
            1000});
    generators::walkGanRegularisers(o, visit);
    visit(o.gradientPenalty,
          I{"gradientPenalty", kLoss,
            "Weight of the deviation from 1 of the discriminator's gradient between real and drawn pictures.",
            0, 1000, "", "", "backbone=wgan-gp"});
    visit(o.codes, I{"codes", kSchedule,
                     "Fingerprints that are trained with, drawn once; 0: a new one for every picture.", 0,
                     10'000'000});
    visit(
        o.immunise,
        I{"immunise", kSchedule,
          "What pictures go through, half of the time and with a strength that is drawn, before the decoder "
          "learns from them; all: one of the four.",
          0, 0, "", kImmunisations});
    visit(o.picturesFirst,
          I{"picturesFirst", kSchedule,
            "Steps in which fingerprints do not differ, so that the latent decides the picture. Not the "
            "paper's: small networks else draw what the fingerprint says, and leave the latent out.",
            0, 1'000'000, "steps"});
    visit(
        o.firstDifference,
        I{"firstDifference", kSchedule,
          "Mean squared difference of two pictures of one latent and two fingerprints, of values in [-1,1], "
          "with which fingerprints begin to differ after picturesFirst or at a start; 0: as large as the "
          "networks have it. Where it is large the pictures are lost again. Not the paper's.",
          0, 1});
    visit(o.bitsFirst,
          I{"bitsFirst", kSchedule,
            "Bit accuracy up to which bits come first; 0: the paper's weights from the start. Not the "
            "paper's: with "
            "its weights from the start small networks do not begin to read bits for a long time.",
            0, 1, "share"});
    visit(o.firstBitsWeight, I{"firstBitsWeight", kSchedule, "Weight of the bits until then.", 0, 1000});
    visit(o.firstOtherWeight, I{"firstOtherWeight", kSchedule,
                                "Factor on the weights of the discriminator's judgement, the latent and the "
                                "consistency until then; at 0 there is no discriminator.",
                                0, 1000});
    visit(o.firstRate, I{"firstRate", kSchedule,
                         "Factor on the learning rate of generator and decoder until then.", 0.01, 100});
    visit(
        o.firstBits,
        I{"firstBits", kSchedule,
          "Bits that differ between fingerprints when bits come first, one more with each step that they are "
          "read at bitsFirst; 0: all from the start.",
          0, 512, "bits"});
    visit(o.turnStep, I{"turnStep", kSchedule,
                        "How far weights and learning rate turn from those of bits first to the paper's with "
                        "each step that all "
                        "bits are read at bitsFirst; 1: at once.",
                        0.0001, 1, "share"});
    visit(o.validationImages, I{"validationImages", "Record",
                                "Pictures drawn for a validation, of latents and fingerprints not trained "
                                "with.",
                                8, 100'000, "images"});
    generators::walkGanRecord(o, visit);
}

template <typename Options>
auto walkOf(Options& options) {
    return [&options](auto&& visit) { walkFields(options, visit); };
}

template <typename Options>
auto walkOfNetwork(Options& options) {
    return [&options](auto&& visit) { walkNetwork(options, visit); };
}

}  // namespace

void FingerprintOptions::validate() const {
    checkFields(walkOfNetwork(*this));
    if (!std::has_single_bit(static_cast<unsigned>(side)))
        throw Error(ErrorCode::BadOption, "side is a power of 2: 32, 64, 128, 256 ...");
    if (modulatedFrom > modulatedTo)
        throw Error(ErrorCode::BadOption, "modulatedFrom is at most modulatedTo");
    if (!isResidual()) return;
    if (side != 32 && side != 64 && side != 128)
        throw Error(ErrorCode::BadOption,
                    fmt::format("side is {}; with the backbone {} it is 32, 64 or 128 px", side, backbone));
    if (variant != "published")
        throw Error(ErrorCode::BadOption,
                    fmt::format("variant is {}; the backbone {} has none but published", variant, backbone));
}

Json FingerprintOptions::toJson() const {
    return fieldsToJson(walkOfNetwork(*this));
}

FingerprintOptions FingerprintOptions::fromJson(const Json& json) {
    return optionsFrom<FingerprintOptions>(
        json, [](auto& options) { return walkOfNetwork(options); }, "network options are");
}

FingerprintTrainingOptions::FingerprintTrainingOptions() {
    task = name = kFingerprintTask;
    r1 = 100;         // of config E
    steps = 750'000;  // 12 million pictures
    batch = 16;
    checkpointEvery = validateEvery = 2000;
    sampleEvery = 2000;
}

void FingerprintTrainingOptions::validate() const {
    checkFields(walkOf(*this));
    network.validate();
    if (firstDifference > 0 && !network.signedBits)
        throw Error(ErrorCode::BadOption, "firstDifference is for signedBits");
    if (network.isResidual() && (pathWeight > 0 || r1 > 0))
        throw Error(
            ErrorCode::BadOption,
            fmt::format("only stylegan2 has a path length and R1: with the backbone {} pathWeight and "
                        "r1 are 0",
                        network.backbone));
}

Json FingerprintTrainingOptions::toJson() const {
    return fieldsToJson(walkOf(*this));
}

FingerprintTrainingOptions FingerprintTrainingOptions::fromJson(const Json& json) {
    return optionsFrom<FingerprintTrainingOptions>(
        json, [](auto& options) { return walkOf(options); }, "a training configuration is");
}

std::vector<OptionDescription> FingerprintTrainingOptions::describe() {
    const FingerprintTrainingOptions standard;
    return describeFields(walkOf(standard));
}

}  // namespace signet::fingerprint
