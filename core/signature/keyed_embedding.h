#pragma once

#include <torch/types.h>

namespace signet::signature {

class KeyedNetworks;

/// Informed embedding (Miller, Doerr & Cox 2004, see informed_embedding.h) of a keyed signature: the
/// residual of the injector is moved by gradient steps so that the extractor finds more of the carrier in
/// views of this very picture that are drawn (drawViews, attackViews), none of them listed. It keeps the
/// visibility asked for.
///
/// picture: [1,3,2h,2w] in [-1,1]; residual: [1,3,h,w] of visibility level; carrier: coefficients [1,N] of
/// length 1. Returns [1,3,h,w]. Deterministic for one processor; in bf16 where that is fast.
torch::Tensor informKeyedResidual(KeyedNetworks& networks, const torch::Tensor& modes,
                                  const torch::Tensor& picture, const torch::Tensor& residual,
                                  const torch::Tensor& carrier, double level);

}  // namespace signet::signature
