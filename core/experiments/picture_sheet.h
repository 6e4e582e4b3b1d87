#pragma once

#include <string>

#include "core/experiments/workshop.h"
#include "core/image/image.h"

namespace signet::experiments {

inline constexpr double kShownDifference = 10;

/// Pictures of one size in rows and columns, as one PNG beside the results.
class PictureSheet {
public:
    PictureSheet(int columns, int rows, int side);

    void place(const image::Image& picture, int column, int row);
    /// gain times other - picture, about mid-grey.
    void placeDifference(const image::Image& picture, const image::Image& other, double gain, int column,
                         int row);
    /// Returns the name.
    std::string write(const Workshop& workshop, const std::string& name) const;

private:
    int m_side;
    image::Image m_sheet;
};

}  // namespace signet::experiments
