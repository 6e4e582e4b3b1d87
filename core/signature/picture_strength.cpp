#include "core/signature/picture_strength.h"

#include <torch/torch.h>

#include <algorithm>

#include "core/attacks/tensor_attacks.h"
#include "core/signature/working_size.h"

namespace signet::signature {

using attacks::PhotometricAttack;
using torch::Tensor;

namespace {

/// How surely a view is to read: the part of the folded tile along the carrier, by the part at right angles
/// to it. A code is read down to some 0.3. In a picture of rough texture little reads to begin with, and too
/// little of a part of it; in a smooth one AVIF takes nearly all away. Of what other attacks leave the two
/// tell enough.
constexpr double kWantedPlain = 1.25, kWantedAvif = 0.42;
constexpr double kLeast = 0.8, kMost = 1.3;
constexpr double kMostForAvif = 1.15;  ///< in smooth pictures all is seen

attacks::PhotometricRanges strongAttacks() {
    attacks::PhotometricRanges ranges;
    ranges.avifLow = 35;
    ranges.avifHigh = 50;
    return ranges;
}

/// The chips of a view that shows the whole picture, [1, 2, rows * columns].
Tensor ownPlaces(std::int64_t rows, std::int64_t columns) {
    const auto y = (torch::arange(rows, torch::kFloat32) + 0.5).unsqueeze(1).expand({rows, columns});
    const auto x = (torch::arange(columns, torch::kFloat32) + 0.5).unsqueeze(0).expand({rows, columns});
    return torch::stack({x.flatten(), y.flatten()}).unsqueeze(0);
}

/// How surely a view of a signed picture reads.
double surenessOf(KeyedNetworks& networks, const Tensor& modes, const Tensor& view, const Tensor& carrier) {
    const auto estimate = networks.estimate(view);
    const auto places = ownPlaces(estimate.size(2), estimate.size(3));
    const auto tile = torch::matmul(fold(estimate, places, networks.options().carrier.tile), modes.t());
    const auto along = (tile * carrier).sum();
    return (along / (tile.square().sum() - along.square()).clamp_min(1e-12).sqrt()).item<double>();
}

}  // namespace

double pictureStrength(KeyedNetworks& networks, const Tensor& modes, const Tensor& picture,
                       const Tensor& residual, const Tensor& carrier) {
    static const attacks::PhotometricRanges kRanges = strongAttacks();
    const auto written = attacks::quantizeStraightThrough(added(picture, residual).clamp(-1, 1), false);
    StepRandom random(0, 0, 0);  // always the same draw
    const auto avif = attacks::drawPhotometric(PhotometricAttack::Avif, 1, kRanges, random);
    const auto factor = [&](double wanted, const Tensor& view) {
        return wanted / std::max(surenessOf(networks, modes, view, carrier), 1e-3);
    };
    const double forAvif =
        std::clamp(factor(kWantedAvif, attacks::apply(avif, written)), kLeast, kMostForAvif);
    return std::clamp(factor(kWantedPlain, written), forAvif, kMost);
}

}  // namespace signet::signature
