#include "core/fingerprint/residual.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace signet::fingerprint {

image::Image magnifiedResidual(const image::Image& a, const image::Image& b, double factor) {
    constexpr double kGrey = 127.5;
    if (a.width != b.width || a.height != b.height || a.data.size() != b.data.size())
        throw Error(ErrorCode::BadOption, "pictures of two sizes have no residual");
    image::Image residual = image::makeImage(a.width, a.height, a.channels);
    for (std::size_t i = 0; i < a.data.size(); ++i)
        residual.data[i] = static_cast<std::uint8_t>(
            std::lround(std::clamp(kGrey + factor * (a.data[i] - b.data[i]), 0.0, 255.0)));
    return residual;
}

}  // namespace signet::fingerprint
