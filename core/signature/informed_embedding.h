#pragma once

#include <torch/types.h>

namespace signet::signature {

class CompactNetworks;

/// Informed embedding (M. Miller, G. Doerr, I. Cox: "Applying informed coding and embedding to design a
/// robust high-capacity watermark", IEEE Trans. Image Processing 13(6), 2004, section IV): the residual of
/// the injector is moved by gradient steps through attacks and detector until the signature reads with a
/// margin from every attacked view of this very image. The residual keeps its root mean square at first;
/// where a few steps do not suffice it is raised, by 4 dB at most.
///
/// image: [1,3,D,D] in [-1,1], D = detectSide. residual: [1,3,W,W], W = workSide. code: [1,n] of 0/1, ignored
/// by a presence model. Returns [1,3,W,W], residual itself where it reads clearly already. Deterministic for
/// one processor; in bf16 where that is fast.
torch::Tensor informResidual(CompactNetworks& networks, const torch::Tensor& image,
                             const torch::Tensor& residual, const torch::Tensor& code);

}  // namespace signet::signature
