#include "core/image/difference.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "core/base/error.h"

namespace signet::image {
namespace {

constexpr int kStep = 257;  ///< 16-bit steps of an 8-bit level

/// A row as RGB on the 16-bit scale.
void fillRow(const Image& image, int y, std::vector<std::uint16_t>& row) {
    const auto channels = static_cast<std::size_t>(image.channels);
    const std::size_t first = static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) * channels;
    const auto spread = [&](const auto* samples, int factor) {
        for (std::size_t x = 0; x < static_cast<std::size_t>(image.width); ++x) {
            for (std::size_t c = 0; c < 3; ++c) {
                const std::size_t from = first + x * channels + (channels < 3 ? 0 : c);
                row[3 * x + c] = static_cast<std::uint16_t>(samples[from] * factor);
            }
        }
    };
    if (image.depth == 16) {
        spread(image.samples16(), 1);
    } else {
        spread(image.data.data(), kStep);
    }
}

}  // namespace

Difference absoluteDifference(const Image& a, const Image& b, int gain) {
    if (a.width != b.width || a.height != b.height || a.pixelCount() == 0)
        throw Error(ErrorCode::BadOption, "only images of one size have a difference");
    if (gain < 1) throw Error(ErrorCode::BadOption, "the gain of a difference is at least 1");
    Difference out;
    out.picture = makeImage(a.width, a.height, 3);
    const std::size_t rowSamples = 3 * static_cast<std::size_t>(a.width);
    std::vector<std::uint16_t> rowA(rowSamples), rowB(rowSamples);
    int largest = 0;
    std::uint8_t* to = out.picture.data.data();
    for (int y = 0; y < a.height; ++y) {
        fillRow(a, y, rowA);
        fillRow(b, y, rowB);
        for (std::size_t i = 0; i < rowSamples; i += 3) {
            int most = 0;
            for (std::size_t c = i; c < i + 3; ++c) {
                const int step = std::abs(static_cast<int>(rowA[c]) - static_cast<int>(rowB[c]));
                most = std::max(most, step);
                const std::int64_t level = (static_cast<std::int64_t>(gain) * step + kStep / 2) / kStep;
                *to++ = static_cast<std::uint8_t>(std::min<std::int64_t>(255, level));
            }
            largest = std::max(largest, most);
            out.pixels += most > 0;
        }
    }
    out.largest = static_cast<double>(largest) / kStep;
    return out;
}

Image halvedByMaximum(const Image& image) {
    Image out = makeImage((image.width + 1) / 2, (image.height + 1) / 2, image.channels);
    const auto channels = static_cast<std::size_t>(image.channels);
    std::uint8_t* to = out.data.data();
    for (int y = 0; y < out.height; ++y) {
        const int rows[] = {2 * y, std::min(2 * y + 1, image.height - 1)};
        for (int x = 0; x < out.width; ++x) {
            const int columns[] = {2 * x, std::min(2 * x + 1, image.width - 1)};
            for (std::size_t c = 0; c < channels; ++c) {
                std::uint8_t most = 0;
                for (const int row : rows) {
                    for (const int column : columns) {
                        const std::size_t pixel =
                            static_cast<std::size_t>(row) * static_cast<std::size_t>(image.width) +
                            static_cast<std::size_t>(column);
                        most = std::max(most, image.data[pixel * channels + c]);
                    }
                }
                *to++ = most;
            }
        }
    }
    return out;
}

}  // namespace signet::image
