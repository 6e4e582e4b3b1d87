#pragma once

#include <cstddef>
#include <vector>

#include "core/signature/sync_search.h"

namespace signet::signature {

/// A pattern by its places in a tile, to be moved by some chips either way under what a view shows. Made once
/// for a pattern.
class MovedPattern {
public:
    MovedPattern(const PatternBand& band, const BandSpectrum& sync);

    /// What the chips of a part of a view, where they lie under a map, add up to with the pattern moved by -7
    /// .. 7 chips of the frame either way: 15 x 15 numbers, downwards first, are added to fits.
    void addFits(const CarrierEstimate& view, const ChipWindow& part, const FrameMap& map,
                 std::vector<float>& fits) const;

private:
    /// -chip, as one of the tile's.
    int backwards(int chip) const;

    int m_side, m_stride;
    std::vector<float> m_backwards;
    /// Where the lines of a chip at a place begin: a part for its row, and one for its column.
    std::vector<std::ptrdiff_t> m_rows, m_columns;
};

/// Makes maps better by the correlations of a pattern with parts of the view.
class SyncRefinement {
public:
    /// folded is kept by reference.
    SyncRefinement(const FoldedEstimate& folded, BandSpectrum sync);

    /// The map near a hit's under which the pattern fits best: shift, turn, scale, stretch, shear and if
    /// wanted a little perspective.
    SyncHit refined(const SyncHit& hit, bool withPerspective) const;

private:
    const FoldedEstimate& m_folded;
    BandSpectrum m_sync;
    MovedPattern m_pattern;
};

}  // namespace signet::signature
