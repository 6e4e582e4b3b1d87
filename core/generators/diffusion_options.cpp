#include "core/generators/diffusion_options.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/option_fields.h"

namespace signet::generators {
namespace {

template <typename Options, typename Visitor>
void walkDiffusionTraining(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    walkRun(o, visit, kDiffusionTask);
    visit(o.data, I{"data", "Run",
                    "Folder of pictures that the diffusion learns to draw; where it has a manifest.csv, the "
                    "training part of it is used. With classes it has a folder for each."});
    visit(o.mirror, I{"mirror", "Run", "Half of the pictures are mirrored."});
    visit(o.bf16, training::kBf16);
    visit(o.recompute, I{"recompute", "Run",
                         "Blocks are computed again for the gradient: less memory, a third more time."});
    visit(o.low, I{"low", training::kNetworkGroup,
                   "Side of the pictures that it enlarges; 0: it draws from noise alone.", 0, 512, "px"});
    visit(o.base, I{"base", training::kNetworkGroup,
                    "Of a diffusion that enlarges: the model of kind \"generator\" that draws what it "
                    "enlarges; both become one model. An upsampler that it has is replaced."});
    visit(o.autoencoder, I{"autoencoder", training::kNetworkGroup,
                           "Model whose latents are what is denoised; empty: pictures are."});
    visit(o.scaleLatents, I{"scaleLatents", training::kNetworkGroup,
                            "Latents are brought to a deviation of 1, by those of the first step."});
    walkDenoiser(o.network, visit);
    training::walkOptimiser(o, visit);
    training::walkWarmUp(o, visit);
    visit(o.classDropout,
          I{"classDropout", "Loss", "Share of pictures whose class is not told, where there are classes.", 0,
            1, "share"});
    walkDraw(o.draw, visit);
    visit(o.validationImages, training::kValidationImages);
    visit(o.distanceImages,
          I{"distanceImages", "Record",
            "Pictures drawn, and as many that are not trained on, whose Frechet distance a validation "
            "measures; 0: none. Not of a diffusion that enlarges.",
            0, 50'000, "images"});
    walkRecord(o, visit);
}

template <typename Options>
auto diffusionWalkOf(Options& options) {
    return [&options](auto&& visit) { walkDiffusionTraining(options, visit); };
}

}  // namespace

DiffusionTrainingOptions::DiffusionTrainingOptions() {
    task = name = kDiffusionTask;
    steps = 500'000;
    batch = 96;
    learningRate = 1e-4;
    decayFrom = 1;
    clip = 0;
    ema = 0.9999;
    warmUp = 1000;
    checkpointEvery = validateEvery = sampleEvery = 2000;
}

void DiffusionTrainingOptions::validate() const {
    checkFields(diffusionWalkOf(*this));
    network.validate();
    draw.validate();
    if (draw.steps > network.timesteps)
        throw Error(ErrorCode::BadOption,
                    fmt::format("drawSteps is at most the {} timesteps", network.timesteps));
    if (autoencoder.empty() && network.channels != 3)
        throw Error(ErrorCode::BadOption, "channels is 3 where pictures are denoised");
    if (low > 0 && !autoencoder.empty())
        throw Error(ErrorCode::BadOption,
                    "what enlarges is of pictures: low and autoencoder exclude each other");
    if (low > 0 && (low >= network.side || network.side % low != 0))
        throw Error(ErrorCode::BadOption, "side is a multiple of low");
    if (low > 0 && distanceImages > 0)
        throw Error(ErrorCode::BadOption, "distanceImages is not of a diffusion that enlarges");
}

Json DiffusionTrainingOptions::toJson() const {
    return fieldsToJson(diffusionWalkOf(*this));
}

DiffusionTrainingOptions DiffusionTrainingOptions::fromJson(const Json& json) {
    return optionsFrom<DiffusionTrainingOptions>(
        json, [](auto& options) { return diffusionWalkOf(options); }, "a training configuration is");
}

std::vector<OptionDescription> DiffusionTrainingOptions::describe() {
    const DiffusionTrainingOptions standard;
    return describeFields(diffusionWalkOf(standard));
}

}  // namespace signet::generators
