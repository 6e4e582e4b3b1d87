#pragma once

#include <span>
#include <vector>

#include "core/base/random.h"
#include "core/signature/carrier_reading.h"

namespace signet::test {

inline constexpr int kViewSide = 96;  ///< chips of the views of most tests

/// A tile that can be looked up anywhere.
class CarrierTile {
public:
    /// carrier: coefficients of length 1.
    CarrierTile(const signature::PatternBand& band, std::span<const float> carrier);
    /// Of root mean square 1; at chips of the frame, (0.5, 0.5) the centre of the first one.
    double at(double x, double y) const;

private:
    int m_side;
    std::vector<float> m_tile;
};

/// How a view shows a picture.
struct ViewOf {
    double pitchX = 1, pitchY = 1;  ///< chips of the view a chip of the frame
    double degrees = 0;             ///< that the view is turned
    bool isMirrored = false;
    double centreX = 48, centreY = 48;          ///< of the view in the frame
    double perspectiveX = 0, perspectiveY = 0;  ///< depth at the view's border, less 1

    signature::FrameMap map(int rows, int columns) const;
};

/// A view in which noise of deviation 1 stands alone, low-passed by a Gaussian of so many chips.
signature::CarrierEstimate noiseView(int rows, int columns, double lowPass, StepRandom& random);

/// Adds amplitude times the tile under a map in part of a view, where the frame of width x height chips is.
void addCarrier(signature::CarrierEstimate& view, const CarrierTile& tile, const signature::FrameMap& map,
                double amplitude, const signature::ChipWindow& window, double width = 1e9,
                double height = 1e9);

/// How far two maps lay the middle of a view apart, chips, whole tiles taken off: the most of four places.
double mapError(const signature::FrameMap& a, const signature::FrameMap& b, int rows, int columns, int tile);

}  // namespace signet::test
