#pragma once

#include <torch/types.h>

#include "core/signature/keyed_networks.h"

namespace signet::signature {

/// The residual as strong as one picture needs. Where the carrier hardly reads out of the signed picture (the
/// geometry is known), as it does in rough textures, more is added where the picture is rough; where little
/// reads after a coarse codec, more is added wherever the picture is not bare. The same for the same picture
/// and carrier. picture: [1,3,2h,2w] in [-1,1]; residual: [1,3,h,w] of strength 1;
/// carrier: its coefficients [1,N], of length 1; modes: bandModes(), [N, tile * tile].
torch::Tensor asStrongAsNeeded(KeyedNetworks& networks, const torch::Tensor& modes,
                               const torch::Tensor& picture, const torch::Tensor& residual,
                               const torch::Tensor& carrier);

}  // namespace signet::signature
