#include "core/baselines/attribution_network.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <string>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/kernels/affine_leaky_relu.h"
#include "core/kernels/placement.h"
#include "core/models/model_store.h"
#include "core/nn/safetensors.h"
#include "core/nn/stylegan2.h"

namespace signet::baselines {

using torch::Tensor;

namespace {

constexpr int kDenseSide = 4;  ///< px, at which there are no more convolutions

}  // namespace

ReflectedConvImpl::ReflectedConvImpl(int in, int out) {
    m_conv = register_module("conv", nn::EqualConv(in, out, 3));
    m_bias = register_parameter("bias", torch::zeros({out}));
}

Tensor ReflectedConvImpl::forward(const Tensor& x) {
    const auto y = m_conv(torch::reflection_pad2d(x, {1, 1, 1, 1}));
    // Here the gain is the weights' alone: lrelu(g w x + b) = g lrelu(w x + b / g).
    return kernels::affineLeakyRelu(
        y,
        {.bias = m_bias / kernels::kLeakyGain, .slope = kernels::kLeakySlope, .gain = kernels::kLeakyGain});
}

AttributionNetworkImpl::AttributionNetworkImpl(const AttributionNetworkOptions& options) {
    options.validate();
    const nn::FeatureMaps maps{options.featureBase, options.featureMost};
    int channels = 3;
    const auto add = [&](int out) {
        m_convs.push_back(
            register_module("conv" + std::to_string(m_convs.size()), ReflectedConv(channels, out)));
        channels = out;
    };
    for (int side = options.side; side > kDenseSide; side /= 2) {
        add(maps.at(side));
        add(maps.at(side / 2));
    }
    add(maps.at(kDenseSide));
    const int classes = static_cast<int>(options.classes.size());
    const int hidden = std::max(maps.at(kDenseSide / 2), classes);
    m_dense = register_module("dense", nn::EqualLinear(channels * kDenseSide * kDenseSide, hidden));
    m_last = register_module("last", nn::EqualLinear(hidden, classes));
}

Tensor AttributionNetworkImpl::forward(const Tensor& x) {
    auto y = kernels::laidOut(x);
    for (std::size_t i = 0; i < m_convs.size(); ++i) {
        y = m_convs[i](y);
        if (i % 2 == 1) y = torch::avg_pool2d(y, 2);
    }
    return m_last(torch::leaky_relu(m_dense(y.flatten(1) * kernels::kLeakyGain), kernels::kLeakySlope));
}

Attributor::Attributor(const AttributionNetworkOptions& options) : m_options(options), m_network(options) {}

std::unique_ptr<Attributor> Attributor::load(const std::filesystem::path& modelFolder) {
    const auto manifest = models::findModel(modelFolder.string(), {});
    if (manifest.kind() != models::Kind::Attributor)
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} is a model of kind \"{}\", not one that tells sources apart",
                                toUtf8(modelFolder.string()), toString(manifest.kind())));
    auto attributor = std::make_unique<Attributor>(AttributionNetworkOptions::fromJson(manifest.options));
    const models::WeightFile& file = manifest.weightsFor("classifier");
    nn::loadStateDict(*attributor->m_network,
                      nn::loadSafeTensors(manifest.pathOf(file), file.sha256).tensors);
    attributor->m_network->eval();
    return attributor;
}

Tensor Attributor::scores(const Tensor& images) {
    return torch::log_softmax(m_network(images).to(torch::kFloat32), 1);
}

std::unique_ptr<Attributor> makeAttributor(const AttributionNetworkOptions& options, std::uint64_t seed) {
    torch::manual_seed(seed);
    return std::make_unique<Attributor>(options);
}

}  // namespace signet::baselines
