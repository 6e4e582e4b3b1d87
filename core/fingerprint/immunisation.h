#pragma once

#include <torch/types.h>

#include <string>

#include "core/base/random.h"

namespace signet::fingerprint {

/// The choices of "immunise": what generated pictures go through before the decoder learns from them.
inline constexpr const char* kImmunisations = "none|crop|blur|jpeg|noise|all";

/// Pictures as an immunised model's decoder gets to see them (paper B, section 4.3, which gives no ranges:
/// these are those of the protocol it refers to, papers.md 2.7): with probability 1/2 as they are, else cut
/// by 5 to 20 % of the area anywhere and resized back, blurred with a sigma of up to 1.7 px, through JPEG of
/// quality 10 to 75 (the real codec, with the gradient of no change), or with noise of a standard deviation
/// of up to 20 grey levels. "all": one of the four, drawn. One draw for a batch, a JPEG quality for each
/// picture. x: [B,3,H,W] in [-1,1]. Throws BadOption for another choice.
torch::Tensor perturbed(const std::string& immunise, const torch::Tensor& x, StepRandom& random);

}  // namespace signet::fingerprint
