#include "core/signature/picture_strength.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/attacks/tensor_attacks.h"
#include "core/signature/visibility.h"
#include "core/signature/working_size.h"

namespace signet::signature {

using torch::Tensor;

namespace {

/// How surely the signed picture is to read: the part of the folded tile along the carrier, by the part at
/// right angles to it. A code is read down to some 0.3; but in a picture of rough texture little reads to
/// begin with, and too little of a part of it.
constexpr double kWanted = 1.8;
/// In smooth pictures a coarse codec takes nearly all away. What JPEG 15 leaves goes with the power 0.81 of
/// the mean roughness() (correlation 0.83 of the logarithms, 60 photographs), and what AVIF 40 leaves with
/// that (0.89): at this roughness strength 1 is enough.
constexpr double kEnough = 0.31, kPower = 0.81;
constexpr double kLeast = 1.0, kMost = 1.55;
constexpr double kMostInSmooth = 1.25;  ///< all is seen there
/// Grey levels of luminance that no place is changed by more: in coarse textiles what a rough picture needs
/// is seen in spots.
constexpr double kPeak = 11;
constexpr double kRough = 0.6;  ///< roughness() of a place that takes all that the picture needs

/// The chips of a view that shows the whole picture, [1, 2, rows * columns].
Tensor ownPlaces(std::int64_t rows, std::int64_t columns) {
    const auto y = (torch::arange(rows, torch::kFloat32) + 0.5).unsqueeze(1).expand({rows, columns});
    const auto x = (torch::arange(columns, torch::kFloat32) + 0.5).unsqueeze(0).expand({rows, columns});
    return torch::stack({x.flatten(), y.flatten()}).unsqueeze(0);
}

/// How surely a view that shows a whole signed picture reads.
double surenessOf(KeyedNetworks& networks, const Tensor& modes, const Tensor& view, const Tensor& carrier) {
    const auto estimate = networks.estimate(view);
    const auto places = ownPlaces(estimate.size(2), estimate.size(3));
    const auto tile = torch::matmul(fold(estimate, places, networks.options().carrier.tile), modes.t());
    const auto along = (tile * carrier).sum();
    return (along / (tile.square().sum() - along.square()).clamp_min(1e-12).sqrt()).item<double>();
}

}  // namespace

Tensor asStrongAsNeeded(KeyedNetworks& networks, const Tensor& modes, const Tensor& picture,
                        const Tensor& residual, const Tensor& carrier) {
    const auto written = attacks::quantizeStraightThrough(added(picture, residual).clamp(-1, 1), false);
    const auto rough = roughness(picture);
    const double everywhere = std::clamp(
        std::pow(kEnough / std::max(rough.mean().item<double>(), 1e-3), kPower), kLeast, kMostInSmooth);
    const double sureness = std::max(surenessOf(networks, modes, written, carrier), 1e-3);
    const double inRough = std::clamp(kWanted / sureness, everywhere, kMost);
    const auto share = torch::avg_pool2d((rough / kRough).clamp_max(1), 2);
    return withoutPeaks(residual * (everywhere + (inRough - everywhere) * share), kPeak);
}

}  // namespace signet::signature
