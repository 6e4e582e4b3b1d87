#pragma once

#include <vector>

#include "core/signature/carrier_reading.h"
#include "core/signature/local_correlation.h"

namespace signet::signature {

/// A picture, or part of one, that a key signed.
struct SignedRegion {
    CarrierReading reading;
    LocalCorrelation support;        ///< of the carrier that was found, over the whole view
    std::vector<ChipPoint> outline;  ///< convex polygon in the view, chips
};

struct RegionOptions {
    ReadingOptions reading;
    double log10PresenceLimit = -6;  ///< a region counts up to this p-value
    int most = 4;                    ///< regions looked for
};

/// What a key reads of a view that may show several signed pictures, or one inside a page: after each that is
/// found its outline is blanked and the rest searched again. The first is always given back, found or not:
/// its p-values hold for the view (its outline is empty where it is not found). Those of the others hold if
/// the key knows nothing of the view, and are otherwise what the rest alone would have: the blanked part was
/// chosen by the key.
std::vector<SignedRegion> readRegions(CarrierEstimate estimate, const PatternBand& band,
                                      const CarrierKey& key, const RegionOptions& options = {});

}  // namespace signet::signature
