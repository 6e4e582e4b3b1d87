#include "core/signature/carrier_estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "core/base/error.h"

namespace signet::signature {

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
    // The places after the last ones are the first ones again, added to them at the end; one more for
    // rounding.
    const int stride = side + 2;
    static thread_local std::vector<float> sums;
    sums.assign(static_cast<std::size_t>(stride) * static_cast<std::size_t>(stride), 0);
    // In tiles, counted from a tile far outside the frame, so that truncation is floor.
    constexpr float kOutside = 1024;
    const double perTile = 1.0 / tile;
    const auto offset = static_cast<float>(kOutside - 0.5 / tile);
    std::array<float, 9> h{};
    for (std::size_t i = 0; i < h.size(); ++i)
        h[i] = static_cast<float>(i < 6 ? map.h[i] * perTile : map.h[i]);
    const auto places = static_cast<float>(side);
    constexpr int kChunk = 128;  // chips whose places are computed before any is shared out
    std::array<float, kChunk> right, down;
    std::array<int, kChunk> place;
    for (int row = window.top; row < window.top + window.rows; ++row) {
        const float y = static_cast<float>(row) + 0.5f;
        const float rowX = h[1] * y + h[2], rowY = h[4] * y + h[5], rowDepth = h[7] * y + h[8];
        const float* values =
            estimate.values.data() + static_cast<std::ptrdiff_t>(row) * estimate.columns + window.left;
        for (int from = 0; from < window.columns; from += kChunk, values += kChunk) {
            const int count = std::min(kChunk, window.columns - from);
            for (int i = 0; i < count; ++i) {
                const auto n = static_cast<std::size_t>(i);
                const float x = static_cast<float>(window.left + from + i) + 0.5f;
                const float depth = std::max(h[6] * x + rowDepth, 0.05f);
                const float atX = std::clamp((h[0] * x + rowX) / depth + offset, 0.0f, 2 * kOutside);
                const float atY = std::clamp((h[3] * x + rowY) / depth + offset, 0.0f, 2 * kOutside);
                const float inX = (atX - static_cast<float>(static_cast<int>(atX))) * places;
                const float inY = (atY - static_cast<float>(static_cast<int>(atY))) * places;
                const int lowX = static_cast<int>(inX), lowY = static_cast<int>(inY);
                right[n] = inX - static_cast<float>(lowX);
                down[n] = inY - static_cast<float>(lowY);
                place[n] = lowY * stride + lowX;
            }
            for (int i = 0; i < count; ++i) {
                const auto n = static_cast<std::size_t>(i);
                float* to = sums.data() + place[n];
                const float lower = values[i] * down[n], upper = values[i] - lower;
                const float lowerRight = lower * right[n], upperRight = upper * right[n];
                to[0] += upper - upperRight;
                to[1] += upperRight;
                to[stride] += lower - lowerRight;
                to[stride + 1] += lowerRight;
            }
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
