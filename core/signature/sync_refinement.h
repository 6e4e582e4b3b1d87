#pragma once

#include "core/signature/sync_search.h"

namespace signet::signature {

/// The map near a hit's under which the pattern fits best: shift, turn, scale, stretch, shear and if wanted
/// a little perspective, by the correlations of the pattern with parts of the view.
SyncHit refineSync(const FoldedEstimate& folded, const BandSpectrum& sync, const SyncHit& hit,
                   bool withPerspective);

}  // namespace signet::signature
