#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

namespace signet::nn {

enum class Resampling { None, Up, Down };

/// Of group normalisations in published networks. Channels are multiples of them; in groups of one channel a
/// picture's mean would be lost, so that narrow networks have fewer.
inline constexpr int kPublishedGroups = 32;

/// Which form of the embedding's scale and shift a residual block has.
enum class Conditioning {
    Added,       ///< added before the second group normalisation (latent-diffusion)
    ScaleShift,  ///< scale and shift after it (guided-diffusion)
    AdaIn  ///< after each convolution, on an instance normalisation (paper A's text): after the first in
           ///< the place of the second group normalisation, which would take it back
};

/// GN-SiLU-[resample]-conv, the embedding by one of the forms of Conditioning, GN-SiLU-dropout-conv (zero at
/// the start), skip. Resampling lies between SiLU and convolution and in the skip: nearest neighbour, means
/// of 2x2.
struct ResBlockImpl : torch::nn::Module {
    struct Shape {
        int in, out;
        int embedding;  ///< numbers in it
        Conditioning conditioning = Conditioning::ScaleShift;
        double dropout = 0;
        Resampling resampling = Resampling::None;
        int groups = kPublishedGroups;
    };
    explicit ResBlockImpl(const Shape& shape);
    /// x: [B,in,H,W]; embedding: [B,n] -> [B,out,H',W']
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& embedding);

    torch::nn::Sequential in_layers{nullptr}, emb_layers{nullptr}, out_layers{nullptr};
    torch::nn::Sequential second_emb_layers{nullptr};  ///< with AdaIn: of the second convolution
    torch::nn::Conv2d skip_connection{nullptr};

private:
    Resampling m_resampling;
    Conditioning m_conditioning;
};
TORCH_MODULE(ResBlock);

/// A level's change of size by itself, where residual blocks do not do it: a convolution of stride 2 ("op"),
/// or one after nearest-neighbour enlarging ("conv").
struct ResampleConvImpl : torch::nn::Module {
    ResampleConvImpl(int channels, Resampling resampling);
    torch::Tensor forward(const torch::Tensor& x);

private:
    torch::nn::Conv2d m_conv{nullptr};
    bool m_up;
};
TORCH_MODULE(ResampleConv);

/// Self-attention over all positions. q, k and v are split first and then into heads ("new order"), or the
/// heads first, as in guided-diffusion's older checkpoints: which, their tensors' shapes do not tell.
struct AttentionBlockImpl : torch::nn::Module {
    AttentionBlockImpl(int channels, int heads, bool headsFirst, int groups);
    torch::Tensor forward(const torch::Tensor& x);

    torch::nn::GroupNorm norm{nullptr};
    torch::nn::Conv1d qkv{nullptr}, proj_out{nullptr};

private:
    std::int64_t m_heads;
    bool m_headsFirst;
};
TORCH_MODULE(AttentionBlock);

/// latent-diffusion's transformer in the place of self-attention: self-attention, attention to the vectors of
/// a context, a gated feed-forward (GEGLU), each on a layer normalisation and added.
struct SpatialTransformerImpl : torch::nn::Module {
    SpatialTransformerImpl(int channels, int heads, int context, int groups);
    /// x: [B,C,H,W]; context: [B,T,context].
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& context);

private:
    torch::nn::GroupNorm m_norm{nullptr};
    torch::nn::Conv2d m_in{nullptr}, m_out{nullptr};
    torch::nn::ModuleList m_blocks{nullptr};
};
TORCH_MODULE(SpatialTransformer);

/// 3x3 with padding.
torch::nn::Conv2d conv3(int in, int out, int stride = 1);

/// A module whose weights and bias begin at zero.
template <typename M>
M zeroed(M module) {
    const torch::NoGradGuard guard;
    module->weight.zero_();
    module->bias.zero_();
    return module;
}

}  // namespace signet::nn
