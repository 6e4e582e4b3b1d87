#include "core/metrics/perceptual_distance.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "core/base/error.h"
#include "core/image/resample.h"
#include "core/metrics/feature_weights.h"
#include "core/nn/efficientnet_lite.h"
#include "core/nn/torch_checkpoint.h"

namespace fs = std::filesystem;

namespace signet::metrics {
namespace {

constexpr int kSmallestSeenSide = 32;

/// [1,3,H,W], levels as (x - 127) / 128.
torch::Tensor levelsOf(const image::Image& image) {
    image::Image rgb = image::toRgb8(image);
    const double factor =
        static_cast<double>(PerceptualDistance::kLargestSide) / std::max(rgb.width, rgb.height);
    if (factor < 1)
        rgb = image::resize(rgb, std::max(1, static_cast<int>(std::lround(rgb.width * factor))),
                            std::max(1, static_cast<int>(std::lround(rgb.height * factor))));
    const auto levels = torch::from_blob(rgb.data.data(), {rgb.height, rgb.width, 3}, torch::kUInt8);
    return ((levels.to(torch::kFloat32) - 127) / 128).permute({2, 0, 1}).unsqueeze(0).contiguous();
}

}  // namespace

struct PerceptualDistance::Impl {
    nn::EfficientNetLite0 network;
    std::mutex mutex;
};

PerceptualDistance::PerceptualDistance(const fs::path& weights)
    : m_impl(new Impl{nn::EfficientNetLite0(nn::loadTorchCheckpoint(weights, kFeatureWeightsSha256)), {}}) {}

PerceptualDistance::~PerceptualDistance() = default;
PerceptualDistance::PerceptualDistance(PerceptualDistance&&) noexcept = default;
PerceptualDistance& PerceptualDistance::operator=(PerceptualDistance&&) noexcept = default;

double PerceptualDistance::operator()(const image::Image& a, const image::Image& b) const {
    if (a.width != b.width || a.height != b.height)
        throw Error(ErrorCode::BadOption, "the images differ in size");
    if (std::min(a.width, a.height) < kSmallestSeenSide)
        throw Error(ErrorCode::TooSmall, "the perceptual distance needs at least 32 x 32 pixels");
    const std::lock_guard lock(m_impl->mutex);
    const torch::InferenceMode guard;
    return m_impl->network.distance(levelsOf(a), levelsOf(b)).item<double>();
}

}  // namespace signet::metrics
