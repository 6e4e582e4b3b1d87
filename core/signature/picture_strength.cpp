#include "core/signature/picture_strength.h"

#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <limits>

#include "core/attacks/tensor_attacks.h"

namespace signet::signature {

using attacks::PhotometricAttack;
using torch::Tensor;

namespace {

/// What leaves least of a carrier: of JPEG, WebP, blur and reduction more is left in every picture.
constexpr std::array kAttacks{PhotometricAttack::Avif, PhotometricAttack::Noise};
constexpr double kLeast = 0.75, kMost = 1.6;
/// Part of the folded tile along the carrier, by the part at right angles to it. Codes are read down to about
/// half of that.
constexpr double kWanted = 0.62;

attacks::PhotometricRanges strongAttacks() {
    attacks::PhotometricRanges ranges;
    ranges.avifLow = 35;
    ranges.avifHigh = 50;
    ranges.noiseSigma = 0.08;
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
    const auto sureness = [&](double strength, const attacks::PhotometricDraw& draw) {
        const auto written = attacks::quantizeStraightThrough(
            KeyedNetworks::added(picture, residual * strength).clamp(-1, 1), false);
        return surenessOf(networks, modes, attacks::apply(draw, written), carrier);
    };
    const auto better = [](double strength, double sureness) {
        return std::clamp(strength * kWanted / std::max(sureness, 1e-3), kLeast, kMost);
    };
    StepRandom random(0, 0, 0);  // always the same draws
    attacks::PhotometricDraw worst;
    double least = std::numeric_limits<double>::infinity();
    for (const PhotometricAttack attack : kAttacks) {
        const auto draw = attacks::drawPhotometric(attack, 1, kRanges, random);
        const double here = sureness(1, draw);
        if (here >= least) continue;
        least = here;
        worst = draw;
    }
    const double strength = better(1, least);
    return better(strength, sureness(strength, worst));  // what a codec leaves is not in proportion
}

}  // namespace signet::signature
