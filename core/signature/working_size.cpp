#include "core/signature/working_size.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

namespace signet::signature {
namespace {

constexpr int kLongest = 16;  ///< times the short side

}  // namespace

image::Planes inProportion(const image::Image& picture, int shortSide) {
    const int half = shortSide / 2;
    const auto along = [&](int length, int other) {
        const double share = std::min<double>(kLongest, std::max(1.0, static_cast<double>(length) / other));
        return 2 * static_cast<int>(std::lround(half * share));
    };
    return image::toPlanes(picture, along(picture.width, picture.height),
                           along(picture.height, picture.width));
}

torch::Tensor added(const torch::Tensor& pictures, const torch::Tensor& residual) {
    return pictures + torch::upsample_bilinear2d(residual, {pictures.size(2), pictures.size(3)}, false);
}

}  // namespace signet::signature
