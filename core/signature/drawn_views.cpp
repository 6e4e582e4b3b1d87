#include "core/signature/drawn_views.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace signet::signature {

using torch::Tensor;

namespace {

constexpr double kRadians = std::numbers::pi / 180;

attacks::PhotometricRanges attackRanges() {
    attacks::PhotometricRanges ranges;
    ranges.jpegLow = ranges.webpLow = 25;
    ranges.avifLow = 30;
    ranges.avifHigh = 75;
    ranges.noiseSigma = 0.08;
    ranges.resizeLow = 0.35;
    return ranges;
}

/// Of view places, homogeneous columns [3, rows * columns] in [-1,1]: centres of its chips or pixels.
Tensor viewPlaces(std::int64_t rows, std::int64_t columns) {
    const auto centres = [](std::int64_t n) {
        return (torch::arange(n, torch::kFloat32) + 0.5) * (2.0 / static_cast<double>(n)) - 1;
    };
    const auto x = centres(columns).repeat({rows});
    const auto y = centres(rows).unsqueeze(1).expand({rows, columns}).flatten();
    return torch::stack({x, y, torch::ones_like(x)});
}

/// maps [B,3,3] at places: x and y, [B,2,n].
Tensor mapped(const Tensor& maps, const Tensor& places) {
    const auto at = torch::matmul(maps, places);
    return at.slice(1, 0, 2) / at.slice(1, 2, 3).clamp_min(0.1);
}

}  // namespace

Tensor drawViews(std::int64_t images, const ViewRanges& r, StepRandom& random) {
    auto maps = torch::zeros({images, 3, 3});
    auto m = maps.accessor<float, 3>();
    for (std::int64_t i = 0; i < images; ++i) {
        double a = 1, b = 0, c = 0, d = 1, tx = 0, ty = 0, px = 0, py = 0;
        if (!random.chance(r.wholeShare)) {
            const double side = std::exp(random.uniform(std::log(r.smallest), std::log(r.largest)));
            const double limit = random.chance(r.stretchShare) ? r.stretch : 1.05;
            const double ratio = std::exp(random.uniform(-0.5, 0.5) * std::log(limit));
            const double kind = random.uniform();
            const double angle = kind < r.anyAngleShare ? random.uniform(-180, 180)
                                 : kind < r.anyAngleShare + r.slightAngleShare
                                     ? random.uniform(-r.slightAngle, r.slightAngle)
                                     : 0;
            const double mirror = random.chance(r.mirrorShare) ? -1 : 1;
            const double cosine = std::cos(angle * kRadians), sine = std::sin(angle * kRadians);
            a = mirror * cosine * side * ratio;
            b = -sine * side / ratio;
            c = mirror * sine * side * ratio;
            d = cosine * side / ratio;
            const double slack = std::abs(1 - side);
            tx = random.uniform(-slack, slack);
            ty = random.uniform(-slack, slack);
            if (random.chance(r.perspectiveShare)) {
                px = random.uniform(-r.perspective, r.perspective);
                py = random.uniform(-r.perspective, r.perspective);
            }
        }
        const double values[3][3] = {{a, b, tx}, {c, d, ty}, {px, py, 1}};
        for (int row = 0; row < 3; ++row)
            for (int column = 0; column < 3; ++column)
                m[i][row][column] = static_cast<float>(values[row][column]);
    }
    return maps;
}

Tensor showViews(const Tensor& pictures, const Tensor& ground, const Tensor& maps) {
    const auto rows = pictures.size(2), columns = pictures.size(3);
    const auto at = mapped(maps, viewPlaces(rows, columns))
                        .transpose(1, 2)
                        .reshape({pictures.size(0), rows, columns, 2})
                        .to(pictures.device());
    const auto shown = torch::grid_sampler(pictures, at, /*bilinear*/ 0, /*border*/ 1, false);
    const auto covered = (at.abs().amax({3}) <= 1).unsqueeze(1);
    return torch::where(covered, shown, ground);
}

Tensor chipPlaces(const Tensor& maps, const Tensor& error, std::int64_t rows, std::int64_t columns,
                  double frameSide) {
    const auto chips = mapped(maps, viewPlaces(rows, columns)) * (frameSide / 2);  // about the centre
    const auto homogeneous = torch::cat({chips, torch::ones_like(chips.slice(1, 0, 1))}, 1);
    return chips + torch::matmul(error, homogeneous) + frameSide / 2;
}

Tensor attackViews(const Tensor& pictures, const ImageShare& share,
                   std::span<const attacks::PhotometricAttack> kinds, double one, double another,
                   StepRandom& random) {
    static const attacks::PhotometricRanges kRanges = attackRanges();
    constexpr std::int64_t kGroup = 3;
    return attacks::applyInGroups(pictures, share.first, share.all, kGroup, [&](std::int64_t images) {
        std::vector<attacks::PhotometricDraw> chain;
        for (const double chance : {one, another})
            if (random.chance(chance))
                chain.push_back(
                    attacks::drawPhotometric(kinds[random.index(kinds.size())], images, kRanges, random));
        return chain;
    });
}

}  // namespace signet::signature
