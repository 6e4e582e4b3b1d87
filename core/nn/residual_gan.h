#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <string>
#include <utility>
#include <vector>

#include "core/nn/batch_norm.h"

namespace signet::nn {

/// The GANs of residual blocks that paper B's table 6 names: SNGAN (Miyato et al. 2018, ICLR) and WGAN-GP
/// (Gulrajani et al. 2017). At 32, 64 and 128 px; what their networks are is in evaluation.md 4.5, and the
/// names of their weights are those of SNGAN's published code.
enum class ResidualGan { Sngan, WganGp };

/// A convolution with bias that keeps the size. An embedding e of a fingerprint may scale its filters per
/// input channel by an affine of e whose bias begins at 1 (paper B, Eq. 6); the channels are scaled, which is
/// the same. Nothing is demodulated: the batch normalisation that follows brings back the size.
struct ScaledConvImpl : torch::nn::Module {
    /// style: numbers in an embedding; 0: a plain convolution. gain: of Glorot's uniform first weights.
    ScaledConvImpl(int in, int out, int size, int style, double gain);
    /// x: [B,in,H,W]; styles: [B,style], not read by a plain one; up: x is brought to twice the size before,
    /// by repetition. Returns [B,out,H,W], twice that with up.
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& styles, bool up = false);

    torch::Tensor weight, bias;             ///< [out,in,size,size], [out]
    torch::nn::Linear modulation{nullptr};  ///< empty in a plain one

private:
    int m_size;
};
TORCH_MODULE(ScaledConv);

/// A generator's block: batch norm, ReLU, twice the size, convolution, batch norm, ReLU, convolution, beside
/// a 1x1 convolution to twice the size. Names: b1, c1, b2, c2, c_sc.
struct UpBlockImpl : torch::nn::Module {
    UpBlockImpl(int in, int out, int style);
    /// x: [B,in,H,W]; styles: [B,style] -> [B,out,2H,2W]
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& styles);

private:
    BatchNorm2d m_b1{nullptr}, m_b2{nullptr};
    ScaledConv m_c1{nullptr}, m_c2{nullptr}, m_shortcut{nullptr};
};
TORCH_MODULE(UpBlock);

/// The generator: z -> fully connected -> 4x4, blocks that double the size, batch norm, ReLU, convolution,
/// tanh. How paper B modulates this backbone is not published; our reading: every convolution is modulated,
/// those of the shortcuts and of the colours too, by an affine of the same embedding (Eq. 6), batch norm is
/// kept as it is, and z enters at the input end. In training the statistics of batch norm are the batch's,
/// else the running ones, so that a picture depends on nothing it is drawn together with.
///
/// Published widths. SNGAN: 64, times 16-8-4-2-1 from 4 px on at 64 px, 16-16-8-4-2-1 at 128 px; 256
/// everywhere at 32 px. WGAN-GP: 64, times 8-8-4-2-1 at 64 px; 128 everywhere at 32 px; 128 px was not
/// published, and has SNGAN's.
struct ResidualGeneratorImpl : torch::nn::Module {
    struct Shape {
        ResidualGan kind = ResidualGan::Sngan;
        int side = 128;    ///< px: 32, 64 or 128
        int width = 0;     ///< channels at the last level, the others in proportion; 0: as published
        int latent = 128;  ///< numbers in z
        int style = 0;     ///< numbers in an embedding; 0: nothing is modulated
        int modulatedFrom = 4,
            modulatedTo = 1024;  ///< px of the levels that are modulated; others are plain
    };
    /// Throws BadOption for another side.
    explicit ResidualGeneratorImpl(const Shape& shape);
    /// z: [B,latent], standard normal; styles: [B,style]. Returns [B,3,side,side] in (-1,1), float32.
    torch::Tensor forward(const torch::Tensor& z, const torch::Tensor& styles);
    /// All convolutions, under what their weights' names begin with: "block2.c1." ...
    std::vector<std::pair<std::string, ScaledConv>> convolutionsByName() const;

private:
    torch::nn::Linear m_input{nullptr};
    std::vector<UpBlock> m_blocks;
    BatchNorm2d m_norm{nullptr};
    ScaledConv m_colours{nullptr};
};
TORCH_MODULE(ResidualGenerator);

/// A layer of a critic, with bias: a convolution that keeps the size, or with size 0 a fully connected one.
/// Spectrally normalised (Miyato et al. 2018, section 2.1, algorithm 1) its weight W, as a matrix of out
/// rows, is divided by u' W v, an estimate of its greatest singular value from one power iteration a forward
/// pass that begins at the u kept; the gradient passes through W, not through u and v. Only in training the
/// new u is kept.
struct CriticLayerImpl : torch::nn::Module {
    /// gain: of Glorot's uniform first weights.
    CriticLayerImpl(int in, int out, int size, bool spectral, double gain);
    /// [B,in,H,W] -> [B,out,H,W], or [B,in] -> [B,out]
    torch::Tensor forward(const torch::Tensor& x);

    torch::Tensor weight, bias;  ///< [out,in,size,size] or [out,in]; [out]
    torch::Tensor direction;     ///< u: the buffer "sn_u" [1,out]; undefined where nothing is normalised

private:
    torch::Tensor usedWeight();
};
TORCH_MODULE(CriticLayer);

/// A critic's block: ReLU, convolution, ReLU, convolution, half the size where it halves, beside a 1x1
/// convolution (where neither size nor channels change, x as it is). The first one of a critic, which takes
/// pictures, begins with its convolution. Names: c1, c2, c_sc.
struct DownBlockImpl : torch::nn::Module {
    enum class Place { First, Halving, Flat };
    DownBlockImpl(int in, int out, Place place, bool spectral);
    /// x: [B,in,H,W] -> [B,out,H,W], half of that unless Flat
    torch::Tensor forward(const torch::Tensor& x);

private:
    CriticLayer m_c1{nullptr}, m_c2{nullptr}, m_shortcut{nullptr};
    Place m_place;
};
TORCH_MODULE(DownBlock);

/// The critic: blocks, ReLU, pooling over all places, one fully connected layer. SNGAN: every layer
/// spectrally normalised, sums; WGAN-GP: no normalisation of any kind, so that the gradient at a picture is
/// that of this picture's verdict, and means. Published widths. SNGAN: 64, times 1-2-4-8-16 at 64 px,
/// 1-2-4-8-16-16 at 128 px (the last not halving), 128 everywhere at 32 px (two of four halving). WGAN-GP at
/// 64 px: 1-2-4-8-8 times 64, the last not halving; its published form there has layer norm and a fully
/// connected end instead of the means, which are those of its form for 32 px.
struct PooledCriticImpl : torch::nn::Module {
    struct Shape {
        ResidualGan kind = ResidualGan::Sngan;
        int side = 128;  ///< px: 32, 64 or 128
        int width = 0;   ///< channels at the first level, the others in proportion; 0: as published
    };
    /// Throws BadOption for another side.
    explicit PooledCriticImpl(const Shape& shape);
    /// x: [B,3,side,side] in [-1,1] -> [B,1], float32 under autocast too
    torch::Tensor forward(const torch::Tensor& x);

private:
    std::vector<DownBlock> m_blocks;
    CriticLayer m_last{nullptr};
    bool m_sums;
};
TORCH_MODULE(PooledCritic);

}  // namespace signet::nn
