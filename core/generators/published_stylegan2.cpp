#include "core/generators/published_stylegan2.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include "core/generators/published_checkpoint.h"
#include "core/generators/style_generator.h"
#include "core/training/checkpoint_import.h"

namespace signet::generators {

using torch::Tensor;
using training::requireSameTensors;
using training::sizeAlong;
using training::throwOtherArchitecture;

namespace {

constexpr const char* kFirstConv = "conv1.conv.weight";
constexpr const char* kStyleGan2Generator = "StyleGAN2 generator";

/// The averaged generator of a training's checkpoint, the generator, or what the file itself holds.
nn::TensorMap generatorPart(const nn::TensorMap& all) {
    for (const char* prefix : {"g_ema/", "g/", ""})
        if (all.contains(std::string(prefix) + kFirstConv)) return nn::withoutPrefix(all, prefix);
    throwOtherArchitecture(kStyleGan2Generator,
                           fmt::format("it holds no \"{}\", neither itself nor in g_ema or g", kFirstConv));
}

/// Takes out the filters that published files keep as tensors; ours is in the code.
void takeOutFilters(nn::TensorMap& state) {
    const Tensor taps = torch::tensor({1.0F, 3.0F, 3.0F, 1.0F});
    const Tensor filter = torch::outer(taps, taps) / 64;
    std::erase_if(state, [&](const auto& entry) {
        const auto& [name, tensor] = entry;
        if (!name.ends_with("blur.kernel") && !name.ends_with("upsample.kernel")) return false;
        // Times 4 where it enlarges.
        if (tensor.sizes() != filter.sizes() || !torch::allclose(tensor, filter * 4, 1e-5, 1e-7))
            throwOtherArchitecture(kStyleGan2Generator,
                                   fmt::format("{} is another filter than [1,3,3,1]", name));
        return true;
    });
}

StyleGeneratorOptions optionsOf(const nn::TensorMap& state, double mappingRate) {
    const auto sizeOf = [&](const std::string& name, std::int64_t dimension) {
        return sizeAlong(kStyleGan2Generator, state, name, dimension);
    };
    StyleGeneratorOptions options;
    options.mappingRate = mappingRate;
    int convolutions = 0;
    while (state.contains(fmt::format("convs.{}.conv.weight", convolutions))) ++convolutions;
    if (convolutions % 2 != 0 || convolutions > 16)
        throwOtherArchitecture(kStyleGan2Generator, "a level has two convolutions");
    options.side = 4 << (convolutions / 2);
    options.mappingLayers = 0;
    while (state.contains(fmt::format("style.{}.weight", options.mappingLayers + 1))) ++options.mappingLayers;
    options.style = static_cast<int>(sizeOf("style.1.weight", 0));
    options.latent = static_cast<int>(sizeOf("style.1.weight", 1));
    options.featureMost = static_cast<int>(sizeOf(kFirstConv, 1));
    const auto last = convolutions == 0 ? options.featureMost
                                        : sizeOf(fmt::format("convs.{}.conv.weight", convolutions - 1), 1);
    options.featureBase = static_cast<int>(last * options.side / 2);
    options.validate();
    return options;
}

}  // namespace

models::Manifest importStyleGan2(const std::filesystem::path& checkpoint, const std::filesystem::path& folder,
                                 double mappingRate) {
    return importGenerator(checkpoint, folder, "StyleGAN2", [&](const nn::TensorMap& tensors) {
        auto state = generatorPart(tensors);
        takeOutFilters(state);
        auto generator = std::make_unique<StyleGenerator>(optionsOf(state, mappingRate));
        requireSameTensors(kStyleGan2Generator, generator->state(), state);
        generator->load(state);
        return generator;
    });
}

}  // namespace signet::generators
