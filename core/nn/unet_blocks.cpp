#include "core/nn/unet_blocks.h"

#include <torch/torch.h>

#include "core/nn/group_norm_silu.h"
#include "core/nn/image_random.h"

namespace signet::nn {

using torch::Tensor;

namespace {

constexpr double kTransformerEpsilon = 1e-6;  ///< of its group normalisation
constexpr double kInstanceEpsilon = 1e-5;
constexpr int kWider = 4;  ///< its feed-forward layer than its channels

Tensor normalized(const Tensor& x, const torch::nn::GroupNormImpl& norm, const GroupNormTail& tail = {}) {
    return groupNormSilu(x, norm.options.num_groups(), norm.weight, norm.bias, tail);
}

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

/// Instance normalisation, scale and shift (Huang & Belongie 2017, Eq. 8). told: [B,2C].
Tensor adaptive(const Tensor& x, const Tensor& told) {
    const auto parts = told.unsqueeze(2).unsqueeze(3).chunk(2, 1);
    return torch::instance_norm(x, {}, {}, {}, {}, true, 0, kInstanceEpsilon, false) * (1 + parts[0]) +
           parts[1];
}

/// Positions as rows of channels, [B,H*W,C]: that is how channels-last lies in memory, and what the fused
/// attention wants.
Tensor rowsOf(const Tensor& x) {
    return x.permute({0, 2, 3, 1}).flatten(1, 2);
}
Tensor planesOf(const Tensor& rows, const Tensor& like) {
    return rows.view({like.size(0), like.size(2), like.size(3), -1}).permute({0, 3, 1, 2});
}

/// [B,T,heads * w] -> [B,heads,T,w], and attention's result back.
Tensor headsOf(const Tensor& rows, std::int64_t heads) {
    return rows.unflatten(2, {heads, -1}).transpose(1, 2);
}
Tensor joined(const Tensor& heads) {
    return heads.transpose(1, 2).flatten(2);
}

/// Attention of x's rows to those of a context (Vaswani et al. 2017): to_q, to_k, to_v, to_out.0.
struct CrossAttentionImpl : torch::nn::Module {
    CrossAttentionImpl(int channels, int context, int heads) : m_heads(heads) {
        const auto linear = [&](const char* name, int in) {
            return register_module(name,
                                   torch::nn::Linear(torch::nn::LinearOptions(in, channels).bias(false)));
        };
        m_query = linear("to_q", channels);
        m_key = linear("to_k", context);
        m_value = linear("to_v", context);
        m_out = register_module("to_out", torch::nn::Sequential(torch::nn::Linear(channels, channels)));
    }
    Tensor forward(const Tensor& x, const Tensor& context) {
        const auto split = [&](const Tensor& t) { return headsOf(t, m_heads); };
        return m_out->forward(joined(at::scaled_dot_product_attention(
            split(m_query(x)), split(m_key(context)), split(m_value(context)))));
    }

private:
    std::int64_t m_heads;
    torch::nn::Linear m_query{nullptr}, m_key{nullptr}, m_value{nullptr};
    torch::nn::Sequential m_out{nullptr};
};
TORCH_MODULE(CrossAttention);

/// a * gelu(b) of a layer's halves a, b (Shazeer 2020, GEGLU): "proj".
struct GatedLinearImpl : torch::nn::Module {
    GatedLinearImpl(int in, int out) { m_both = register_module("proj", torch::nn::Linear(in, 2 * out)); }
    Tensor forward(const Tensor& x) {
        const auto parts = m_both(x).chunk(2, -1);
        return parts[0] * torch::gelu(parts[1]);
    }

private:
    torch::nn::Linear m_both{nullptr};
};
TORCH_MODULE(GatedLinear);

/// "net.0" gated, "net.2" linear; published checkpoints have dropout, without weights, between.
struct FeedForwardImpl : torch::nn::Module {
    explicit FeedForwardImpl(int channels) {
        m_net = register_module(
            "net", torch::nn::Sequential(GatedLinear(channels, kWider * channels), torch::nn::Identity(),
                                         torch::nn::Linear(kWider * channels, channels)));
    }
    Tensor forward(const Tensor& x) { return m_net->forward(x); }

private:
    torch::nn::Sequential m_net{nullptr};
};
TORCH_MODULE(FeedForward);

struct TransformerBlockImpl : torch::nn::Module {
    TransformerBlockImpl(int channels, int heads, int context) {
        m_self = register_module("attn1", CrossAttention(channels, channels, heads));
        m_cross = register_module("attn2", CrossAttention(channels, context, heads));
        m_forward = register_module("ff", FeedForward(channels));
        const auto norm = [&](const char* name) {
            return register_module(name, torch::nn::LayerNorm(torch::nn::LayerNormOptions({channels})));
        };
        m_norm1 = norm("norm1");
        m_norm2 = norm("norm2");
        m_norm3 = norm("norm3");
    }
    Tensor forward(const Tensor& x, const Tensor& context) {
        const Tensor rows = m_norm1(x);
        Tensor y = x + m_self(rows, rows);
        y = y + m_cross(m_norm2(y), context);
        return y + m_forward(m_norm3(y));
    }

private:
    CrossAttention m_self{nullptr}, m_cross{nullptr};
    FeedForward m_forward{nullptr};
    torch::nn::LayerNorm m_norm1{nullptr}, m_norm2{nullptr}, m_norm3{nullptr};
};
TORCH_MODULE(TransformerBlock);

}  // namespace

torch::nn::Conv2d conv3(int in, int out, int stride) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).stride(stride).padding(1));
}

ResBlockImpl::ResBlockImpl(const Shape& shape)
    : m_resampling(shape.resampling), m_conditioning(shape.conditioning) {
    const int in = shape.in, out = shape.out;
    in_layers = register_module("in_layers", torch::nn::Sequential(torch::nn::GroupNorm(shape.groups, in),
                                                                   torch::nn::SiLU(), conv3(in, out)));
    emb_layers = register_module(
        "emb_layers",
        torch::nn::Sequential(
            torch::nn::SiLU(),
            torch::nn::Linear(shape.embedding, m_conditioning == Conditioning::Added ? out : 2 * out)));
    out_layers = register_module(
        "out_layers", torch::nn::Sequential(torch::nn::GroupNorm(shape.groups, out), torch::nn::SiLU(),
                                            ImageDropout(shape.dropout), zeroed(conv3(out, out))));
    if (m_conditioning == Conditioning::AdaIn)
        second_emb_layers = register_module(
            "second_emb_layers",
            torch::nn::Sequential(torch::nn::SiLU(), zeroed(torch::nn::Linear(shape.embedding, 2 * out))));
    if (in != out)
        skip_connection =
            register_module("skip_connection", torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 1)));
}

Tensor ResBlockImpl::forward(const Tensor& x, const Tensor& embedding) {
    auto h = normalized(x, *in_layers[0]->as<torch::nn::GroupNorm>());
    h = in_layers[2]->as<torch::nn::Conv2d>()->forward(resample(h, m_resampling));
    const auto skip = resample(x, m_resampling);
    const Tensor told = emb_layers->forward(embedding);
    GroupNormTail tail{.dropout = out_layers[2]->as<ImageDropout>()->draw()};
    if (m_conditioning == Conditioning::Added) {
        h = h + told.unsqueeze(2).unsqueeze(3);
    } else if (m_conditioning == Conditioning::ScaleShift) {
        const auto parts = told.chunk(2, 1);
        tail.scale = parts[0];
        tail.shift = parts[1];
    }
    h = m_conditioning == Conditioning::AdaIn
            ? dropout(torch::silu(adaptive(h, told)), tail.dropout)
            : normalized(h, *out_layers[0]->as<torch::nn::GroupNorm>(), tail);
    h = out_layers[3]->as<torch::nn::Conv2d>()->forward(h);
    if (m_conditioning == Conditioning::AdaIn) h = adaptive(h, second_emb_layers->forward(embedding));
    return h + (skip_connection ? skip_connection->forward(skip) : skip);
}

ResampleConvImpl::ResampleConvImpl(int channels, Resampling resampling) : m_up(resampling == Resampling::Up) {
    m_conv = register_module(m_up ? "conv" : "op", conv3(channels, channels, m_up ? 1 : 2));
}

Tensor ResampleConvImpl::forward(const Tensor& x) {
    return m_conv(m_up ? resample(x, Resampling::Up) : x);
}

AttentionBlockImpl::AttentionBlockImpl(int channels, int heads, bool headsFirst, int groups)
    : m_heads(heads), m_headsFirst(headsFirst) {
    norm = register_module("norm", torch::nn::GroupNorm(groups, channels));
    qkv = register_module(
        "qkv", torch::nn::Conv1d(torch::nn::Conv1dOptions(channels, std::int64_t{3} * channels, 1)));
    proj_out = register_module("proj_out",
                               zeroed(torch::nn::Conv1d(torch::nn::Conv1dOptions(channels, channels, 1))));
}

Tensor AttentionBlockImpl::forward(const Tensor& x) {
    const auto linear = [](const Tensor& t, const torch::nn::Conv1dImpl& layer) {
        return torch::linear(t, layer.weight.squeeze(2), layer.bias);
    };
    const Tensor all = linear(rowsOf(normalized(x, *norm, {.silu = false})), *qkv);
    Tensor q, k, v;
    if (m_headsFirst) {
        const Tensor parts = all.unflatten(2, {m_heads, 3, -1}).permute({3, 0, 2, 1, 4});
        q = parts[0], k = parts[1], v = parts[2];
    } else {
        const auto parts = all.chunk(3, 2);
        q = headsOf(parts[0], m_heads), k = headsOf(parts[1], m_heads), v = headsOf(parts[2], m_heads);
    }
    const Tensor out = linear(joined(at::scaled_dot_product_attention(q, k, v)), *proj_out);
    return x + planesOf(out, x);
}

SpatialTransformerImpl::SpatialTransformerImpl(int channels, int heads, int context, int groups) {
    m_norm = register_module(
        "norm", torch::nn::GroupNorm(torch::nn::GroupNormOptions(groups, channels).eps(kTransformerEpsilon)));
    const auto one = [&] { return torch::nn::Conv2d(torch::nn::Conv2dOptions(channels, channels, 1)); };
    m_in = register_module("proj_in", one());
    m_blocks = register_module("transformer_blocks",
                               torch::nn::ModuleList(TransformerBlock(channels, heads, context)));
    m_out = register_module("proj_out", zeroed(one()));
}

Tensor SpatialTransformerImpl::forward(const Tensor& x, const Tensor& context) {
    Tensor rows = rowsOf(m_in(m_norm(x)));
    for (const auto& block : *m_blocks) rows = block->as<TransformerBlock>()->forward(rows, context);
    return x + m_out(planesOf(rows, x));
}

}  // namespace signet::nn
