#pragma once

#include <span>
#include <string_view>

namespace signet::examine {

/// A list of attacks that evaluations are kept with. One that was published never changes: a model that was
/// evaluated with it says so by its number and stays valid.
struct Grid {
    int number = 0;
    std::string_view attacks;  ///< comma-separated specs of core/attacks
};

/// All there are, the oldest first.
std::span<const Grid> grids();

/// What new evaluations are made with.
const Grid& newestGrid();

/// Null where there is none of this number.
const Grid* findGrid(int number);

}  // namespace signet::examine
