#include "core/nn/unet.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/nn/channels_last.h"
#include "core/nn/checkpoint.h"
#include "core/nn/group_norm_silu.h"
#include "core/nn/unet_blocks.h"

namespace signet::nn {

using torch::Tensor;

namespace {

constexpr double kLongestWave = 10'000;

Tensor run(const torch::nn::Module& blocks, Tensor h, const Tensor& embedding, const Tensor& context) {
    for (const auto& child : blocks.children()) {
        if (auto* block = child->as<ResBlock>()) {
            h = block->forward(h, embedding);
        } else if (auto* attention = child->as<AttentionBlock>()) {
            h = attention->forward(h);
        } else if (auto* transformer = child->as<SpatialTransformer>()) {
            h = transformer->forward(h, context);
        } else if (auto* resample = child->as<ResampleConv>()) {
            h = resample->forward(h);
        } else {
            h = child->as<torch::nn::Conv2d>()->forward(h);
        }
    }
    return h;
}

/// Two layers from numbers to an embedding.
torch::nn::Sequential embedding(int in, int out) {
    return torch::nn::Sequential(torch::nn::Linear(in, out), torch::nn::SiLU(), torch::nn::Linear(out, out));
}

}  // namespace

Tensor timestepEmbedding(const Tensor& timesteps, int n) {
    const int half = n / 2;
    const Tensor frequencies =
        torch::exp(torch::arange(half, timesteps.options()) * (-std::log(kLongestWave) / half));
    const Tensor angles = timesteps.unsqueeze(1) * frequencies;
    return torch::cat({angles.cos(), angles.sin()}, 1);
}

UNetImpl::UNetImpl(const UNetOptions& o) : options(o) {
    const int embedded = 4 * o.baseWidth;
    const auto attends = [&](int factor) {
        return std::find(o.attentionFactors.begin(), o.attentionFactors.end(), factor) !=
               o.attentionFactors.end();
    };
    const auto block = [&](int in, int out, Resampling resampling = Resampling::None) {
        return ResBlock(
            ResBlockImpl::Shape{in, out, embedded, o.conditioning, o.dropout, resampling, o.groups});
    };
    const auto resampler = [&](int channels, Resampling resampling) {
        return o.resamplingBlocks
                   ? std::shared_ptr<torch::nn::Module>(block(channels, channels, resampling).ptr())
                   : ResampleConv(channels, resampling).ptr();
    };
    const auto addAttention = [&](torch::nn::ModuleList& blocks, int channels) {
        const int heads = o.heads > 0 ? o.heads : channels / o.headWidth;
        if (o.context > 0)
            blocks->push_back(SpatialTransformer(channels, heads, o.context, o.groups));
        else
            blocks->push_back(AttentionBlock(channels, heads, o.headsFirst, o.groups));
    };

    time_embed = register_module("time_embed", embedding(o.baseWidth, embedded));
    if (o.codeBits > 1) m_codeEmbedding = register_module("label_emb", embedding(o.codeBits, embedded));
    if (o.classes > 0)
        m_classEmbedding = register_module("label_emb", torch::nn::Embedding(o.classes, embedded));

    input_blocks = register_module("input_blocks", torch::nn::ModuleList());
    output_blocks = register_module("output_blocks", torch::nn::ModuleList());
    int channels = o.baseWidth * o.multipliers.front();
    input_blocks->push_back(torch::nn::ModuleList(conv3(o.inChannels, channels)));
    std::vector<int> skips{channels};
    int factor = 1;
    const int levels = static_cast<int>(o.multipliers.size());
    for (int level = 0; level < levels; ++level) {
        const int width = o.baseWidth * o.multipliers[static_cast<std::size_t>(level)];
        for (int i = 0; i < o.blocksPerLevel; ++i) {
            torch::nn::ModuleList blocks(block(channels, width));
            channels = width;
            if (attends(factor)) addAttention(blocks, channels);
            input_blocks->push_back(blocks);
            skips.push_back(channels);
        }
        if (level + 1 < levels) {
            torch::nn::ModuleList blocks;
            blocks->push_back(resampler(channels, Resampling::Down));
            input_blocks->push_back(blocks);
            skips.push_back(channels);
            factor *= 2;
        }
    }
    middle_block = register_module("middle_block", torch::nn::ModuleList(block(channels, channels)));
    addAttention(middle_block, channels);
    middle_block->push_back(block(channels, channels));
    for (int level = levels - 1; level >= 0; --level) {
        const int width = o.baseWidth * o.multipliers[static_cast<std::size_t>(level)];
        for (int i = 0; i <= o.blocksPerLevel; ++i) {
            torch::nn::ModuleList blocks(block(channels + skips.back(), width));
            skips.pop_back();
            channels = width;
            if (attends(factor)) addAttention(blocks, channels);
            if (level > 0 && i == o.blocksPerLevel) {
                blocks->push_back(resampler(channels, Resampling::Up));
                factor /= 2;
            }
            output_blocks->push_back(blocks);
        }
    }
    out = register_module("out",
                          torch::nn::Sequential(torch::nn::GroupNorm(o.groups, channels), torch::nn::SiLU(),
                                                zeroed(conv3(channels, o.outChannels))));
}

Tensor UNetImpl::embeddingOf(const Tensor& x, const UNetConditions& conditions) {
    const Tensor timesteps = conditions.timesteps.defined() ? conditions.timesteps.to(x.options())
                                                            : torch::full({1}, options.timestep, x.options());
    Tensor told = time_embed->forward(timestepEmbedding(timesteps, options.baseWidth));
    if (m_codeEmbedding) told = told + m_codeEmbedding->forward(conditions.code);
    if (m_classEmbedding) told = told + m_classEmbedding(conditions.classes);
    return told.expand({x.size(0), -1});
}

Tensor UNetImpl::forward(const Tensor& x, const UNetConditions& conditions) {
    const Tensor told = embeddingOf(x, conditions);
    const bool hasContext = options.context > 0;
    // Inputs: h, the embedding, a context where there is one, and on the way up the skip that is put beside
    // h.
    const auto pass = [&](const torch::nn::Module& blocks, const Tensor& h, const Tensor& skip = {}) {
        std::vector<Tensor> inputs{h, told};
        if (hasContext) inputs.push_back(conditions.context);
        if (skip.defined()) inputs.push_back(skip);
        const auto forward = [&blocks, hasContext](const std::vector<Tensor>& in) {
            const std::size_t last = hasContext ? 2 : 1;
            return run(blocks, in.size() > last + 1 ? torch::cat({in[0], in.back()}, 1) : in[0], in[1],
                       hasContext ? in[2] : Tensor());
        };
        return checkpointing ? checkpointed(forward, inputs) : forward(inputs);
    };
    Tensor h = channelsLast(x);
    std::vector<Tensor> skips;
    for (const auto& blocks : *input_blocks) {
        h = pass(*blocks, h);
        skips.push_back(h);
    }
    h = pass(*middle_block, h);
    for (const auto& blocks : *output_blocks) {
        h = pass(*blocks, h, skips.back());
        skips.pop_back();
    }
    const auto& norm = *out[0]->as<torch::nn::GroupNorm>();
    return out[2]->as<torch::nn::Conv2d>()->forward(groupNormSilu(h, options.groups, norm.weight, norm.bias));
}

}  // namespace signet::nn
