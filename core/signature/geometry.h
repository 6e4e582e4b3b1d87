#pragma once

#include <torch/types.h>

namespace signet::signature {

// Affine maps as [B,2,3] matrices over normalised coordinates: (-1,-1) is the outer corner of the top left
// pixel, (1,1) that of the bottom right one (grid_sample with align_corners = false).

/// The identity, [batch,2,3].
torch::Tensor identityAffine(std::int64_t batch);

/// The inverse maps. Nearly singular ones (|det| < 0.05) are inverted after a small ridge, so that the result
/// is always finite.
torch::Tensor invertAffine(const torch::Tensor& affine);

/// outer after inner: x -> outer(inner(x)).
torch::Tensor composeAffine(const torch::Tensor& outer, const torch::Tensor& inner);

/// Output pixel at p shows the input at affine(p); bilinear, 0 (mid-grey) outside. x: [B,C,H,W] ->
/// [B,C,size,size].
torch::Tensor warp(const torch::Tensor& x, const torch::Tensor& affine, std::int64_t size);

/// Centres of an h x w grid of cells as homogeneous columns, [3, h*w]: x, y, 1.
torch::Tensor cellCentres(std::int64_t rows, std::int64_t columns);

/// The affine map from image coordinates to signature-frame coordinates that best explains the locator's
/// readings: weighted least squares, weights exp(-log-variance), re-weighted twice by a Cauchy loss of scale
/// 0.15 so that cells that misread do not count. locator: [B,4,h,w] (presence, u, v, log-variance). Returns
/// [B,2,3] float32, no gradient.
torch::Tensor fitAffine(const torch::Tensor& locator);

/// The image laid back into the signature's frame with its cover mask and the frame's coordinates:
/// [B,6,size,size], what nn::CodeReader reads. image: [B,3,H,W]; imageToFrame: [B,2,3].
torch::Tensor alignToFrame(const torch::Tensor& image, const torch::Tensor& imageToFrame, std::int64_t size);

/// The same for an image [B,3,S,S] that lies in the frame already.
torch::Tensor inFrame(const torch::Tensor& image);

}  // namespace signet::signature
