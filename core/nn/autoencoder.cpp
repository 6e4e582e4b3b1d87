#include "core/nn/autoencoder.h"

#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/torch.h>

#include <algorithm>

#include "core/nn/channels_last.h"
#include "core/nn/group_norm_silu.h"
#include "core/nn/image_random.h"
#include "core/nn/unet_blocks.h"

namespace signet::nn {

using torch::Tensor;

namespace {

constexpr double kNormEpsilon = 1e-6;
constexpr double kCommitment = 0.25;
constexpr double kLeastLogVariance = -30, kMostLogVariance = 20;

torch::nn::GroupNorm latentNorm(int groups, int channels) {
    return torch::nn::GroupNorm(torch::nn::GroupNormOptions(groups, channels).eps(kNormEpsilon));
}

Tensor swished(const Tensor& x, const torch::nn::GroupNorm& norm, const DropoutDraw& dropout = {}) {
    return groupNormSilu(x, norm->options.num_groups(), norm->weight, norm->bias,
                         {.dropout = dropout, .epsilon = kNormEpsilon});
}

torch::nn::Conv2d conv1(int in, int out) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 1));
}

/// Twice norm, swish and convolution, beside a 1x1 convolution where the channels change.
struct LatentBlockImpl : torch::nn::Module {
    LatentBlockImpl(int in, int out, const AutoencoderOptions& o) {
        m_norm1 = register_module("norm1", latentNorm(o.groups, in));
        m_conv1 = register_module("conv1", conv3(in, out));
        m_norm2 = register_module("norm2", latentNorm(o.groups, out));
        m_dropout = register_module("dropout", ImageDropout(o.dropout));
        m_conv2 = register_module("conv2", conv3(out, out));
        if (in != out) m_skip = register_module("nin_shortcut", conv1(in, out));
    }
    Tensor forward(const Tensor& x) {
        const Tensor h = m_conv1(swished(x, m_norm1));
        return (m_skip ? m_skip(x) : x) + m_conv2(swished(h, m_norm2, m_dropout->draw()));
    }

private:
    torch::nn::GroupNorm m_norm1{nullptr}, m_norm2{nullptr};
    torch::nn::Conv2d m_conv1{nullptr}, m_conv2{nullptr}, m_skip{nullptr};
    ImageDropout m_dropout{nullptr};
};
TORCH_MODULE(LatentBlock);

/// Self-attention of one head over all positions.
struct LatentAttentionImpl : torch::nn::Module {
    LatentAttentionImpl(int channels, int groups) {
        m_norm = register_module("norm", latentNorm(groups, channels));
        m_query = register_module("q", conv1(channels, channels));
        m_key = register_module("k", conv1(channels, channels));
        m_value = register_module("v", conv1(channels, channels));
        m_out = register_module("proj_out", conv1(channels, channels));
    }
    Tensor forward(const Tensor& x) {
        const Tensor h = m_norm(x);
        const auto rows = [](const Tensor& t) { return t.flatten(2).transpose(1, 2).unsqueeze(1); };
        const Tensor out =
            at::scaled_dot_product_attention(rows(m_query(h)), rows(m_key(h)), rows(m_value(h)));
        return x + m_out(out.squeeze(1).transpose(1, 2).reshape(x.sizes()));
    }

private:
    torch::nn::GroupNorm m_norm{nullptr};
    torch::nn::Conv2d m_query{nullptr}, m_key{nullptr}, m_value{nullptr}, m_out{nullptr};
};
TORCH_MODULE(LatentAttention);

/// Half the size by a convolution of stride 2 that is padded to the right and below alone, or twice it.
struct LatentResampleImpl : torch::nn::Module {
    LatentResampleImpl(int channels, Resampling how) : m_up(how == Resampling::Up) {
        m_conv = register_module(
            "conv",
            torch::nn::Conv2d(
                torch::nn::Conv2dOptions(channels, channels, 3).stride(m_up ? 1 : 2).padding(m_up ? 1 : 0)));
    }
    Tensor forward(const Tensor& x) {
        if (m_up) return m_conv(torch::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)}));
        return m_conv(torch::constant_pad_nd(x, {0, 1, 0, 1}));
    }

private:
    torch::nn::Conv2d m_conv{nullptr};
    bool m_up;
};
TORCH_MODULE(LatentResample);

/// "block", "attn" and where the size changes "downsample" or "upsample".
struct LatentLevelImpl : torch::nn::Module {
    LatentLevelImpl(int in, int out, int blocks, bool attends, Resampling resampling,
                    const AutoencoderOptions& o) {
        m_blocks = register_module("block", torch::nn::ModuleList());
        m_attention = register_module("attn", torch::nn::ModuleList());
        for (int i = 0; i < blocks; ++i) {
            m_blocks->push_back(LatentBlock(i == 0 ? in : out, out, o));
            if (attends) m_attention->push_back(LatentAttention(out, o.groups));
        }
        if (resampling != Resampling::None)
            m_resample = register_module(resampling == Resampling::Up ? "upsample" : "downsample",
                                         LatentResample(out, resampling));
    }
    Tensor forward(const Tensor& x) {
        Tensor h = x;
        for (std::size_t i = 0; i < m_blocks->size(); ++i) {
            h = m_blocks[i]->as<LatentBlock>()->forward(h);
            if (!m_attention->is_empty()) h = m_attention[i]->as<LatentAttention>()->forward(h);
        }
        return m_resample ? m_resample(h) : h;
    }

private:
    torch::nn::ModuleList m_blocks{nullptr}, m_attention{nullptr};
    LatentResample m_resample{nullptr};
};
TORCH_MODULE(LatentLevel);

torch::nn::ModuleDict middleOf(int channels, const AutoencoderOptions& o) {
    torch::nn::ModuleDict middle;
    middle->update({{"block_1", LatentBlock(channels, channels, o).ptr()},
                    {"attn_1", LatentAttention(channels, o.groups).ptr()},
                    {"block_2", LatentBlock(channels, channels, o).ptr()}});
    return middle;
}

Tensor throughMiddle(torch::nn::ModuleDict& middle, const Tensor& x) {
    const Tensor h = middle["block_1"]->as<LatentBlock>()->forward(x);
    return middle["block_2"]->as<LatentBlock>()->forward(middle["attn_1"]->as<LatentAttention>()->forward(h));
}

bool attendsAt(const AutoencoderOptions& o, int factor) {
    return std::find(o.attentionFactors.begin(), o.attentionFactors.end(), factor) !=
           o.attentionFactors.end();
}

}  // namespace

QuantiserImpl::QuantiserImpl(int codes, int channels) {
    m_embedding = register_module("embedding", torch::nn::Embedding(codes, channels));
    torch::nn::init::uniform_(m_embedding->weight, -1.0 / codes, 1.0 / codes);
}

QuantiserImpl::Result QuantiserImpl::forward(const Tensor& z) {
    // In bf16 many codes would be as near as each other.
    const c10::impl::ExcludeDispatchKeyGuard fullPrecision(c10::autocast_dispatch_keyset);
    const Tensor rows = z.permute({0, 2, 3, 1}).to(torch::kFloat32);
    const Tensor& codebook = m_embedding->weight;
    Result result;
    {
        const torch::NoGradGuard guard;
        const Tensor flat = rows.reshape({-1, rows.size(3)});
        // |z|^2 is the same for all.
        result.indices = torch::addmm(codebook.square().sum(1), flat, codebook.t(), 1, -2).argmin(1);
    }
    const Tensor found = m_embedding(result.indices).view(rows.sizes());
    result.loss =
        (found.detach() - rows).square().mean() + kCommitment * (found - rows.detach()).square().mean();
    result.latent = (rows + (found - rows).detach()).permute({0, 3, 1, 2});
    return result;
}

PictureEncoderImpl::PictureEncoderImpl(const AutoencoderOptions& o) {
    m_in = register_module("conv_in", conv3(3, o.width));
    m_down = register_module("down", torch::nn::ModuleList());
    int channels = o.width, factor = 1;
    for (std::size_t i = 0; i < o.multipliers.size(); ++i) {
        const int out = o.width * o.multipliers[i];
        const bool halves = i + 1 < o.multipliers.size();
        m_down->push_back(LatentLevel(channels, out, o.blocksPerLevel, attendsAt(o, factor),
                                      halves ? Resampling::Down : Resampling::None, o));
        channels = out;
        factor *= 2;
    }
    m_middle = register_module("mid", middleOf(channels, o));
    m_norm = register_module("norm_out", latentNorm(o.groups, channels));
    m_out = register_module("conv_out", conv3(channels, (o.codes > 0 ? 1 : 2) * o.latentChannels));
}

Tensor PictureEncoderImpl::forward(const Tensor& x) {
    Tensor h = m_in(channelsLast(x));
    for (const auto& level : *m_down) h = level->as<LatentLevel>()->forward(h);
    return m_out(swished(throughMiddle(m_middle, h), m_norm));
}

PictureDecoderImpl::PictureDecoderImpl(const AutoencoderOptions& o) {
    int channels = o.width * o.multipliers.back();
    m_in = register_module("conv_in", conv3(o.latentChannels, channels));
    m_middle = register_module("mid", middleOf(channels, o));
    std::vector<LatentLevel> levels;  // the coarsest first
    int factor = o.factor();
    for (std::size_t i = o.multipliers.size(); i-- > 0;) {
        const int out = o.width * o.multipliers[i];
        levels.emplace_back(channels, out, o.blocksPerLevel + 1, attendsAt(o, factor),
                            i > 0 ? Resampling::Up : Resampling::None, o);
        channels = out;
        factor /= 2;
    }
    m_up = register_module("up", torch::nn::ModuleList());
    for (auto level = levels.rbegin(); level != levels.rend(); ++level) m_up->push_back(*level);
    m_norm = register_module("norm_out", latentNorm(o.groups, channels));
    m_out = register_module("conv_out", conv3(channels, 3));
}

Tensor PictureDecoderImpl::forward(const Tensor& z) {
    Tensor h = throughMiddle(m_middle, m_in(channelsLast(z)));
    for (std::size_t i = m_up->size(); i-- > 0;) h = m_up[i]->as<LatentLevel>()->forward(h);
    return m_out(swished(h, m_norm)).to(torch::kFloat32);
}

AutoencoderImpl::AutoencoderImpl(const AutoencoderOptions& o) : options(o) {
    const int parts = o.codes > 0 ? 1 : 2;
    encoder = register_module("encoder", PictureEncoder(o));
    decoder = register_module("decoder", PictureDecoder(o));
    if (o.codes > 0) quantize = register_module("quantize", Quantiser(o.codes, o.embedding));
    quant_conv = register_module("quant_conv", conv1(parts * o.latentChannels, parts * o.embedding));
    post_quant_conv = register_module("post_quant_conv", conv1(o.embedding, o.latentChannels));
}

Tensor AutoencoderImpl::encode(const Tensor& pictures) {
    return quant_conv(encoder(pictures)).to(torch::kFloat32);
}

Tensor AutoencoderImpl::latentOf(const Tensor& pictures) {
    const Tensor encoded = encode(pictures);
    return quantize ? encoded : encoded.chunk(2, 1)[0];
}

Tensor AutoencoderImpl::decode(const Tensor& latent) {
    return decoder(post_quant_conv(latent));
}

Tensor AutoencoderImpl::decodeSampled(const Tensor& latent) {
    return decode(quantize ? quantize(latent).latent : latent);
}

std::pair<Tensor, Tensor> drawnLatent(const Tensor& parameters, const Tensor& noise) {
    const auto parts = parameters.chunk(2, 1);
    const Tensor& mean = parts[0];
    const Tensor logVariance = parts[1].clamp(kLeastLogVariance, kMostLogVariance);
    const Tensor divergence =
        0.5 * (mean.square() + logVariance.exp() - 1 - logVariance).sum({1, 2, 3}).mean();
    return {mean + (0.5 * logVariance).exp() * noise, divergence};
}

}  // namespace signet::nn
