#pragma once

#include <vector>

#include "core/signature/carrier_estimate.h"
#include "core/signature/pattern_set.h"

namespace signet::signature {

/// How a tile lies in a view: its edges as vectors in chips of the view, rightwards a = (ax, ay) and
/// downwards b = (bx, by) with a b turned clockwise as on a screen (ax by > ay bx).
struct CarrierLattice {
    double ax = 0, ay = 0, bx = 0, by = 0;
    double strength = 0;  ///< how far the estimate repeats along it, in standard deviations of chance
    double prior = 0;     ///< natural logarithm: minus that of how many lattices as simple as it are tried
    /// By which lattices are ranked.
    double logOdds() const { return prior + (strength > 0 ? strength * strength / 2 : 0); }

    /// From the view to a frame whose origin is the view's.
    FrameMap map(int tile) const;
};

/// Which lattices are looked for.
struct LatticeRange {
    double smallest = 0.5, largest = 2.1;  ///< chips of the view that a chip of the frame measures
    double stretch = 1.33;                 ///< between the sides of the picture, either way
    int most = 24;                         ///< lattices given back, with the identity
};

/// The lattices along which an estimate repeats itself, the likeliest first and the identity last, by its
/// autocorrelation in the carrier's band: over a grid of pitch, angle and stretch along the view's sides,
/// near the identity, and over pairs of its strongest peaks, which may be any affinity; each then made better
/// by small steps. Quarter turns and mirrored forms are the same lattice, and given once. No key is asked:
/// the list is a function of the estimate alone.
std::vector<CarrierLattice> findLattices(const CarrierEstimate& estimate, const PatternBand& band,
                                         const LatticeRange& range = {});

/// The strength of the strongest lattice by a search in an eighth of the time: one autocorrelation of all the
/// carrier's frequencies, few starts, no stretch but near the identity.
double quickRepetition(const CarrierEstimate& estimate, const PatternBand& band, const LatticeRange& range);

}  // namespace signet::signature
