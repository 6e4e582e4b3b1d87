#pragma once

#include <array>

namespace signet::signature {

/// A place in chips: (0.5, 0.5) is the centre of the first chip of a view or of the frame.
struct ChipPoint {
    double x = 0, y = 0;
};

/// Where the places of a view lie in the picture's own frame, both in chips: a homography, row-major, of
/// h[8] = 1. The identity by default.
struct FrameMap {
    std::array<double, 9> h{1, 0, 0, 0, 1, 0, 0, 0, 1};

    bool isAffine() const { return h[6] == 0 && h[7] == 0; }
    ChipPoint at(double x, double y) const;
    /// This map after the other: x -> at(first.at(x)).
    FrameMap after(const FrameMap& first) const;
    /// From the frame to the view. Throws BadOption where there is none.
    FrameMap inverse() const;
};

/// A view moved in itself: warp's places are in half views from the view's centre.
FrameMap inHalfViews(const FrameMap& warp, double halfWidth, double halfHeight);

}  // namespace signet::signature
