#include "core/removal/plane_resize.h"

#include <torch/torch.h>

#include "core/image/resample.h"
#include "core/training/picture_tensors.h"

namespace signet::removal {

using torch::Tensor;

namespace {

/// What toPlanes makes of one side, [to,from]: read off the picture whose rows are the unit vectors.
Tensor resizeWeights(int from, int to) {
    constexpr std::uint8_t kWhite = 255;
    image::Image unit = image::makeImage(from, from, 1);
    for (std::size_t at = 0; at < unit.data.size(); at += static_cast<std::size_t>(from) + 1)
        unit.data[at] = kWhite;
    return (training::toTensor(image::toPlanes(unit, from, to))[0][0] + 1) / 2;
}

}  // namespace

PlaneResize::PlaneResize(int fromWidth, int fromHeight, int width, int height, torch::Device device)
    : m_rows(resizeWeights(fromHeight, height).to(device)),
      m_columns(resizeWeights(fromWidth, width).t().to(device)) {}

Tensor PlaneResize::operator()(const Tensor& pictures) const {
    return torch::matmul(torch::matmul(m_rows, pictures), m_columns);
}

}  // namespace signet::removal
