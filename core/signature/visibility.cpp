#include "core/signature/visibility.h"

#include <torch/torch.h>

#include "core/nn/box_mean.h"

namespace signet::signature {

using torch::Tensor;

namespace {

constexpr double kGreyLevels = 127.5;  ///< a unit of [-1,1]
constexpr double kSigma = 1.0;         ///< px, between coarse and fine
constexpr int kRadius = 3;
constexpr int kWindow = 7;  ///< px, of the picture's activity

constexpr double kLightWeight = 0.40, kRedGreenWeight = 0.90, kBlueYellowWeight = 0.50, kFineWeight = 0.35;
constexpr double kCoarseMasking = 4,
                 kFineMasking = 5;      ///< activity that doubles what is hidden, grey levels
constexpr double kColourMasking = 0.3;  ///< of the luminance's effect, on colours
/// What activity hides at most, beside what can be seen anyway: without a limit a network gathers its energy
/// in the roughest texture, where it is seen after all.
constexpr double kMostMasking = 5;
/// What a smooth place hides, by what one of activity kCoarseMasking does less: mottle in a clear sky is seen
/// at half a grey level.
constexpr double kBare = 0.4;

constexpr int kCell = 4, kRegion = 15;  ///< px of a cell, cells of a region that is held to the level
constexpr double kMostRaised = 1.5;     ///< how far a region is raised that has less

/// Every channel by itself, the border continued.
Tensor smooth(const Tensor& x) {
    const auto offsets = torch::arange(-kRadius, kRadius + 1, torch::kFloat32);
    auto kernel = torch::exp(-offsets.square() / (2 * kSigma * kSigma));
    kernel = (kernel / kernel.sum()).to(x.device());
    const auto channels = x.size(1);
    const std::int64_t size = 2 * kRadius + 1;
    const auto along = [&](const Tensor& t, std::int64_t height, std::int64_t width) {
        return at::conv2d(t, kernel.view({1, 1, height, width}).expand({channels, 1, height, width}), {},
                          at::IntArrayRef{1, 1}, at::IntArrayRef{0, 0}, at::IntArrayRef{1, 1}, channels);
    };
    return along(along(torch::replication_pad2d(x, {kRadius, kRadius, kRadius, kRadius}), 1, size), size, 1);
}

/// Standard deviation in a window about each place.
Tensor activity(const Tensor& x) {
    return (nn::boxMean(x.square(), kWindow) - nn::boxMean(x, kWindow).square()).clamp_min(0).sqrt();
}

/// x where it is small, never more than kMostMasking.
Tensor limited(const Tensor& x) {
    return x * kMostMasking / (x + kMostMasking);
}

/// Luminance (Rec. 601), red against green, blue against yellow: [B,3,H,W].
Tensor opponent(const Tensor& x) {
    const auto red = x.slice(1, 0, 1), green = x.slice(1, 1, 2), blue = x.slice(1, 2, 3);
    return torch::cat({red * 0.299 + green * 0.587 + blue * 0.114, red - green, blue - (red + green) * 0.5},
                      1);
}

/// The fourth power of what is seen at each place, [B,1,H,W].
Tensor fourthPower(const Tensor& picture, const Tensor& residual) {
    Tensor coarseHides, fineHides;
    {
        const torch::NoGradGuard guard;
        const auto light = opponent(picture.detach()).slice(1, 0, 1) * kGreyLevels;
        const auto coarse = smooth(light);
        coarseHides = limited(activity(coarse) / kCoarseMasking);
        fineHides = limited(activity(light - coarse) / kFineMasking);
    }
    const auto planes = opponent(residual) * kGreyLevels;
    const auto coarse = smooth(planes);
    const auto light = coarse.slice(1, 0, 1);
    const auto fine = planes.slice(1, 0, 1) - light;
    const auto squared =
        (light * kLightWeight / (kBare + coarseHides)).square() +
        (coarse.slice(1, 1, 2) * kRedGreenWeight / (kBare + kColourMasking * coarseHides)).square() +
        (coarse.slice(1, 2, 3) * kBlueYellowWeight / (kBare + kColourMasking * coarseHides)).square() +
        (fine * kFineWeight / (kBare + fineHides)).square();
    return squared.square();
}

}  // namespace

Tensor roughness(const Tensor& picture) {
    const auto light = opponent(picture).slice(1, 0, 1) * kGreyLevels;
    return limited(activity(smooth(light)) / kCoarseMasking) / kMostMasking;
}

Tensor visibility(const Tensor& picture, const Tensor& residual) {
    return fourthPower(picture, residual).mean({1, 2, 3}).pow(0.25);
}

Tensor withoutPeaks(const Tensor& residual, double most) {
    constexpr double kHardness = 6;  // 0.89 of what is as high as the limit is left, 0.98 of three quarters
    const auto height = opponent(residual).slice(1, 0, 1).abs() * (kGreyLevels / most);
    return residual * (1 + height.pow(kHardness)).pow(-1 / kHardness);
}

Tensor atVisibility(const Tensor& picture, const Tensor& residual, double level) {
    const auto rows = residual.size(2), columns = residual.size(3);
    const auto large = torch::upsample_bilinear2d(residual, {picture.size(2), picture.size(3)}, false);
    const auto seen = fourthPower(picture, large);
    const auto everywhere = seen.mean({1, 2, 3}, true).pow(0.25);
    const auto here = nn::boxMean(torch::avg_pool2d(seen, kCell), kRegion).clamp_min(1e-12).pow(0.25);
    const auto gain = level / (torch::max(here, everywhere / kMostRaised) + 1e-6);
    return residual * torch::upsample_bilinear2d(gain, {rows, columns}, false);
}

}  // namespace signet::signature
