#pragma once

#include <torch/types.h>

#include "core/signature/keyed_networks.h"

namespace signet::signature {

/// The strength that one picture needs: the factor on its residual at which the carrier is read as surely as
/// kWanted asks, where it reads worst, in views of the signed picture through what leaves least of it (AVIF
/// and noise, their strengths drawn; the geometry is known). Between kLeast and kMost: a picture that reads
/// easily is changed less, one that hardly reads more. The same for the same picture and carrier.
/// picture: [1,3,2h,2w] in [-1,1]; residual: [1,3,h,w] of strength 1; carrier: its coefficients [1,N], of
/// length 1; modes: bandModes(), [N, tile * tile].
double pictureStrength(KeyedNetworks& networks, const torch::Tensor& modes, const torch::Tensor& picture,
                       const torch::Tensor& residual, const torch::Tensor& carrier);

}  // namespace signet::signature
