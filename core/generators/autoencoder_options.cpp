#include "core/generators/autoencoder_options.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/option_fields.h"

namespace signet::generators {
namespace {

template <typename Options, typename Visitor>
void walkAutoencoderTraining(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    walkRun(o, visit, kAutoencoderTask);
    visit(o.data, I{"data", "Run",
                    "Folder of pictures that the autoencoder learns to bring back; where it has a "
                    "manifest.csv, the training part of it is used."});
    visit(o.mirror, I{"mirror", "Run", "Half of the pictures are mirrored."});
    visit(o.bf16, training::kBf16);
    visit(o.side,
          I{"side", training::kNetworkGroup, "Side of the pictures it is trained on.", 16, 1024, "px"});
    walkAutoencoder(o.network, visit);
    visit(o.criticWidth,
          I{"criticWidth", training::kNetworkGroup, "Channels of the discriminator's first layer.", 8, 512});
    visit(o.criticHalvings,
          I{"criticHalvings", training::kNetworkGroup, "Times the discriminator halves the size.", 1, 6});
    visit(o.learningRate, I{"learningRate", "Optimiser", "Adam's step size (betas 0.5 and 0.9).", 1e-8, 1});
    visit(o.onlyDecoder,
          I{"onlyDecoder", "Optimiser", "Encoder and codebook stay as they are: paper A's stage 2."});
    visit(o.perceptual, I{"perceptual", "Loss",
                          "Weight of the distance of features of EfficientNet-Lite0 (published: of VGG, "
                          "LPIPS); 0: none.",
                          0, 1000});
    visit(o.adversarial,
          I{"adversarial", "Loss",
            "Weight of the discriminator's verdict, times the ratio of both gradients at the last layer; 0: "
            "no discriminator.",
            0, 1000});
    visit(o.adversarialFrom, I{"adversarialFrom", "Loss", "The discriminator's verdict counts from here on.",
                               0, 100'000'000, "steps"});
    visit(o.codebook, I{"codebook", "Loss", "Weight of the codebook's term.", 0, 1000});
    visit(o.divergence, I{"divergence", "Loss", "Weight of a Gaussian latent's divergence.", 0, 1000});
    visit(o.restartEvery, I{"restartEvery", "Loss",
                            "Vectors of the codebook that no place took in so many steps begin anew at "
                            "latents of the batch; 0: never, as published.",
                            0, 1'000'000, "steps"});
    visit(o.validationImages, training::kValidationImages);
    walkRecord(o, visit);
}

template <typename Options>
auto autoencoderTrainingWalkOf(Options& options) {
    return [&options](auto&& visit) { walkAutoencoderTraining(options, visit); };
}

}  // namespace

AutoencoderTrainingOptions::AutoencoderTrainingOptions() {
    task = name = kAutoencoderTask;
    steps = 100'000;
    batch = 64;
    checkpointEvery = validateEvery = sampleEvery = 1000;
}

void AutoencoderTrainingOptions::validate() const {
    checkFields(autoencoderTrainingWalkOf(*this));
    generators::validate(network);
    if (side >> (criticHalvings + 1) < 2)
        throw Error(ErrorCode::BadOption,
                    fmt::format("a discriminator that halves {} px {} times has nothing left to judge", side,
                                criticHalvings));
    if (side % network.factor() != 0)
        throw Error(ErrorCode::BadOption,
                    fmt::format("side {} is not a multiple of {}", side, network.factor()));
}

Json AutoencoderTrainingOptions::toJson() const {
    return fieldsToJson(autoencoderTrainingWalkOf(*this));
}

AutoencoderTrainingOptions AutoencoderTrainingOptions::fromJson(const Json& json) {
    return optionsFrom<AutoencoderTrainingOptions>(
        json, [](auto& options) { return autoencoderTrainingWalkOf(options); },
        "a training configuration is");
}

std::vector<OptionDescription> AutoencoderTrainingOptions::describe() {
    const AutoencoderTrainingOptions standard;
    return describeFields(autoencoderTrainingWalkOf(standard));
}

}  // namespace signet::generators
