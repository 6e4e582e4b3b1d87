#include "core/generators/published_stylegan2.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/torch.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/base/new_folder.h"
#include "core/base/text.h"
#include "core/generators/style_generator.h"
#include "core/nn/torch_checkpoint.h"
#include "core/training/model_folder.h"

namespace signet::generators {

using torch::Tensor;

namespace {

constexpr const char* kFirstConv = "conv1.conv.weight";
constexpr std::size_t kNamed = 6;  ///< names of tensors an error lists

[[noreturn]] void otherArchitecture(const std::string& what) {
    throw Error(ErrorCode::Corrupt, "this is not a StyleGAN2 generator as Signet reads them: " + what);
}

/// The averaged generator of a training's checkpoint, the generator, or what the file itself holds.
nn::TensorMap generatorPart(const nn::TensorMap& all) {
    for (const char* prefix : {"g_ema/", "g/", ""})
        if (all.contains(std::string(prefix) + kFirstConv)) return nn::withoutPrefix(all, prefix);
    otherArchitecture(fmt::format("it holds no \"{}\", neither itself nor in g_ema or g", kFirstConv));
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
            otherArchitecture(fmt::format("{} is another filter than [1,3,3,1]", name));
        return true;
    });
}

std::int64_t sizeOf(const nn::TensorMap& state, const std::string& name, std::int64_t dimension) {
    const auto found = state.find(name);
    if (found == state.end() || found->second.dim() <= dimension)
        otherArchitecture(fmt::format("{} is missing", name));
    return found->second.size(dimension);
}

StyleGeneratorOptions optionsOf(const nn::TensorMap& state, double mappingRate) {
    StyleGeneratorOptions options;
    options.mappingRate = mappingRate;
    int convolutions = 0;
    while (state.contains(fmt::format("convs.{}.conv.weight", convolutions))) ++convolutions;
    if (convolutions % 2 != 0 || convolutions > 16) otherArchitecture("a level has two convolutions");
    options.side = 4 << (convolutions / 2);
    options.mappingLayers = 0;
    while (state.contains(fmt::format("style.{}.weight", options.mappingLayers + 1))) ++options.mappingLayers;
    options.style = static_cast<int>(sizeOf(state, "style.1.weight", 0));
    options.latent = static_cast<int>(sizeOf(state, "style.1.weight", 1));
    options.featureMost = static_cast<int>(sizeOf(state, kFirstConv, 1));
    const auto last = convolutions == 0
                          ? options.featureMost
                          : sizeOf(state, fmt::format("convs.{}.conv.weight", convolutions - 1), 1);
    options.featureBase = static_cast<int>(last * options.side / 2);
    options.validate();
    return options;
}

/// Throws with all that is missing, has no place or another shape.
void requireSame(const nn::TensorMap& wanted, const nn::TensorMap& given) {
    std::vector<std::string> missing, others, shapes;
    for (const auto& [name, tensor] : wanted) {
        const auto found = given.find(name);
        if (found == given.end())
            missing.push_back(name);
        else if (found->second.sizes() != tensor.sizes())
            shapes.push_back(fmt::format("{} ({} instead of {})", name, fmt::join(found->second.sizes(), "x"),
                                         fmt::join(tensor.sizes(), "x")));
    }
    for (const auto& [name, tensor] : given)
        if (!wanted.contains(name)) others.push_back(name);
    std::vector<std::string> parts;
    const auto list = [&](const char* what, std::vector<std::string>& names) {
        if (names.empty()) return;
        const auto all = names.size();
        names.resize(std::min(all, kNamed));
        parts.push_back(fmt::format("{}: {}{}", what, fmt::join(names, ", "),
                                    all > kNamed ? fmt::format(" and {} more", all - kNamed) : ""));
    };
    list("missing", missing);
    list("of another shape", shapes);
    list("not known", others);
    if (!parts.empty()) otherArchitecture(fmt::format("{}", fmt::join(parts, "; ")));
}

StyleGenerator generatorOf(const Bytes& checkpoint, double mappingRate) {
    auto state = generatorPart(nn::parseTorchCheckpoint(checkpoint));
    takeOutFilters(state);
    StyleGenerator generator(optionsOf(state, mappingRate));
    requireSame(generator.state(), state);
    generator.load(state);
    return generator;
}

}  // namespace

models::Manifest importStyleGan2(const std::filesystem::path& checkpoint, const std::filesystem::path& folder,
                                 double mappingRate) {
    NewFolder made(folder);
    const Bytes bytes = readFile(checkpoint, nn::kMaxCheckpointBytes);
    StyleGenerator generator = [&] {
        try {
            return generatorOf(bytes, mappingRate);
        } catch (const Error& error) {
            throw Error(error.code(),
                        fmt::format("{}: {}", toUtf8(checkpoint.filename().string()), error.what()));
        }
    }();

    models::Manifest model;
    model.folder = made.made();
    model.name = made.name();
    model.title = fmt::format("StyleGAN2, {} px, imported", generator.options().side);
    model.arch = "stylegan2";
    model.parameters = generator.parameterCount();
    model.resolution = generator.options().side;
    model.of = models::GeneratorFields{generator.options().latent};
    model.options = generator.options().toJson();
    model.run = {{"imported_from", toUtf8(checkpoint.filename().string())}, {"sha256", sha256Hex(bytes)}};
    training::writeModelFolder(model, {{"generator"}, "signet-generator", generator.state()});
    made.put();
    made.keep();
    return models::readManifest(folder);
}

}  // namespace signet::generators
