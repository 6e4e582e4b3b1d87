#pragma once

#include <torch/types.h>

#include "core/image/resample.h"

namespace signet::signature {

/// A picture of any size in its own proportions, shortSide px (an even number) on its short side and an even
/// number on its long one. Pictures longer than 16 times their short side are squeezed to that.
image::Planes inProportion(const image::Image& picture, int shortSide);

/// A residual [B,3,h,w] enlarged to the size of pictures [B,3,H,W] and added to them, not clamped.
torch::Tensor added(const torch::Tensor& pictures, const torch::Tensor& residual);

}  // namespace signet::signature
