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
constexpr double kMost = 1.6;   ///< what a rough picture takes
constexpr double kRough = 0.6;  ///< roughness() of a place that takes all of it
/// In a smooth picture a coarse codec takes nearly all away. What AVIF 40 leaves goes with what JPEG 15,
/// which is quick, leaves at strength 1 (correlation 0.82 of how surely both read, 300 photographs; 0.60 with
/// the roughness).
const attacks::PhotometricDraw kCoarse{.attack = attacks::PhotometricAttack::Jpeg,
                                       .codecs = {{.quality = 15, .subsample = true}}};
constexpr double kWantedAfterCoarse = 0.5;
constexpr double kMostAfterCoarse = 1.8;
constexpr double kTextured = 0.1;  ///< roughness() of a place that takes all of that; a bare one takes 1
/// Grey levels of luminance that no place is changed by more: in coarse textiles what a rough picture needs
/// is seen in spots.
constexpr double kPeak = 11;

/// The chips of a view that shows the whole picture, [1, 2, rows * columns].
Tensor ownPlaces(std::int64_t rows, std::int64_t columns) {
    const auto y = (torch::arange(rows, torch::kFloat32) + 0.5).unsqueeze(1).expand({rows, columns});
    const auto x = (torch::arange(columns, torch::kFloat32) + 0.5).unsqueeze(0).expand({rows, columns});
    return torch::stack({x.flatten(), y.flatten()}).unsqueeze(0);
}

/// How surely a view that shows a whole signed picture reads, more than 0.
double surenessOf(KeyedNetworks& networks, const Tensor& modes, const Tensor& view, const Tensor& carrier) {
    const auto estimate = networks.estimate(view);
    const auto places = ownPlaces(estimate.size(2), estimate.size(3));
    const auto tile = torch::matmul(fold(estimate, places, networks.options().carrier.tile), modes.t());
    const auto along = (tile * carrier).sum();
    const auto across = (tile.square().sum() - along.square()).clamp_min(1e-12).sqrt();
    return std::max((along / across).item<double>(), 1e-3);
}

}  // namespace

Tensor asStrongAsNeeded(KeyedNetworks& networks, const Tensor& modes, const Tensor& picture,
                        const Tensor& residual, const Tensor& carrier) {
    const auto written = attacks::quantizeStraightThrough(added(picture, residual).clamp(-1, 1), false);
    const auto coarse = attacks::apply(kCoarse, written);
    const double textured =
        std::clamp(kWantedAfterCoarse / surenessOf(networks, modes, coarse, carrier), 1.0, kMostAfterCoarse);
    const double inRough =
        std::max(textured, std::min(kWanted / surenessOf(networks, modes, written, carrier), kMost));
    const auto rough = torch::avg_pool2d(roughness(picture), 2);
    const auto gain = 1 + (textured - 1) * (rough / kTextured).clamp_max(1) +
                      (inRough - textured) * (rough / kRough).clamp_max(1);
    return withoutPeaks(residual * gain, kPeak);
}

}  // namespace signet::signature
