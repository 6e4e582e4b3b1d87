#include "core/generators/published_diffusion.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/option_info.h"
#include "core/generators/adm_generator.h"
#include "core/generators/ldm_generator.h"
#include "core/generators/published_checkpoint.h"
#include "core/models/model_store.h"
#include "core/training/checkpoint_import.h"

namespace signet::generators {

using training::requireSameTensors;
using training::sizeAlong;
using training::throwOtherArchitecture;

namespace {

constexpr const char* kAdm = "guided-diffusion model";
constexpr const char* kLdm = "latent-diffusion model";
constexpr const char* kLdmNetwork = "model.diffusion_model.";
constexpr const char* kLdmFirstStage = "first_stage_model.";
constexpr const char* kLdmAverage = "model_ema.";
constexpr const char* kLdmClasses = "cond_stage_model.embedding.weight";

/// A level of a U-Net as its way up tells it.
struct Level {
    std::int64_t width = 0;
    int blocks = 0;
    bool attends = false;
};

bool holds(const nn::TensorMap& state, const std::string& name) {
    return state.contains(name);
}

/// The coarsest first. resampling: whether residual blocks change the size between levels.
std::vector<Level> levelsOf(const char* network, const nn::TensorMap& state, bool& resampling) {
    std::vector<Level> levels(1);
    for (int i = 0;; ++i) {
        const std::string entry = fmt::format("output_blocks.{}.", i);
        if (!holds(state, entry + "0.out_layers.3.weight")) break;
        Level& level = levels.back();
        level.width = sizeAlong(network, state, entry + "0.out_layers.3.weight", 0);
        ++level.blocks;
        if (holds(state, entry + "1.norm.weight")) level.attends = true;
        for (int j = 1; j <= 2; ++j) {
            const bool block = holds(state, fmt::format("{}{}.in_layers.2.weight", entry, j));
            if (!block && !holds(state, fmt::format("{}{}.conv.weight", entry, j))) continue;
            resampling = block;
            levels.emplace_back();
        }
    }
    if (levels.back().blocks == 0) throwOtherArchitecture(network, "it has no whole way up (output_blocks)");
    for (const Level& level : levels)
        if (level.blocks != levels.front().blocks || level.blocks < 2)
            throwOtherArchitecture(network, "its levels have different numbers of blocks");
    return levels;
}

/// What the tensors of a U-Net say of it.
DenoiserOptions toldBy(const char* network, const nn::TensorMap& state) {
    const auto sizeOf = [&](const std::string& name, std::int64_t dimension) {
        return static_cast<int>(sizeAlong(network, state, name, dimension));
    };
    DenoiserOptions o;
    o.width = sizeOf("time_embed.0.weight", 1);
    const auto levels = levelsOf(network, state, o.resamplingBlocks);
    o.blocks = levels.front().blocks - 1;
    o.multipliers.clear();
    o.attentionFactors.clear();
    int factor = 1;
    for (auto level = levels.rbegin(); level != levels.rend(); ++level, factor *= 2) {
        o.multipliers.push_back(static_cast<int>(level->width / o.width));
        if (level->attends) o.attentionFactors.push_back(factor);
    }
    o.scaleShift =
        sizeOf("output_blocks.0.0.emb_layers.1.weight", 0) == 2 * static_cast<int>(levels.front().width);
    const std::string context = "middle_block.1.transformer_blocks.0.attn2.to_k.weight";
    if (holds(state, context)) o.context = sizeOf(context, 1);
    if (holds(state, "label_emb.weight")) {
        o.classes = sizeOf("label_emb.weight", 0);
        o.noneClass = false;
    }
    return o;
}

/// told with what the tensors do not tell.
DenoiserOptions with(const DenoiserOptions& told, const std::vector<std::string>& assignments) {
    const bool tellsSide = std::any_of(assignments.begin(), assignments.end(),
                                       [](const std::string& text) { return text.starts_with("side="); });
    if (!tellsSide)
        throw Error(ErrorCode::BadOption,
                    "a checkpoint does not tell the side of what it denoises: give it with --set side=64");
    Json json = told.toJson();
    for (const std::string& assignment : assignments) json = withAssignment(std::move(json), assignment);
    return DenoiserOptions::fromJson(json);
}

nn::TensorMap prefixed(const nn::TensorMap& state, const char* prefix) {
    nn::TensorMap all;
    nn::addWithPrefix(all, state, prefix);
    return all;
}

std::unique_ptr<Generator> admOf(const nn::TensorMap& state, const PublishedDiffusion& published) {
    DenoiserOptions told = toldBy(kAdm, state);
    constexpr int kColours = 3;
    const auto out = sizeAlong(kAdm, state, "out.2.weight", 0);
    told.learnedVariance = out == 2 * kColours;
    const bool enlarges = sizeAlong(kAdm, state, "input_blocks.0.0.weight", 1) == 2 * kColours;
    const DenoiserOptions network = with(told, published.options);
    if (enlarges != !published.base.empty())
        throw Error(ErrorCode::BadOption,
                    enlarges ? "this diffusion enlarges: name the model that draws what it enlarges (--base)"
                             : "this diffusion draws from noise: it is itself a base");
    AdmOptions options;
    nn::TensorMap whole;
    if (enlarges) {
        const auto base = models::findModel(published.base, published.workspace);
        if (base.arch != kAdmArch) throw Error(ErrorCode::BadOption, base.name + " is not of the form adm");
        options = AdmOptions::fromJson(base.options);
        if (options.upsampler) throw Error(ErrorCode::BadOption, base.name + " has an upsampler already");
        options.upsampler = network;
        whole = generatorWeights(base);
    } else {
        options.base = network;
    }
    auto generator = std::make_unique<AdmGenerator>(options);
    const DenoiserNetwork& part = enlarges ? *generator->upsampler() : generator->base();
    nn::TensorMap used = state;
    if (network.classes == 0) used.erase("label_emb.weight");  // paper A drops an upsampler's classes
    requireSameTensors(kAdm, part.state(), used);
    nn::addWithPrefix(whole, used, enlarges ? "upsampler." : "base.");
    generator->load(whole);
    return generator;
}

nn::AutoencoderOptions firstStageOf(const nn::TensorMap& state) {
    const auto sizeOf = [&](const std::string& name, std::int64_t dimension) {
        return static_cast<int>(sizeAlong(kLdm, state, name, dimension));
    };
    nn::AutoencoderOptions o;
    o.width = sizeOf("encoder.conv_in.weight", 0);
    o.multipliers.clear();
    for (int level = 0; holds(state, fmt::format("encoder.down.{}.block.0.conv1.weight", level)); ++level) {
        const std::string entry = fmt::format("encoder.down.{}.", level);
        o.multipliers.push_back(sizeOf(entry + "block.0.conv2.weight", 0) / o.width);
        o.blocksPerLevel = 0;
        while (holds(state, fmt::format("{}block.{}.conv1.weight", entry, o.blocksPerLevel)))
            ++o.blocksPerLevel;
        if (holds(state, entry + "attn.0.q.weight")) o.attentionFactors.push_back(1 << level);
    }
    o.latentChannels = sizeOf("decoder.conv_in.weight", 1);
    o.embedding = sizeOf("post_quant_conv.weight", 1);
    o.codes = holds(state, "quantize.embedding.weight") ? sizeOf("quantize.embedding.weight", 0) : 0;
    return o;
}

/// The diffusion's averaged weights, which the file names without dots, where it has them.
nn::TensorMap averaged(const nn::TensorMap& all, const nn::TensorMap& network) {
    nn::TensorMap result = network;
    for (auto& [name, tensor] : result) {
        std::string average = "diffusion_model" + name;
        std::erase(average, '.');
        const auto found = all.find(kLdmAverage + average);
        if (found != all.end()) tensor = found->second;
    }
    return result;
}

std::unique_ptr<Generator> ldmOf(const nn::TensorMap& tensors, const PublishedDiffusion& published) {
    nn::TensorMap all = nn::withoutPrefix(tensors, "state_dict/");
    if (all.empty()) all = tensors;
    nn::TensorMap network = averaged(all, nn::withoutPrefix(all, kLdmNetwork));
    nn::TensorMap firstStage = nn::withoutPrefix(all, kLdmFirstStage);
    std::erase_if(firstStage, [](const auto& entry) { return entry.first.starts_with("loss."); });
    LdmOptions options;
    DenoiserOptions told = toldBy(kLdm, network);
    told.channels = static_cast<int>(sizeAlong(kLdm, network, "out.2.weight", 0));
    told.learnedVariance = told.clamped = false;
    told.schedule = "squared";
    told.headsFirst = true;
    told.dropout = 0;
    if (told.context > 0) {
        told.classes = static_cast<int>(sizeAlong(kLdm, all, kLdmClasses, 0)) - 1;
        network["classes.weight"] = all.at(kLdmClasses);
    }
    options.denoiser = with(told, published.options);
    options.autoencoder = firstStageOf(firstStage);
    auto generator = std::make_unique<LdmGenerator>(options);
    requireSameTensors(kLdm, generator->denoiser().state(), network);
    requireSameTensors(kLdm, nn::stateDict(*generator->autoencoder()), firstStage);
    nn::TensorMap whole = prefixed(network, "denoiser.");
    nn::addWithPrefix(whole, firstStage, "autoencoder.");
    const auto scale = all.find(kScaleFactor);
    whole[kScaleFactor] = scale != all.end() ? scale->second.reshape({-1}) : torch::ones({1});
    generator->load(whole);
    return generator;
}

}  // namespace

models::Manifest importAdm(const std::filesystem::path& checkpoint, const std::filesystem::path& folder,
                           const PublishedDiffusion& published) {
    return importGenerator(checkpoint, folder, "ADM",
                           [&](const nn::TensorMap& tensors) { return admOf(tensors, published); });
}

models::Manifest importLdm(const std::filesystem::path& checkpoint, const std::filesystem::path& folder,
                           const PublishedDiffusion& published) {
    return importGenerator(checkpoint, folder, "Latent diffusion",
                           [&](const nn::TensorMap& tensors) { return ldmOf(tensors, published); });
}

}  // namespace signet::generators
