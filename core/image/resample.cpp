#include "core/image/resample.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/image/simd.h"

namespace signet::image {
namespace {

/// One output position of one axis: weights of consecutive source positions, summing to 1.
struct Tap {
    int first = 0;
    int count = 0;
    std::size_t weightsAt = 0;
};

struct Axis {
    std::vector<Tap> taps;
    std::vector<float> weights;
};

/// Pixel-area weights where the axis shrinks, bilinear ones (half-pixel centres, clamped) where it grows.
Axis makeAxis(int from, int to) {
    Axis axis;
    axis.taps.reserve(static_cast<std::size_t>(to));
    const double scale = static_cast<double>(from) / to;
    for (int i = 0; i < to; ++i) {
        Tap tap;
        tap.weightsAt = axis.weights.size();
        if (from > to) {
            const double begin = i * scale, end = std::min<double>((i + 1) * scale, from);
            tap.first = std::min(static_cast<int>(begin), from - 1);
            const int last = std::clamp(static_cast<int>(std::ceil(end)), tap.first + 1, from);
            for (int s = tap.first; s < last; ++s) {
                const double covered = std::min<double>(end, s + 1) - std::max<double>(begin, s);
                axis.weights.push_back(static_cast<float>(std::max(covered, 0.0) / (end - begin)));
            }
            tap.count = last - tap.first;
        } else {
            const double centre = std::clamp((i + 0.5) * scale - 0.5, 0.0, from - 1.0);
            tap.first = static_cast<int>(centre);
            const auto fraction = static_cast<float>(centre - tap.first);
            axis.weights.push_back(1.0f - fraction);
            tap.count = 1;
            if (fraction > 0.0f && tap.first + 1 < from) {
                axis.weights.push_back(fraction);
                tap.count = 2;
            }
        }
        axis.taps.push_back(tap);
    }
    return axis;
}

SIGNET_SIMD void startRow(const std::uint8_t* __restrict from, float weight, std::size_t count,
                          float* __restrict sum) {
    for (std::size_t i = 0; i < count; ++i) sum[i] = weight * static_cast<float>(from[i]);
}
SIGNET_SIMD void startRow(const std::uint16_t* __restrict from, float weight, std::size_t count,
                          float* __restrict sum) {
    for (std::size_t i = 0; i < count; ++i) sum[i] = weight * static_cast<float>(from[i]);
}
SIGNET_SIMD void addRow(const std::uint8_t* __restrict from, float weight, std::size_t count,
                        float* __restrict sum) {
    for (std::size_t i = 0; i < count; ++i) sum[i] += weight * static_cast<float>(from[i]);
}
SIGNET_SIMD void addRow(const std::uint16_t* __restrict from, float weight, std::size_t count,
                        float* __restrict sum) {
    for (std::size_t i = 0; i < count; ++i) sum[i] += weight * static_cast<float>(from[i]);
}

template <int Channels>
void reduceRow(const Axis& axis, const float* sum, float* out) {
    for (const Tap& tap : axis.taps) {
        float value[Channels] = {};
        const float* from = sum + static_cast<std::size_t>(tap.first) * Channels;
        const float* weight = axis.weights.data() + tap.weightsAt;
        for (int k = 0; k < tap.count; ++k)
            for (int c = 0; c < Channels; ++c) value[c] += weight[k] * from[k * Channels + c];
        for (int c = 0; c < Channels; ++c) *out++ = value[c];
    }
}

/// Calls onRow(y, row) with each output row: width * channels values in the image's own units.
template <typename Sample, typename OnRow>
void resampleRows(const Image& image, const Sample* samples, int width, int height, OnRow onRow) {
    const Axis horizontal = makeAxis(image.width, width);
    const Axis vertical = makeAxis(image.height, height);
    const std::size_t stride =
        static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.channels);
    std::vector<float> sum(stride);
    std::vector<float> row(static_cast<std::size_t>(width) * static_cast<std::size_t>(image.channels));
    for (int y = 0; y < height; ++y) {
        const Tap& tap = vertical.taps[static_cast<std::size_t>(y)];
        const Sample* from = samples + static_cast<std::size_t>(tap.first) * stride;
        const float* weight = vertical.weights.data() + tap.weightsAt;
        startRow(from, weight[0], stride, sum.data());
        for (int k = 1; k < tap.count; ++k)
            addRow(from + static_cast<std::size_t>(k) * stride, weight[k], stride, sum.data());
        if (image.channels == 1)
            reduceRow<1>(horizontal, sum.data(), row.data());
        else if (image.channels == 3)
            reduceRow<3>(horizontal, sum.data(), row.data());
        else
            reduceRow<4>(horizontal, sum.data(), row.data());
        onRow(y, row.data());
    }
}

template <typename OnRow>
void resampleRows(const Image& image, int width, int height, OnRow onRow) {
    if (width <= 0 || height <= 0 || image.width <= 0 || image.height <= 0)
        throw Error(ErrorCode::BadOption, "an image cannot be resized from or to an empty size");
    if (image.depth == 16)
        resampleRows(image, image.samples16(), width, height, onRow);
    else
        resampleRows(image, image.data.data(), width, height, onRow);
}

}  // namespace

Planes toPlanes(const Image& image, int width, int height) {
    Planes planes;
    planes.width = width;
    planes.height = height;
    const std::size_t size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    const float scale = image.depth == 16 ? 1.0f / 32767.5f : 1.0f / 127.5f;
    const int channels = image.channels;
    resampleRows(image, width, height, [&](int y, const float* row) {
        if (y == 0) planes.data.resize(3 * size);
        float* to = planes.data.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < 3; ++c)
                to[static_cast<std::size_t>(c) * size + static_cast<std::size_t>(x)] =
                    row[x * channels + (channels == 1 ? 0 : c)] * scale - 1.0f;
    });
    return planes;
}

Image resize(const Image& image, int width, int height) {
    if (image.depth == 8 && image.width == width && image.height == height) return image;
    const float scale = image.depth == 16 ? 1.0f / 257.0f : 1.0f;
    Image out;
    resampleRows(image, width, height, [&](int y, const float* row) {
        if (y == 0) out = makeImage(width, height, image.channels);
        const std::size_t count = static_cast<std::size_t>(width) * static_cast<std::size_t>(image.channels);
        std::uint8_t* to = out.data.data() + static_cast<std::size_t>(y) * count;
        // Nothing is negative, and lround would not be vectorised.
        // NOLINTNEXTLINE(bugprone-incorrect-roundings)
        const auto rounded = [](float v) { return static_cast<std::uint8_t>(v + 0.5f); };
        for (std::size_t i = 0; i < count; ++i) to[i] = rounded(std::clamp(row[i] * scale, 0.0f, 255.0f));
    });
    return out;
}

}  // namespace signet::image
