#pragma once

#include <vector>

#include "core/signature/carrier_lattice.h"

namespace signet::signature {

/// From a view to frames along which it repeats itself.
struct ViewMaps {
    std::vector<FrameMap> maps;
    /// Strength of the strongest lattice whose chips are smaller than the view's, CarrierLattice::strength: a
    /// picture inside a page, of which a closer view would show more.
    double smallTiles = 0;
};

/// The maps under which an estimate repeats itself: of its lattices, and where none is
/// clear, of those of the view straightened. A picture seen aslant has a lattice nowhere: its tiles grow
/// along the view, and lie on each other only once that is taken back. Four tilts are tried, towards each
/// side of the view; the one after which the estimate repeats best is searched as the view is. No key is
/// asked: the list is a function of the estimate alone.
ViewMaps findMaps(const CarrierEstimate& estimate, const PatternBand& band, const LatticeRange& range);

}  // namespace signet::signature
