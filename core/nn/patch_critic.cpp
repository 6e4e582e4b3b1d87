#include "core/nn/patch_critic.h"

#include <torch/torch.h>

#include <algorithm>

#include "core/nn/batch_norm.h"
#include "core/nn/channels_last.h"

namespace signet::nn {

using torch::Tensor;

namespace {

constexpr double kSlope = 0.2;
constexpr double kFirstWeights = 0.02;  ///< standard deviation
constexpr int kWidest = 8;              ///< times the first width

torch::nn::Conv2d conv4(int in, int out, int stride, bool bias) {
    auto conv = torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 4).stride(stride).padding(1).bias(bias));
    torch::nn::init::normal_(conv->weight, 0, kFirstWeights);
    return conv;
}

}  // namespace

PatchCriticImpl::PatchCriticImpl(int width, int halvings) {
    const auto rectified = [] {
        return torch::nn::LeakyReLU(torch::nn::LeakyReLUOptions().negative_slope(kSlope));
    };
    torch::nn::Sequential layers(conv4(3, width, 2, true), rectified());
    int channels = width;
    for (int i = 1; i <= halvings; ++i) {
        const int out = width * std::min(1 << i, kWidest);
        layers->push_back(conv4(channels, out, i < halvings ? 2 : 1, false));
        BatchNorm2d norm(out);
        torch::nn::init::normal_(norm->weight, 1, kFirstWeights);
        layers->push_back(norm);
        layers->push_back(rectified());
        channels = out;
    }
    layers->push_back(conv4(channels, 1, 1, true));
    m_main = register_module("main", layers);
}

Tensor PatchCriticImpl::forward(const Tensor& x) {
    return m_main->forward(channelsLast(x)).to(torch::kFloat32);
}

}  // namespace signet::nn
