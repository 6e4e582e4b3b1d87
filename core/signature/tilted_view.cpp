#include "core/signature/tilted_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "core/signature/in_parallel.h"

namespace signet::signature {
namespace {

/// Share by which the far side of the view is smaller than the near one, halved. Corners moved by up to a
/// tenth of the sides tilt a view by 0.07 as a median, and by 0.13 in one of ten.
constexpr double kTilt = 0.12;
/// Repetitions, in standard deviations of chance: a lattice as strong as that is the view's; one that a tilt
/// shows by quickRepetition() is followed from there on. Of 60 photographs without a signature, seen aslant,
/// the strongest of four was 3.6 to 5.6 (5 % and 95 %).
constexpr double kClear = 9, kShown = 5.0;
constexpr int kLattices = 12;   ///< of the straightened view
constexpr double kSmall = 0.8;  ///< chips of the view that small chips measure at most

/// Place x, in half views from the centre, to x / (1 + tilt x).
FrameMap straightened(const CarrierEstimate& view, double tiltX, double tiltY) {
    return inHalfViews({{1, 0, 0, 0, 1, 0, tiltX, tiltY, 1}}, view.columns / 2.0, view.rows / 2.0);
}

/// What a view shows under a map, in a view of the same size; 0 where it shows nothing.
CarrierEstimate shownUnder(const FrameMap& map, const CarrierEstimate& view) {
    const FrameMap centres{{1, 0, 0.5, 0, 1, 0.5, 0, 0, 1}};
    const FrameMap indices = centres.inverse().after(map.after(centres));
    CarrierEstimate shown = view;
    const cv::Mat from(view.rows, view.columns, CV_32F, const_cast<float*>(view.values.data()));
    cv::Mat to(view.rows, view.columns, CV_32F, shown.values.data());
    cv::warpPerspective(from, to, cv::Matx33d(indices.h.data()), to.size());
    return shown;
}

}  // namespace

ViewMaps findMaps(const CarrierEstimate& estimate, const PatternBand& band, const LatticeRange& range) {
    ViewMaps found;
    const auto lattices = findLattices(estimate, band, range);
    for (const CarrierLattice& lattice : lattices) {
        found.maps.push_back(lattice.map(band.size()));
        if (std::sqrt(lattice.ax * lattice.by - lattice.ay * lattice.bx) < kSmall * band.size())
            found.smallTiles = std::max(found.smallTiles, lattice.strength);
    }
    if (lattices.front().strength > kClear) return found;

    struct Tilt {
        FrameMap map;
        CarrierEstimate shown;
        double repetition = 0;
    };
    std::array<Tilt, 4> tilts;
    inParallel(tilts.size(), [&](std::size_t i) {
        constexpr std::array<std::pair<int, int>, 4> kSides{{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}};
        Tilt& tilt = tilts[i];
        tilt.map = straightened(estimate, kTilt * kSides[i].first, kTilt * kSides[i].second);
        tilt.shown = shownUnder(tilt.map, estimate);
        tilt.repetition = quickRepetition(tilt.shown, band, range);
    });
    const Tilt& best = *std::max_element(
        tilts.begin(), tilts.end(), [](const Tilt& a, const Tilt& b) { return a.repetition < b.repetition; });
    if (best.repetition <= kShown) return found;
    LatticeRange fewer = range;
    fewer.most = std::min(range.most, kLattices);
    for (const CarrierLattice& lattice : findLattices(best.shown, band, fewer))
        found.maps.push_back(lattice.map(band.size()).after(best.map));
    return found;
}

}  // namespace signet::signature
