#include "core/baselines/artificial_fingerprint_model.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <mutex>
#include <utility>

#include "core/base/error.h"
#include "core/baselines/artificial_fingerprint_networks.h"
#include "core/image/resample.h"
#include "core/nn/runtime.h"
#include "core/nn/threads.h"
#include "core/training/picture_tensors.h"

namespace signet::baselines {
namespace {

ArtificialFingerprintOptions stamperOptions(const models::Manifest& manifest) {
    if (manifest.kind() != models::Kind::Stamper)
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} is a model of kind \"{}\": it makes no artificial fingerprints",
                                manifest.name, toString(manifest.kind())));
    return ArtificialFingerprintOptions::fromJson(manifest.options);
}

}  // namespace

struct ArtificialFingerprintModel::Impl {
    Impl(models::Manifest given, const std::string& deviceName, int threadCount)
        : manifest(std::move(given)),
          device(nn::deviceFromName(deviceName)),
          threads(threadCount),
          networks(stamperOptions(manifest)) {
        const models::WeightFile& weights = manifest.weightsFor("decoder");
        networks.load(nn::loadSafeTensors(manifest.pathOf(weights), weights.sha256).tensors);
        networks.to(device);
    }

    models::Manifest manifest;
    torch::Device device;
    int threads;
    ArtificialFingerprintNetworks networks;
    std::mutex mutex;
};

ArtificialFingerprintModel::ArtificialFingerprintModel(models::Manifest manifest, const std::string& device,
                                                       int threads)
    : m_impl(std::make_unique<Impl>(std::move(manifest), device, threads)) {}

ArtificialFingerprintModel::~ArtificialFingerprintModel() = default;
ArtificialFingerprintModel::ArtificialFingerprintModel(ArtificialFingerprintModel&&) noexcept = default;

const models::Manifest& ArtificialFingerprintModel::manifest() const {
    return m_impl->manifest;
}

int ArtificialFingerprintModel::bits() const {
    return m_impl->networks.options().bits;
}

int ArtificialFingerprintModel::side() const {
    return m_impl->networks.options().side;
}

image::Image ArtificialFingerprintModel::stamp(const image::Image& picture,
                                               std::span<const std::uint8_t> code) {
    if (code.size() != static_cast<std::size_t>(bits()))
        throw Error(ErrorCode::BadOption, fmt::format("{} has fingerprints of {} bits, not of {}",
                                                      m_impl->manifest.name, bits(), code.size()));
    const image::Image pixels = image::toRgb8(picture);
    const auto input = training::toSquare(pixels, side());
    const std::vector<float> numbers(code.begin(), code.end());
    const std::lock_guard lock(m_impl->mutex);
    const torch::InferenceMode guard;
    nn::useThreads(m_impl->threads);
    const auto codes = torch::tensor(numbers).unsqueeze(0).to(m_impl->device);
    const auto stamped = m_impl->networks.stamp(input.to(m_impl->device), codes).to(torch::kCPU);
    if (pixels.width == side() && pixels.height == side()) return training::toImage(stamped);
    const auto difference = (stamped - input).contiguous();
    const float* values = difference.const_data_ptr<float>();
    return image::addResidual(pixels, {side(), side(), {values, values + difference.numel()}}, 1,
                              m_impl->threads, nullptr);
}

std::vector<float> ArtificialFingerprintModel::decode(const image::Image& picture) {
    const auto input = training::toSquare(image::toRgb8(picture), side());
    const std::lock_guard lock(m_impl->mutex);
    const torch::InferenceMode guard;
    nn::useThreads(m_impl->threads);
    const auto logits = m_impl->networks.decode(input.to(m_impl->device)).to(torch::kCPU).contiguous();
    const float* values = logits.const_data_ptr<float>();
    return {values, values + logits.numel()};
}

}  // namespace signet::baselines
