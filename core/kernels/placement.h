#pragma once

#include <torch/types.h>

#include <cstdint>

namespace signet::kernels {

/// Whether the kernels take x: float, four dimensions, on the CPU, or on a GPU where they are built for one.
bool hasKernels(const torch::Tensor& x);

/// x, [B,C,H,W], as the kernels want it in memory: channels last on the CPU, planes on a GPU.
torch::Tensor laidOut(const torch::Tensor& x);
/// A tensor of that shape, laid out so, on the device of `like`.
torch::Tensor emptyLaidOut(torch::IntArrayRef shape, const torch::Tensor& like);

/// The CUDA stream that work on x's device stands in.
void* streamOf(const torch::Tensor& x);
/// Throws c10::Error on a CUDA error that is not 0.
void requireLaunched(int error);

/// Pixels, or rows, of a picture that one part of the work has: their number does not depend on the threads.
inline constexpr std::int64_t kPlacesAtOnce = 512;

}  // namespace signet::kernels
