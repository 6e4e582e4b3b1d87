#pragma once

#include <cstdint>

namespace signet::kernels {

/// One resampling of planes by StyleGAN2's filter; what upFirDown() says. Sizes of the result are what the
/// caller computed from the rest. float only; up * down is at most 2.
struct UpFirDownShape {
    std::int64_t planes, height, width;
    std::int64_t channels;  ///< that stand side by side at a place; on a GPU 1
    std::int64_t toHeight, toWidth;
    int up, down;
    int before;  ///< places added before a side; it and what is added after: at most kFirMargin
    float gain;
};
inline constexpr std::int64_t kFirMargin = 8;

/// Rows [first, end) of the result, the rows of all planes counted through. work: (width + 2 * kFirMargin) *
/// channels values.
void upFirDownRows(const float* x, float* y, const UpFirDownShape& shape, std::int64_t first,
                   std::int64_t end, float* work);

/// All of it, of and to the memory of a GPU, on a CUDA stream. Returns the CUDA error, 0 for none.
int upFirDownOnGpu(const float* x, float* y, const UpFirDownShape& shape, void* stream);

}  // namespace signet::kernels
