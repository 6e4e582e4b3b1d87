#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <vector>

#include "core/kernels/affine_leaky_relu.h"
#include "core/nn/equalised.h"

namespace signet::nn {

/// A convolution whose filters a style scales per input channel and brings back to unit length per output
/// channel (StyleGAN2, Eqs. 1-3; paper B, Eq. 6, which leaves out the demodulation and the 1 that the first
/// bias is). Scale in, convolve, demodulate out: the same as filters per picture, for the price of one
/// convolution.
struct ModulatedConvImpl : torch::nn::Module {
    struct Shape {
        int in, out, size;
        int style = 512;  ///< numbers in a style; 0: a plain convolution, neither scaled nor demodulated
        int styles = 1;   ///< that modulate one after another (paper B, variant II)
        bool demodulate = true;
        bool up = false;  ///< to twice the size
    };
    explicit ModulatedConvImpl(const Shape& shape);
    /// x: [B,in,H,W]; styles: [B,styles * style]; after: what the layer does to the values then, in the same
    /// pass as the demodulation, which takes its scale's place. Returns [B,out,H,W], twice that with up.
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& styles,
                          kernels::AffineLeakyRelu after);

    /// The filters that one style makes of it, [out,in,size,size], and the bias-free convolution with them:
    /// what an issued instance has. styles: [1,styles * style].
    torch::Tensor bakedWeight(const torch::Tensor& styles);
    /// The convolution with filters as they are used, [out,in,size,size].
    torch::Tensor convolved(const torch::Tensor& x, const torch::Tensor& filters) const;

    double gain() const;  ///< weight times this are the filters that a style scales

    torch::Tensor weight;                 ///< [1,out,in,size,size]
    std::vector<EqualLinear> modulation;  ///< "modulation", a second one "modulation2"

private:
    torch::Tensor scales(const torch::Tensor& styles);

    Shape m_shape;
};
TORCH_MODULE(ModulatedConv);

}  // namespace signet::nn
