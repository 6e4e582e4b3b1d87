#pragma once

#include <vector>

#include "core/image/image.h"

namespace signet::cli {

/// kappa (row-major, width x height) in viridis from 0 to its maximum, pixel for pixel; below it, where the
/// picture is at least 160 px wide, a colour bar with the two values.
image::Image kappaImage(const std::vector<float>& kappa, int width, int height);

}  // namespace signet::cli
