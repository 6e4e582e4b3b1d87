#include "core/signature/carrier_estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "core/base/error.h"
#include "core/signature/tile_places.h"

namespace signet::signature {

namespace {

/// What the chips between four places give to each: upper left, upper right, lower left, lower right.
using Shares = std::array<float, 4>;

}  // namespace

void CarrierEstimate::validate() const {
    constexpr int kLeast = 16, kMost = 4096;
    if (std::min(rows, columns) < kLeast || std::max(rows, columns) > kMost ||
        values.size() != static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns))
        throw Error(ErrorCode::BadOption,
                    fmt::format("an estimate of {} x {} chips with {} values", rows, columns, values.size()));
    if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); }))
        throw Error(ErrorCode::BadOption, "an estimate has values that are not finite");
}

CarrierEstimate limited(CarrierEstimate estimate, double times) {
    double squares = 0;
    for (const float value : estimate.values) squares += double{value} * value;
    const auto limit =
        static_cast<float>(times * std::sqrt(squares / static_cast<double>(estimate.values.size())));
    for (float& value : estimate.values) value = std::clamp(value, -limit, limit);
    return estimate;
}

void foldTile(const CarrierEstimate& estimate, const ChipWindow& window, const FrameMap& map, int tile,
              int perChip, std::span<float> folded) {
    const int side = tile * perChip;
    const int stride = side + 1;  // one more for rounding
    static thread_local std::vector<Shares> sums;
    sums.assign(static_cast<std::size_t>(stride) * static_cast<std::size_t>(stride), {});
    const TileMap toTile(map, tile, side, stride);
    TilePlaces places;
    for (int row = window.top; row < window.top + window.rows; ++row) {
        const float* values =
            estimate.values.data() + static_cast<std::ptrdiff_t>(row) * estimate.columns + window.left;
        for (int from = 0; from < window.columns; from += kPlacesAtOnce, values += kPlacesAtOnce) {
            const int count = std::min(kPlacesAtOnce, window.columns - from);
            toTile.find(window.left + from, row, count, places);
            for (int i = 0; i < count; ++i) {
                const auto n = static_cast<std::size_t>(i);
                const float lower = values[i] * places.down[n], upper = values[i] - lower;
                const float lowerRight = lower * places.right[n], upperRight = upper * places.right[n];
                const Shares add{upper - upperRight, upperRight, lower - lowerRight, lowerRight};
                Shares& to = sums[static_cast<std::size_t>(places.place[n])];
                for (std::size_t k = 0; k < add.size(); ++k) to[k] += add[k];
            }
        }
    }
    // What is beyond the last place is the first one again.
    std::fill(folded.begin(), folded.end(), 0.0f);
    for (int row = 0; row < stride; ++row) {
        const Shares* from = sums.data() + static_cast<std::ptrdiff_t>(row) * stride;
        float* upper = folded.data() + static_cast<std::ptrdiff_t>(row % side) * side;
        float* lower = folded.data() + static_cast<std::ptrdiff_t>((row + 1) % side) * side;
        const auto share = [&](int column, int left, int right) {
            upper[left] += from[column][0];
            upper[right] += from[column][1];
            lower[left] += from[column][2];
            lower[right] += from[column][3];
        };
        for (int column = 0; column + 1 < side; ++column) share(column, column, column + 1);
        share(side - 1, side - 1, 0);
        share(side, 0, 1);
    }
}

}  // namespace signet::signature
