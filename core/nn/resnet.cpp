#include "core/nn/resnet.h"

#include <torch/torch.h>

#include "core/nn/checkpoint.h"

namespace signet::nn {
namespace {

torch::nn::Conv2d conv(int in, int out, int kernel, int stride, int padding) {
    return torch::nn::Conv2d(
        torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(padding).bias(false));
}

/// Channels that come out of a block of a width.
int channelsOf(int width, bool bottleneck) {
    return bottleneck ? 4 * width : width;
}

torch::nn::Sequential stage(int in, int width, int blocks, int stride, bool bottleneck) {
    torch::nn::Sequential result;
    for (int i = 0; i < blocks; ++i)
        result->push_back(
            ResNetBlock(i == 0 ? in : channelsOf(width, bottleneck), width, i == 0 ? stride : 1, bottleneck));
    return result;
}

}  // namespace

ResNetBlockImpl::ResNetBlockImpl(int in, int width, int stride, bool bottleneck) {
    const int out = channelsOf(width, bottleneck);
    conv1 = register_module("conv1", bottleneck ? conv(in, width, 1, 1, 0) : conv(in, width, 3, stride, 1));
    bn1 = register_module("bn1", BatchNorm2d(width));
    conv2 = register_module("conv2", conv(width, width, 3, bottleneck ? stride : 1, 1));
    bn2 = register_module("bn2", BatchNorm2d(width));
    if (bottleneck) {
        conv3 = register_module("conv3", conv(width, out, 1, 1, 0));
        bn3 = register_module("bn3", BatchNorm2d(out));
    }
    if (stride != 1 || in != out) {
        downsample = register_module("downsample",
                                     torch::nn::Sequential(conv(in, out, 1, stride, 0), BatchNorm2d(out)));
    }
}

torch::Tensor ResNetBlockImpl::forward(const torch::Tensor& x) {
    auto h = torch::relu(bn1(conv1(x)));
    h = bn2(conv2(h));
    if (conv3) h = bn3(conv3(torch::relu(h)));
    return torch::relu(h + (downsample ? downsample->forward(x) : x));
}

ResNetImpl::ResNetImpl(const ResNetOptions& options) : m_firstStride(options.down ? 2 : 1) {
    int in = options.width, width = options.width;
    conv1 = register_module("conv1", conv(3, width, 7, m_firstStride, 3));
    bn1 = register_module("bn1", BatchNorm2d(width));
    const auto next = [&](const char* name, int blocks, int stride) {
        auto layer = register_module(name, stage(in, width, blocks, stride, options.bottleneck));
        in = channelsOf(width, options.bottleneck);
        width *= 2;
        return layer;
    };
    layer1 = next("layer1", options.blocks[0], 1);
    layer2 = next("layer2", options.blocks[1], 2);
    layer3 = next("layer3", options.blocks[2], 2);
    layer4 = next("layer4", options.blocks[3], 2);
    fc = register_module("fc", torch::nn::Linear(in, options.outputs));
    for (auto& module : modules(false)) {
        if (auto* convolution = module->as<torch::nn::Conv2d>()) {
            torch::nn::init::kaiming_normal_(convolution->weight, 0.0, torch::kFanOut, torch::kReLU);
        }
    }
    torch::nn::init::kaiming_normal_(fc->weight);
}

torch::Tensor ResNetImpl::features(const torch::Tensor& x) {
    auto h = torch::relu(bn1(conv1(x)));
    h = torch::max_pool2d(h, 3, m_firstStride, 1);
    for (const auto& layer : {layer1, layer2, layer3, layer4}) {
        for (const auto& child : layer->children()) {
            auto& block = *child->as<ResNetBlock>();
            const auto forward = [&block](const std::vector<torch::Tensor>& in) {
                return block.forward(in[0]);
            };
            h = checkpointing ? checkpointed(forward, {h}) : forward({h});
        }
    }
    return h;
}

torch::Tensor ResNetImpl::forward(const torch::Tensor& x) {
    return fc(features(x).mean({2, 3}));
}

torch::Tensor ResNetImpl::cells(const torch::Tensor& x) {
    return fc(features(x).permute({0, 2, 3, 1})).permute({0, 3, 1, 2});
}

}  // namespace signet::nn
