#pragma once

#include <vector>

#include "core/signature/carrier_lattice.h"

namespace signet::signature {

/// The maps from a view to a frame under which an estimate repeats itself: of its lattices, and where none is
/// clear, of those of the view straightened. A picture seen aslant has a lattice nowhere: its tiles grow
/// along the view, and lie on each other only once that is taken back. Four tilts are tried, towards each
/// side of the view; the one after which the estimate repeats best is searched as the view is. No key is
/// asked: the list is a function of the estimate alone.
std::vector<FrameMap> findMaps(const CarrierEstimate& estimate, const PatternBand& band,
                               const LatticeRange& range);

}  // namespace signet::signature
