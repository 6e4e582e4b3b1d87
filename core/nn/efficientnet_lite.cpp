#include "core/nn/efficientnet_lite.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>

namespace signet::nn {
namespace {

struct LiteStage {
    int repeats, kernel, stride, expansion, in, out;
    bool tapped;  ///< its output is a feature: the last of its size
};
constexpr std::array<LiteStage, 7> kLiteStages{{{1, 3, 1, 1, 32, 16, true},
                                                {2, 3, 2, 6, 16, 24, true},
                                                {2, 5, 2, 6, 24, 40, true},
                                                {3, 3, 2, 6, 40, 80, false},
                                                {3, 5, 1, 6, 80, 112, true},
                                                {4, 5, 2, 6, 112, 192, false},
                                                {1, 3, 1, 6, 192, 320, true}}};
constexpr double kLiteEpsilon = 1e-3;  ///< of its batch normalisations
constexpr int kLiteStem = 32;
constexpr double kLengthEpsilon = 1e-10;  ///< LPIPS's
constexpr std::array<std::int64_t, 2> kUnpadded{0, 0};

struct LiteBlock {
    std::string name;  ///< "_blocks.3."
    int kernel, stride, expansion, in, out;
    bool tapped;
};

std::vector<LiteBlock> liteBlocks() {
    std::vector<LiteBlock> blocks;
    for (const LiteStage& stage : kLiteStages)
        for (int i = 0; i < stage.repeats; ++i)
            blocks.push_back({fmt::format("_blocks.{}.", blocks.size()), stage.kernel,
                              i == 0 ? stage.stride : 1, stage.expansion, i == 0 ? stage.in : stage.out,
                              stage.out, stage.tapped && i + 1 == stage.repeats});
    return blocks;
}

}  // namespace

EfficientNetLite0::EfficientNetLite0(TensorMap weights) : m_weights(std::move(weights)) {
    const auto need = [&](const std::string& name, at::IntArrayRef shape) {
        entryOf(m_weights, name, shape, "EfficientNet-Lite0");
    };
    const auto needNorm = [&](const std::string& name, int channels) {
        for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"})
            need(name + part, {channels});
    };
    need("_conv_stem.weight", {kLiteStem, 3, 3, 3});
    needNorm("_bn0", kLiteStem);
    for (const LiteBlock& block : liteBlocks()) {
        const int wide = block.in * block.expansion;
        if (block.expansion > 1) {
            need(block.name + "_expand_conv.weight", {wide, block.in, 1, 1});
            needNorm(block.name + "_bn0", wide);
        }
        need(block.name + "_depthwise_conv.weight", {wide, 1, block.kernel, block.kernel});
        needNorm(block.name + "_bn1", wide);
        need(block.name + "_project_conv.weight", {block.out, wide, 1, 1});
        needNorm(block.name + "_bn2", block.out);
    }
}

torch::Tensor EfficientNetLite0::normalised(const torch::Tensor& x, const std::string& name) const {
    const auto of = [&](const char* part) { return m_weights.at(name + part); };
    return torch::batch_norm(x, of(".weight"), of(".bias"), of(".running_mean"), of(".running_var"), false, 0,
                             kLiteEpsilon, false);
}

/// Padded as TensorFlow's "SAME": an odd rest goes to the right and below.
torch::Tensor EfficientNetLite0::convolved(const torch::Tensor& x, const std::string& name, int stride,
                                           bool depthwise) const {
    const torch::Tensor& weight = m_weights.at(name + ".weight");
    const std::int64_t kernel = weight.size(2);
    const auto padding = [&](std::int64_t side) {
        return std::max<std::int64_t>((((side + stride - 1) / stride) - 1) * stride + kernel - side, 0);
    };
    const auto across = padding(x.size(3)), down = padding(x.size(2));
    const auto padded =
        torch::constant_pad_nd(x, {across / 2, across - across / 2, down / 2, down - down / 2}, 0);
    const std::int64_t groups = depthwise ? weight.size(0) : 1;
    return torch::conv2d(padded, weight, {}, stride, at::IntArrayRef(kUnpadded), 1, groups);
}

std::vector<torch::Tensor> EfficientNetLite0::features(const torch::Tensor& x) const {
    std::vector<torch::Tensor> taps;
    torch::Tensor y = torch::relu6(normalised(convolved(x, "_conv_stem", 2), "_bn0"));
    for (const LiteBlock& block : liteBlocks()) {
        torch::Tensor z = y;
        if (block.expansion > 1)
            z = torch::relu6(normalised(convolved(z, block.name + "_expand_conv", 1), block.name + "_bn0"));
        z = torch::relu6(normalised(convolved(z, block.name + "_depthwise_conv", block.stride, true),
                                    block.name + "_bn1"));
        z = normalised(convolved(z, block.name + "_project_conv", 1), block.name + "_bn2");
        y = block.stride == 1 && block.in == block.out ? y + z : z;
        if (block.tapped) taps.push_back(y);
    }
    return taps;
}

torch::Tensor EfficientNetLite0::distance(const torch::Tensor& a, const torch::Tensor& b) const {
    torch::Tensor sum;
    for (const auto& layer : features(torch::cat({a, b}))) {
        const auto halves = (layer / (layer.square().sum(1, true).sqrt() + kLengthEpsilon)).chunk(2);
        const auto apart = (halves[0] - halves[1]).square().sum(1).mean({1, 2});
        sum = sum.defined() ? sum + apart : apart;
    }
    return sum;
}

torch::Tensor EfficientNetLite0::pooled(const torch::Tensor& x) const {
    entryOf(m_weights, "_conv_head.weight", {kPooled, kLiteStages.back().out, 1, 1}, "EfficientNet-Lite0");
    for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"})
        entryOf(m_weights, std::string("_bn1") + part, {kPooled}, "EfficientNet-Lite0");
    return torch::relu6(normalised(convolved(features(x).back(), "_conv_head", 1), "_bn1")).mean({2, 3});
}

}  // namespace signet::nn
