#include <algorithm>
#include <array>

#include "core/kernels/up_fir_down_kernels.h"
#include "core/kernels/vector_clones.h"

namespace signet::kernels {
namespace {

constexpr int kTaps = 4;
constexpr std::array<float, kTaps> kFilter = {1.F / 8, 3.F / 8, 3.F / 8, 1.F / 8};

/// to = the weighted sum of as many lines as there are weights.
template <std::size_t Count>
SIGNET_INLINE void weighted(const std::array<const float*, Count>& from,
                            const std::array<float, Count>& weight, float* __restrict to,
                            std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
        float sum = 0;
        for (std::size_t k = 0; k < Count; ++k) sum += weight[k] * from[k][i];
        to[i] = sum;
    }
}

/// A row of the enlarged, padded plane filtered from top to bottom.
SIGNET_INLINE void filterDown(const float* plane, const UpFirDownShape& shape, std::int64_t toRow, float* to,
                              std::int64_t row) {
    std::array<const float*, kTaps> from{};
    std::array<float, kTaps> weight{};
    int count = 0;
    for (int k = 0; k < kTaps; ++k) {
        const std::int64_t at = toRow * shape.down + k - shape.before;
        if (at < 0 || at % shape.up != 0 || at / shape.up >= shape.height) continue;
        from[count] = plane + at / shape.up * row;
        weight[count++] = kFilter[k] * shape.gain;
    }
    if (count == 0) {
        std::fill_n(to, row, 0.F);
        return;
    }
    for (int k = count; k < kTaps; ++k) from[k] = from[0];  // weighs nothing
    if (count <= 2)
        weighted<2>({from[0], from[1]}, {weight[0], weight[1]}, to, row);
    else
        weighted<4>(from, weight, to, row);
}

/// The same from left to right, of a line with kFirMargin zeros at both ends.
SIGNET_INLINE void filterAcross(const float* line, const UpFirDownShape& shape, float* to) {
    const std::int64_t c = shape.channels;
    const auto four = [&](std::int64_t source, float* at, std::int64_t count) {
        const float* from = line + source * c;
        weighted<4>({from, from + c, from + 2 * c, from + 3 * c}, kFilter, at, count);
    };
    if (shape.up == 1 && shape.down == 1) return four(-shape.before, to, shape.toWidth * c);
    for (std::int64_t place = 0; place < shape.toWidth; ++place, to += c) {
        const std::int64_t first = place * shape.down - shape.before;
        if (shape.up == 1) {
            four(first, to, c);
            continue;
        }
        const auto odd = static_cast<std::size_t>(first & 1);  // every other of the four stands on a zero
        const float* from = line + ((first + 1) >> 1) * c;
        weighted<2>({from, from + c}, {kFilter[odd], kFilter[odd + 2]}, to, c);
    }
}

}  // namespace

SIGNET_CLONES void upFirDownRows(const float* x, float* y, const UpFirDownShape& shape, std::int64_t first,
                                 std::int64_t end, float* work) {
    const std::int64_t row = shape.width * shape.channels, margin = kFirMargin * shape.channels;
    std::fill_n(work, margin, 0.F);
    std::fill_n(work + margin + row, margin, 0.F);
    float* line = work + margin;
    for (std::int64_t i = first; i < end; ++i) {
        filterDown(x + i / shape.toHeight * shape.height * row, shape, i % shape.toHeight, line, row);
        filterAcross(line, shape, y + i * shape.toWidth * shape.channels);
    }
}

}  // namespace signet::kernels
