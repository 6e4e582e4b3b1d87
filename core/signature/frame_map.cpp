#include "core/signature/frame_map.h"

#include <cmath>
#include <cstddef>

#include "core/base/error.h"

namespace signet::signature {
namespace {

FrameMap scaledToOne(std::array<double, 9> h) {
    const double last = h[8];
    for (double& value : h) value /= last;
    return {h};
}

}  // namespace

ChipPoint FrameMap::at(double x, double y) const {
    const double depth = h[6] * x + h[7] * y + h[8];
    return {(h[0] * x + h[1] * y + h[2]) / depth, (h[3] * x + h[4] * y + h[5]) / depth};
}

FrameMap FrameMap::after(const FrameMap& first) const {
    std::array<double, 9> product{};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            for (std::size_t k = 0; k < 3; ++k) product[3 * i + j] += h[3 * i + k] * first.h[3 * k + j];
    return scaledToOne(product);
}

FrameMap FrameMap::inverse() const {
    const std::array<double, 9> adjugate{
        h[4] * h[8] - h[5] * h[7], h[2] * h[7] - h[1] * h[8], h[1] * h[5] - h[2] * h[4],
        h[5] * h[6] - h[3] * h[8], h[0] * h[8] - h[2] * h[6], h[2] * h[3] - h[0] * h[5],
        h[3] * h[7] - h[4] * h[6], h[1] * h[6] - h[0] * h[7], h[0] * h[4] - h[1] * h[3]};
    const double determinant = h[0] * adjugate[0] + h[1] * adjugate[3] + h[2] * adjugate[6];
    if (!(std::abs(determinant) > 1e-12) || !(std::abs(adjugate[8]) > 1e-12))
        throw Error(ErrorCode::BadOption, "a map onto a line has no inverse");
    return scaledToOne(adjugate);
}

FrameMap inHalfViews(const FrameMap& warp, double halfWidth, double halfHeight) {
    const FrameMap toUnits{{1 / halfWidth, 0, -1, 0, 1 / halfHeight, -1, 0, 0, 1}};
    const FrameMap fromUnits{{halfWidth, 0, halfWidth, 0, halfHeight, halfHeight, 0, 0, 1}};
    return fromUnits.after(warp.after(toUnits));
}

}  // namespace signet::signature
