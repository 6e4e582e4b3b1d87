#include "core/signature/carrier_estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/base/error.h"

namespace signet::signature {

void CarrierEstimate::validate() const {
    constexpr int kLeast = 8, kMost = 4096;
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
    // The places after the last ones are the first ones again, added to them at the end; one more for
    // rounding.
    const int stride = side + 2;
    static thread_local std::vector<float> sums;
    sums.assign(static_cast<std::size_t>(stride) * static_cast<std::size_t>(stride), 0);
    // Places are counted in tiles from a tile far below all of them, so that truncation is floor.
    constexpr double kBelow = 1 << 14;
    const double perTile = 1.0 / tile, offset = kBelow - 0.5 / tile;
    const auto& h = map.h;
    const bool isAffine = map.isAffine();
    for (int row = window.top; row < window.top + window.rows; ++row) {
        const double y = row + 0.5;
        const float* values = estimate.values.data() + static_cast<std::ptrdiff_t>(row) * estimate.columns;
        const double rowX = h[1] * y + h[2], rowY = h[4] * y + h[5], rowDepth = h[7] * y + h[8];
        for (int column = window.left; column < window.left + window.columns; ++column) {
            const double x = column + 0.5;
            double scale = perTile;
            if (!isAffine) scale /= std::max(h[6] * x + rowDepth, 0.05);
            const double atX = (h[0] * x + rowX) * scale + offset;
            const double atY = (h[3] * x + rowY) * scale + offset;
            if (!(atX >= 0 && atY >= 0 && atX < 2 * kBelow && atY < 2 * kBelow)) continue;
            const double inX = (atX - static_cast<int>(atX)) * side;
            const double inY = (atY - static_cast<int>(atY)) * side;
            const int lowX = static_cast<int>(inX), lowY = static_cast<int>(inY);
            const auto right = static_cast<float>(inX - lowX), down = static_cast<float>(inY - lowY);
            float* place = sums.data() + static_cast<std::ptrdiff_t>(lowY) * stride + lowX;
            const float lower = values[column] * down, upper = values[column] - lower;
            place[0] += upper - upper * right;
            place[1] += upper * right;
            place[stride] += lower - lower * right;
            place[stride + 1] += lower * right;
        }
    }
    const auto at = [&](int row, int column) {
        return sums[static_cast<std::size_t>(row) * static_cast<std::size_t>(stride) +
                    static_cast<std::size_t>(column)];
    };
    float* out = folded.data();
    for (int row = 0; row < side; ++row) {
        for (int column = 0; column < side; ++column) {
            float sum = at(row, column);
            if (row == 0) sum += at(side, column);
            if (column == 0) sum += at(row, side);
            if (row == 0 && column == 0) sum += at(side, side);
            *out++ = sum;
        }
    }
}

}  // namespace signet::signature
