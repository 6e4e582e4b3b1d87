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

/// Whether a picture gets brighter or darker from one cell of its frame to the next, a cell being kCell x
/// kCell chips and counted from the frame's first. What has no clear difference, and what the view does not
/// show, has no sign.
struct CellSigns {
    static constexpr int kCell = 4;

    int left = 0, top = 0;  ///< of the first cell, may be negative
    int columns = 0, rows = 0;
    /// To the next cell on the right and below: +1 brighter, -1 darker, 0 no sign. [rows, columns].
    std::vector<std::int8_t> right, down;
};

/// The signs of every cell that the view shows wholly, by the means of its luminance (BT.601). Of a view that
/// is seen too steeply, or lies over more than 512 cells a side, none. Throws BadOption where the map has no
/// inverse or the view no chips.
CellSigns cellSigns(const FramedView& view);

}  // namespace signet::signature
