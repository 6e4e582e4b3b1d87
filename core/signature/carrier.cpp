#include "core/signature/carrier.h"

#include <torch/torch.h>

#include <cmath>

#include "core/nn/image_random.h"
#include "core/signature/pattern_set.h"

namespace signet::signature {

using torch::Tensor;

PatternBand CarrierShape::band() const {
    return PatternBand(tile, lowest, highest);
}

Tensor bandModes(const CarrierShape& shape) {
    const PatternBand band = shape.band();
    const auto basis = band.basis();
    return torch::tensor(at::ArrayRef<float>(basis.data(), basis.size()))
        .view({static_cast<std::int64_t>(band.dimensions()), -1});
}

Tensor drawPatterns(std::int64_t images, std::int64_t modes, int bits, std::uint64_t seed,
                    std::int64_t firstImage) {
    const auto gaussian = nn::normalLike(torch::empty({images, modes, bits + 1}), seed, firstImage);
    return std::get<0>(torch::linalg_qr(gaussian));
}

Tensor carrierOf(const Tensor& patterns, const Tensor& signs) {
    const auto bits = signs.size(1);
    const double sync = syncAmplitude(static_cast<std::size_t>(bits));
    const auto sum =
        patterns.select(2, 0) * sync + torch::matmul(patterns.slice(2, 1), signs.unsqueeze(2)).squeeze(2);
    return sum / std::sqrt(static_cast<double>(bits) + sync * sync);
}

Tensor layOut(const Tensor& coefficients, const Tensor& modes, const CarrierShape& shape, std::int64_t rows,
              std::int64_t columns) {
    const std::int64_t side = shape.tile;
    const auto tiles = torch::matmul(coefficients, modes).view({-1, 1, side, side});
    const auto times = [&](std::int64_t length) { return (length + side - 1) / side; };
    return tiles.repeat({1, 1, times(rows), times(columns)}).slice(2, 0, rows).slice(3, 0, columns);
}

Tensor fold(const Tensor& estimate, const Tensor& places, int tile) {
    const auto images = estimate.size(0);
    const auto device = estimate.device();
    const auto at = places - 0.5;  // places of the tile lie at whole numbers
    const auto low = at.floor();
    const auto share = at - low;
    const auto wrapped = [&](const Tensor& t) { return torch::remainder(t, tile).to(torch::kInt64); };
    const auto area = std::int64_t{tile} * tile;
    const auto image = torch::arange(images).unsqueeze(1) * area;
    const auto values = estimate.reshape({-1});
    auto sums = torch::zeros({images * area}, values.options());
    for (const int right : {0, 1}) {
        for (const int below : {0, 1}) {
            const auto column = wrapped(low.select(1, 0) + right);
            const auto row = wrapped(low.select(1, 1) + below);
            const auto part = (right ? share.select(1, 0) : 1 - share.select(1, 0)) *
                              (below ? share.select(1, 1) : 1 - share.select(1, 1));
            sums = sums.index_add(0, (image + row * tile + column).flatten().to(device),
                                  values * part.flatten().to(device));
        }
    }
    return sums.view({images, area});
}

}  // namespace signet::signature
