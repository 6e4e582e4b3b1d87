#include <algorithm>
#include <cstring>

#include "core/base/error.h"
#include "core/examine/loaded_models.h"

namespace signet::examine {
namespace {

constexpr int kMostTilesASide = 8;

image::Image cut(const image::Image& from, int x, int y, int side) {
    image::Image tile = image::makeImage(side, side, from.channels, from.depth);
    const std::size_t pixel = static_cast<std::size_t>(from.channels * from.depth / 8);
    for (int row = 0; row < side; ++row) {
        const std::size_t at = (static_cast<std::size_t>(y + row) * static_cast<std::size_t>(from.width) +
                                static_cast<std::size_t>(x)) *
                               pixel;
        std::memcpy(tile.data.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(side) * pixel,
                    from.data.data() + at, static_cast<std::size_t>(side) * pixel);
    }
    return tile;
}

}  // namespace

std::optional<TileScores> scoreTiles(LoadedModel& model, const image::Image& pixels,
                                     const WorkContext& context) {
    const int shortSide = std::min(pixels.width, pixels.height);
    const int side = std::max(model.detector().inputSide(), shortSide / 2);
    if (side * 3 / 2 > shortSide) return std::nullopt;
    const auto count = [&](int length) {
        return std::min(kMostTilesASide, 1 + 2 * (length - side + side - 1) / side);
    };
    TileScores tiles;
    tiles.side = side;
    tiles.columns = count(pixels.width);
    tiles.rows = count(pixels.height);
    const int total = tiles.columns * tiles.rows;
    for (int i = 0; i < total; ++i) {
        if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
        const auto place = [&](int index, int number, int length) {
            return number < 2
                       ? 0
                       : static_cast<int>(static_cast<std::int64_t>(length - side) * index / (number - 1));
        };
        const auto tile = cut(pixels, place(i % tiles.columns, tiles.columns, pixels.width),
                              place(i / tiles.columns, tiles.rows, pixels.height), side);
        tiles.logits.push_back(static_cast<float>(model.detector().detect(tile).scoreLogit));
        context.report(static_cast<std::uint64_t>(i) + 1, static_cast<std::uint64_t>(total), "tiles");
    }
    tiles.best = *std::max_element(tiles.logits.begin(), tiles.logits.end());
    return tiles;
}

}  // namespace signet::examine
