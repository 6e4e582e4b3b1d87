#pragma once

#include <torch/types.h>

namespace signet::signature {

/// How visible a residual is on a picture, by a norm that is fit for training: opponent colours, what is
/// coarser than a Gaussian of 1 px apart from what is finer, each divided by what the picture's own activity
/// hides there, and a 4th-power mean over the places, so that no spot pays. Homogeneous in the residual.
/// Weights and masking were found by judging trained pairs by CIEDE2000 at viewing size
/// (metrics/visible_difference.h): with wider Gaussians a network hides colour at the size of the chips, with
/// less weight on fine luminance it makes grain. picture, residual: [B,3,H,W] in [-1,1] units at about 192 px
/// on the short side. Returns [B] in grey levels.
torch::Tensor visibility(const torch::Tensor& picture, const torch::Tensor& residual);

/// How much of what a picture's activity can hide at most it hides at each place, 0 in smooth ones to 1:
/// [B,1,H,W] for a picture as visibility() takes it.
torch::Tensor roughness(const torch::Tensor& picture);

/// The residual [B,3,h,w] with its peaks made softly lower: nowhere more luminance than so many grey levels.
torch::Tensor withoutPeaks(const torch::Tensor& residual, double most);

/// The residual [B,3,h,w], which is enlarged to the picture's size when it is added, brought to a level of
/// visibility() in every region of 60 px by itself: else it gathers in the middle, which most views show.
/// Regions of less than half of the whole's are doubled only.
torch::Tensor atVisibility(const torch::Tensor& picture, const torch::Tensor& residual, double level);

}  // namespace signet::signature
