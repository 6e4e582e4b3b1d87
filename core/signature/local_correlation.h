#pragma once

#include <span>
#include <vector>

#include "core/signature/carrier_estimate.h"
#include "core/signature/pattern_set.h"

namespace signet::signature {

/// Where in a view a carrier lies: products of estimate and carrier, summed around each place by a Gaussian
/// of 6 chips.
struct LocalCorrelation {
    static constexpr int kCell = 4;  ///< chips of the view, each way

    int rows = 0, columns = 0;
    /// Of each cell, [rows, columns], row-major: about standard normal where the carrier does not lie, as
    /// measured by the same carrier laid elsewhere.
    std::vector<float> deviations;
};

/// carrier: coefficients [N]; map: from the view to its frame.
LocalCorrelation localCorrelation(const CarrierEstimate& estimate, const FrameMap& map,
                                  const PatternBand& band, std::span<const float> carrier);

/// The outline of the part of the view that supports the carrier, a convex polygon in chips: of the largest
/// connected group of cells that stand out. Empty where none does.
std::vector<ChipPoint> supportOutline(const LocalCorrelation& local, const CarrierEstimate& estimate);

}  // namespace signet::signature
