#include "core/nn/resnet.h"

#include <torch/torch.h>

#include "core/nn/checkpoint.h"

namespace signet::nn {
namespace {

torch::nn::Conv2d conv(int in, int out, int kernel, int stride, int padding) {
    return torch::nn::Conv2d(
        torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(padding).bias(false));
}

torch::nn::Sequential stage(int in, int out, int blocks, int stride) {
    torch::nn::Sequential result;
    for (int i = 0; i < blocks; ++i)
        result->push_back(BasicBlock(i == 0 ? in : out, out, i == 0 ? stride : 1));
    return result;
}

}  // namespace

BasicBlockImpl::BasicBlockImpl(int in, int out, int stride) {
    conv1 = register_module("conv1", conv(in, out, 3, stride, 1));
    bn1 = register_module("bn1", BatchNorm2d(out));
    conv2 = register_module("conv2", conv(out, out, 3, 1, 1));
    bn2 = register_module("bn2", BatchNorm2d(out));
    if (stride != 1 || in != out) {
        downsample = register_module("downsample",
                                     torch::nn::Sequential(conv(in, out, 1, stride, 0), BatchNorm2d(out)));
    }
}

torch::Tensor BasicBlockImpl::forward(const torch::Tensor& x) {
    auto h = torch::relu(bn1(conv1(x)));
    h = bn2(conv2(h));
    return torch::relu(h + (downsample ? downsample->forward(x) : x));
}

ResNetImpl::ResNetImpl(const ResNetOptions& options) {
    const int width = options.width;
    conv1 = register_module("conv1", conv(3, width, 7, 2, 3));
    bn1 = register_module("bn1", BatchNorm2d(width));
    layer1 = register_module("layer1", stage(width, width, options.blocks[0], 1));
    layer2 = register_module("layer2", stage(width, 2 * width, options.blocks[1], 2));
    layer3 = register_module("layer3", stage(2 * width, 4 * width, options.blocks[2], 2));
    layer4 = register_module("layer4", stage(4 * width, 8 * width, options.blocks[3], 2));
    fc = register_module("fc", torch::nn::Linear(8 * width, options.outputs));
    for (auto& module : modules(false)) {
        if (auto* convolution = module->as<torch::nn::Conv2d>()) {
            torch::nn::init::kaiming_normal_(convolution->weight, 0.0, torch::kFanOut, torch::kReLU);
        }
    }
    torch::nn::init::kaiming_normal_(fc->weight);
}

torch::Tensor ResNetImpl::features(const torch::Tensor& x) {
    auto h = torch::relu(bn1(conv1(x)));
    h = torch::max_pool2d(h, 3, 2, 1);
    for (const auto& layer : {layer1, layer2, layer3, layer4}) {
        for (const auto& child : layer->children()) {
            auto& block = *child->as<BasicBlock>();
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
