#pragma once

#include <torch/types.h>

namespace signet::removal {

/// image::toPlanes of pictures of one size as two products of matrices: what a detector is given, with the
/// gradient of the picture.
class PlaneResize {
public:
    PlaneResize(int fromWidth, int fromHeight, int width, int height, torch::Device device);
    /// [B,3,fromHeight,fromWidth] -> [B,3,height,width]
    torch::Tensor operator()(const torch::Tensor& pictures) const;

private:
    torch::Tensor m_rows, m_columns;  ///< [height,fromHeight], [fromWidth,width]
};

}  // namespace signet::removal
