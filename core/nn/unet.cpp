#include "core/nn/unet.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/nn/channels_last.h"
#include "core/nn/checkpoint.h"
#include "core/nn/group_norm_silu.h"
#include "core/nn/image_random.h"

namespace signet::nn {
namespace {

using torch::Tensor;

torch::nn::Conv2d conv3(int in, int out) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).padding(1));
}
constexpr std::int64_t kGroups = 32;

torch::nn::GroupNorm norm(int channels) {
    return torch::nn::GroupNorm(kGroups, channels);
}
Tensor normalized(const Tensor& x, const torch::nn::GroupNormImpl& norm, const GroupNormTail& tail = {}) {
    return groupNormSilu(x, kGroups, norm.weight, norm.bias, tail);
}

template <typename M>
M zeroed(M module) {
    torch::nn::init::zeros_(module->weight);
    torch::nn::init::zeros_(module->bias);
    return module;
}

enum class Resampling { None, Up, Down };

Tensor resample(const Tensor& x, Resampling how) {
    switch (how) {
        case Resampling::Up:
            return torch::upsample_nearest2d(x, {x.size(2) * 2, x.size(3) * 2});
        case Resampling::Down:
            return torch::avg_pool2d(x, 2);
        case Resampling::None:
            break;
    }
    return x;
}

/// GN-SiLU-[resample]-conv, scale-shift by the embedding, GN-SiLU-dropout-conv (zero at the start), skip.
struct ResBlockImpl : torch::nn::Module {
    ResBlockImpl(int in, int out, int embedding, double dropout, Resampling resampling)
        : m_resampling(resampling) {
        in_layers =
            register_module("in_layers", torch::nn::Sequential(norm(in), torch::nn::SiLU(), conv3(in, out)));
        emb_layers = register_module(
            "emb_layers", torch::nn::Sequential(torch::nn::SiLU(), torch::nn::Linear(embedding, 2 * out)));
        out_layers = register_module(
            "out_layers", torch::nn::Sequential(norm(out), torch::nn::SiLU(), ImageDropout(dropout),
                                                zeroed(conv3(out, out))));
        if (in != out)
            skip_connection =
                register_module("skip_connection", torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 1)));
    }

    Tensor forward(const Tensor& x, const Tensor& embedding) {
        auto h = normalized(x, *in_layers[0]->as<torch::nn::GroupNorm>());
        h = in_layers[2]->as<torch::nn::Conv2d>()->forward(resample(h, m_resampling));
        const auto skip = resample(x, m_resampling);
        const auto scaleShift = emb_layers->forward(embedding).chunk(2, 1);
        const auto dropout = out_layers[2]->as<ImageDropout>()->draw();
        h = normalized(h, *out_layers[0]->as<torch::nn::GroupNorm>(),
                       {.scale = scaleShift[0], .shift = scaleShift[1], .dropout = dropout});
        h = out_layers[3]->as<torch::nn::Conv2d>()->forward(h);
        return h + (skip_connection ? skip_connection->forward(skip) : skip);
    }

    torch::nn::Sequential in_layers{nullptr}, emb_layers{nullptr}, out_layers{nullptr};
    torch::nn::Conv2d skip_connection{nullptr};

private:
    Resampling m_resampling;
};
TORCH_MODULE(ResBlock);

/// Self-attention over all positions, "new order": q, k, v are split first, then the heads.
struct AttentionBlockImpl : torch::nn::Module {
    AttentionBlockImpl(int channels, int headWidth) : m_heads(channels / headWidth) {
        norm = register_module("norm", signet::nn::norm(channels));
        qkv = register_module(
            "qkv", torch::nn::Conv1d(torch::nn::Conv1dOptions(channels, std::int64_t{3} * channels, 1)));
        proj_out = register_module(
            "proj_out", zeroed(torch::nn::Conv1d(torch::nn::Conv1dOptions(channels, channels, 1))));
    }

    Tensor forward(const Tensor& x) {
        // Positions as rows of channels: that is how channels-last lies in memory, and what the fused
        // attention wants.
        const auto rows = [](const Tensor& t) { return t.permute({0, 2, 3, 1}).flatten(1, 2); };
        const auto linear = [](const Tensor& t, const torch::nn::Conv1dImpl& layer) {
            return torch::linear(t, layer.weight.squeeze(2), layer.bias);
        };
        const auto parts = linear(rows(normalized(x, *norm, {.silu = false})), *qkv).chunk(3, 2);
        const auto split = [&](const Tensor& t) { return t.unflatten(2, {m_heads, -1}).transpose(1, 2); };
        const auto h = at::scaled_dot_product_attention(split(parts[0]), split(parts[1]), split(parts[2]));
        const auto out = linear(h.transpose(1, 2).flatten(2), *proj_out);
        return x + out.view({x.size(0), x.size(2), x.size(3), -1}).permute({0, 3, 1, 2});
    }

    torch::nn::GroupNorm norm{nullptr};
    torch::nn::Conv1d qkv{nullptr}, proj_out{nullptr};

private:
    std::int64_t m_heads;
};
TORCH_MODULE(AttentionBlock);

Tensor run(const torch::nn::Module& blocks, Tensor h, const Tensor& embedding) {
    for (const auto& child : blocks.children()) {
        if (auto* block = child->as<ResBlock>()) {
            h = block->forward(h, embedding);
        } else if (auto* attention = child->as<AttentionBlock>()) {
            h = attention->forward(h);
        } else {
            h = child->as<torch::nn::Conv2d>()->forward(h);
        }
    }
    return h;
}

}  // namespace

UNetImpl::UNetImpl(const UNetOptions& o) : options(o) {
    const int embedding = 4 * o.baseWidth;
    const auto attends = [&](int factor) {
        return std::find(o.attentionFactors.begin(), o.attentionFactors.end(), factor) !=
               o.attentionFactors.end();
    };
    const auto block = [&](int in, int out, Resampling r = Resampling::None) {
        return ResBlock(in, out, embedding, o.dropout, r);
    };

    time_embed = register_module(
        "time_embed", torch::nn::Sequential(torch::nn::Linear(o.baseWidth, embedding), torch::nn::SiLU(),
                                            torch::nn::Linear(embedding, embedding)));
    if (o.codeBits > 1) {
        label_emb = register_module(
            "label_emb", torch::nn::Sequential(torch::nn::Linear(o.codeBits, embedding), torch::nn::SiLU(),
                                               torch::nn::Linear(embedding, embedding)));
    }

    input_blocks = register_module("input_blocks", torch::nn::ModuleList());
    output_blocks = register_module("output_blocks", torch::nn::ModuleList());
    int channels = o.baseWidth * o.multipliers.front();
    input_blocks->push_back(torch::nn::ModuleList(conv3(3, channels)));
    std::vector<int> skips{channels};
    int factor = 1;
    const int levels = static_cast<int>(o.multipliers.size());
    for (int level = 0; level < levels; ++level) {
        const int width = o.baseWidth * o.multipliers[static_cast<std::size_t>(level)];
        for (int i = 0; i < o.blocksPerLevel; ++i) {
            torch::nn::ModuleList blocks(block(channels, width));
            channels = width;
            if (attends(factor)) blocks->push_back(AttentionBlock(channels, o.headWidth));
            input_blocks->push_back(blocks);
            skips.push_back(channels);
        }
        if (level + 1 < levels) {
            input_blocks->push_back(torch::nn::ModuleList(block(channels, channels, Resampling::Down)));
            skips.push_back(channels);
            factor *= 2;
        }
    }
    middle_block =
        register_module("middle_block", torch::nn::ModuleList(block(channels, channels),
                                                              AttentionBlock(channels, o.headWidth),
                                                              block(channels, channels)));
    for (int level = levels - 1; level >= 0; --level) {
        const int width = o.baseWidth * o.multipliers[static_cast<std::size_t>(level)];
        for (int i = 0; i <= o.blocksPerLevel; ++i) {
            torch::nn::ModuleList blocks(block(channels + skips.back(), width));
            skips.pop_back();
            channels = width;
            if (attends(factor)) blocks->push_back(AttentionBlock(channels, o.headWidth));
            if (level > 0 && i == o.blocksPerLevel) {
                blocks->push_back(block(channels, channels, Resampling::Up));
                factor /= 2;
            }
            output_blocks->push_back(blocks);
        }
    }
    out = register_module(
        "out", torch::nn::Sequential(norm(channels), torch::nn::SiLU(), zeroed(conv3(channels, 3))));
}

Tensor UNetImpl::forward(const Tensor& x, const Tensor& code) {
    const int half = options.baseWidth / 2;
    const auto frequencies =
        torch::exp(torch::arange(half, x.options()) * (-std::log(10000.0) / half)) * options.timestep;
    auto embedding = time_embed->forward(torch::cat({frequencies.cos(), frequencies.sin()}).unsqueeze(0))
                         .expand({x.size(0), -1});
    if (label_emb) embedding = embedding + label_emb->forward(code);

    // Inputs: h, the embedding and, on the way up, the skip that is put beside h.
    const auto pass = [&](const torch::nn::Module& blocks, const std::vector<Tensor>& inputs) {
        const auto forward = [&blocks](const std::vector<Tensor>& in) {
            return run(blocks, in.size() > 2 ? torch::cat({in[0], in[2]}, 1) : in[0], in[1]);
        };
        return checkpointing ? checkpointed(forward, inputs) : forward(inputs);
    };
    auto h = channelsLast(x);
    std::vector<Tensor> skips;
    for (const auto& blocks : *input_blocks) {
        h = pass(*blocks, {h, embedding});
        skips.push_back(h);
    }
    h = pass(*middle_block, {h, embedding});
    for (const auto& blocks : *output_blocks) {
        h = pass(*blocks, {h, embedding, skips.back()});
        skips.pop_back();
    }
    return out[2]->as<torch::nn::Conv2d>()->forward(normalized(h, *out[0]->as<torch::nn::GroupNorm>()));
}

}  // namespace signet::nn
