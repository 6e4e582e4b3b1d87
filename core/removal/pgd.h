#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/base/random.h"
#include "core/image/image.h"

namespace signet::removal {

/// How far and in which steps PGD moves a picture (evaluation.md 6.4).
struct PgdOptions {
    int eps = 4;  ///< most that any sample changes by, grey levels
    int steps = 100;
    double stepShare = 0.05;  ///< of eps, moved in a step

    /// {"eps", "steps", "step_share"}
    Json toJson() const;
};

/// What is made smaller, a scalar: of a picture [1,3,H,W] in [-1,1], whose 8-bit rounding passes the gradient
/// straight through. random: what the step draws from.
using PictureLoss = std::function<torch::Tensor(const torch::Tensor& picture, StepRandom& random)>;

/// Projected gradient descent in L_inf (Madry et al. 2018): from a random start in the ball of eps about the
/// picture, steps along the sign of the gradient. picture: 8-bit RGB. The result is rounded to 8 bits and
/// differs by eps at most; it is what was come to where the work is stopped.
image::Image projectedDescent(const image::Image& picture, const PictureLoss& loss, const PgdOptions& options,
                              std::uint64_t seed, torch::Device device, const WorkContext& context);

}  // namespace signet::removal
