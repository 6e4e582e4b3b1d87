#pragma once

#include <span>
#include <vector>

#include "core/signature/frame_map.h"

namespace signet::signature {

/// What an extractor says of a view: one value a chip of the view, whose products with a carrier of root mean
/// square 1 add up to the log-odds that it is there; near 0 where nothing can be said. Row-major, [rows,
/// columns].
struct CarrierEstimate {
    int rows = 0, columns = 0;
    std::vector<float> values;

    /// Throws BadOption unless there are rows x columns finite numbers, 16 .. 4096 a side.
    void validate() const;
};

/// The estimate with its values limited to so many times their root mean square, so that no spot outweighs
/// the rest.
CarrierEstimate limited(CarrierEstimate estimate, double times = 5);

/// Part of a view, in chips.
struct ChipWindow {
    int top = 0, left = 0, rows = 0, columns = 0;
};

/// The chips of a window summed over the tiles they lie in, each shared out to the four nearest places:
/// [side, side] with side = tile * perChip, place (i, j) at the chips (j, i) / perChip of the tile, whose
/// first chip has its centre at (0, 0). What fold() of carrier.h computes for perChip = 1. What is there is
/// overwritten.
void foldTile(const CarrierEstimate& estimate, const ChipWindow& window, const FrameMap& map, int tile,
              int perChip, std::span<float> folded);

}  // namespace signet::signature
