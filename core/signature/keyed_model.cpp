#include "core/signature/keyed_model.h"

#include <torch/torch.h>

#include <cmath>
#include <mutex>

#include "core/base/error.h"
#include "core/nn/runtime.h"
#include "core/nn/threads.h"
#include "core/signature/keyed_networks.h"
#include "core/signature/picture_strength.h"
#include "core/signature/working_size.h"
#include "core/training/picture_tensors.h"

namespace signet::signature {
namespace {

/// The picture with two pixels a chip, chips of them on the short side: [1,3,h,w] in [-1,1].
torch::Tensor atWorkingSize(const image::Image& picture, int chips) {
    return training::toTensor(inProportion(picture, 2 * chips));
}

}  // namespace

struct KeyedModel::Impl {
    Impl(const Json& networkOptions, const std::filesystem::path& weights, const std::string& sha256,
         torch::Device where, int threadCount)
        : networks(KeyedNetworks::ofModel(networkOptions, weights, sha256, where)),
          modes(bandModes(networks.options().carrier).to(where)),
          band(networks.options().carrier.band()),
          device(where),
          threads(threadCount) {}

    KeyedNetworks networks;
    torch::Tensor modes;
    PatternBand band;
    torch::Device device;
    int threads;
    std::mutex mutex;
};

KeyedModel::KeyedModel(const Json& networkOptions, const std::filesystem::path& weights,
                       const std::string& sha256, const std::string& device, int threads)
    : m_impl(std::make_unique<Impl>(networkOptions, weights, sha256, nn::deviceFromName(device), threads)) {}

KeyedModel::~KeyedModel() = default;

const PatternBand& KeyedModel::band() const {
    return m_impl->band;
}
int KeyedModel::chips() const {
    return m_impl->networks.options().carrier.chips;
}
int KeyedModel::inputSide() const {
    return 2 * chips();
}

CarrierEstimate KeyedModel::estimate(const image::Image& picture, double closer) {
    const auto input = atWorkingSize(picture, static_cast<int>(std::lround(closer * chips())));
    const std::lock_guard lock(m_impl->mutex);
    const torch::InferenceMode guard;
    nn::useThreads(m_impl->threads);
    const auto values = m_impl->networks.estimate(input.to(m_impl->device)).to(torch::kCPU).contiguous();
    CarrierEstimate estimate;
    estimate.rows = static_cast<int>(values.size(2));
    estimate.columns = static_cast<int>(values.size(3));
    estimate.values.assign(values.const_data_ptr<float>(), values.const_data_ptr<float>() + values.numel());
    return estimate;
}

image::Planes KeyedModel::residual(const image::Image& picture, std::span<const float> carrier,
                                   const EmbeddingOptions& options) {
    if (carrier.size() != band().dimensions())
        throw Error(ErrorCode::Internal, "the carrier has another number of coefficients than the band");
    const auto input = atWorkingSize(picture, chips()).to(m_impl->device);
    const auto coefficients =
        torch::tensor(at::ArrayRef<float>(carrier.data(), carrier.size())).unsqueeze(0).to(m_impl->device);
    const std::lock_guard lock(m_impl->mutex);
    const torch::NoGradGuard guard;
    nn::useThreads(m_impl->threads);
    const auto& shape = m_impl->networks.options().carrier;
    const auto pattern = layOut(coefficients, m_impl->modes, shape, input.size(2) / 2, input.size(3) / 2);
    const double level = m_impl->networks.options().level * options.strength;
    auto residual = m_impl->networks.residual(input, pattern, level);
    if (options.informed)
        residual = asStrongAsNeeded(m_impl->networks, m_impl->modes, input, residual, coefficients);
    const auto values = residual.to(torch::kCPU, torch::kFloat32).contiguous();
    return {static_cast<int>(values.size(3)),
            static_cast<int>(values.size(2)),
            {values.const_data_ptr<float>(), values.const_data_ptr<float>() + values.numel()}};
}

}  // namespace signet::signature
