#include "core/removal/overlapping_tiles.h"

#include <torch/torch.h>

#include <algorithm>
#include <vector>

namespace signet::removal {

using torch::Tensor;

namespace {

constexpr std::int64_t kSharedParts = 4;        ///< of a side neighbours share one
constexpr std::int64_t kBatchPixels = 1 << 16;  ///< worked on at a time

/// Where tiles begin along a side that is no shorter than they are.
std::vector<std::int64_t> tileStarts(std::int64_t length, std::int64_t side) {
    const std::int64_t slack = length - side, step = side - side / kSharedParts;
    const std::int64_t more = (slack + step - 1) / step;
    std::vector<std::int64_t> starts{0};
    for (std::int64_t i = 1; i <= more; ++i) starts.push_back(i * slack / more);
    return starts;
}

/// What a tile's pixels count for, [side,side]: 1, less towards its edges.
Tensor tileWeights(std::int64_t side) {
    const auto from = torch::arange(side, torch::kFloat32) + 0.5;
    const auto ramp = torch::minimum(from, side - from) * (static_cast<double>(kSharedParts) / side);
    const auto along = ramp.clamp_max(1);
    return along.unsqueeze(1) * along;
}

struct TilePlace {
    std::int64_t top, left, side;

    Tensor of(const Tensor& whole) const {
        return whole.slice(2, top, top + side).slice(3, left, left + side);
    }
};

}  // namespace

Tensor inTiles(const Tensor& picture, int side, const TileWork& work) {
    const std::int64_t height = picture.size(2), width = picture.size(3);
    const auto lacking = [&](std::int64_t length) { return std::max<std::int64_t>(0, side - length); };
    const Tensor whole = torch::replication_pad2d(picture, {0, lacking(width), 0, lacking(height)});
    std::vector<TilePlace> places;
    for (const auto top : tileStarts(whole.size(2), side))
        for (const auto left : tileStarts(whole.size(3), side)) places.push_back({top, left, side});

    const Tensor weights = tileWeights(side).to(picture.device());
    const Tensor sum = torch::zeros_like(whole), weight = torch::zeros_like(whole.slice(1, 0, 1));
    const auto batch = static_cast<std::size_t>(std::max<std::int64_t>(1, kBatchPixels / side / side));
    for (std::size_t first = 0; first < places.size(); first += batch) {
        const std::size_t end = std::min(first + batch, places.size());
        std::vector<Tensor> tiles;
        for (std::size_t i = first; i < end; ++i) tiles.push_back(places[i].of(whole));
        const Tensor worked = work(torch::cat(tiles), first);
        for (std::size_t i = first; i < end; ++i) {
            const auto at = static_cast<std::int64_t>(i - first);
            places[i].of(sum).add_(worked.slice(0, at, at + 1) * weights);
            places[i].of(weight).add_(weights);
        }
    }
    return (sum / weight).slice(2, 0, height).slice(3, 0, width);
}

}  // namespace signet::removal
