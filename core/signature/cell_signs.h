#pragma once

#include <cstdint>
#include <vector>

#include "core/image/image.h"
#include "core/signature/frame_map.h"

namespace signet::signature {

/// A picture as it is looked at, and where it lies in the frame of the picture as it was signed. The picture
/// must outlive it.
struct FramedView {
    const image::Image& picture;
    int columns = 0, rows = 0;  ///< chips across the picture, as of its CarrierEstimate
    FrameMap toFrame = {};      ///< from chips of the view to chips of the frame
    /// Convex polygon in chips of the view, beyond which it shows something else (SignedRegion); empty: none.
    std::vector<ChipPoint> outline = {};
};

/// Whether a picture gets brighter or darker from one cell of its frame to the next, cells being counted from
/// the frame's first. What has no clear difference, and what the view does not show, has no sign.
struct CellSigns {
    static constexpr int kFine = 2, kCoarse = 4;

    int cell = kFine;       ///< chips a side
    int left = 0, top = 0;  ///< of the first cell, may be negative
    int columns = 0, rows = 0;
    /// To the next cell on the right and below: +1 brighter, -1 darker, 0 no sign. [rows, columns].
    std::vector<std::int8_t> right{}, down{};
};

/// What a view shows, in cells of both sizes: hashes were made of coarse ones, and are made of fine ones.
struct SeenSigns {
    CellSigns fine{.cell = CellSigns::kFine}, coarse{.cell = CellSigns::kCoarse};
};

/// The signs of every cell that the view shows wholly, by the means of its luminance (BT.601). Of a view that
/// is seen too steeply, or lies over more than 512 coarse cells a side, none. Throws BadOption where the map
/// has no inverse or the view no chips.
SeenSigns seenSigns(const FramedView& view);

}  // namespace signet::signature
