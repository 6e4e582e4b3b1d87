#include "core/attacks/colour_ops.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/attacks/pixels.h"

namespace signet::attacks {
namespace {

using Table = std::array<std::uint8_t, 256>;

template <typename LevelOf>
Table tableOf(const LevelOf& levelOf) {
    Table table{};
    for (int v = 0; v < 256; ++v) table[static_cast<std::size_t>(v)] = toByte(levelOf(v));
    return table;
}

/// Every sample through its channel's table.
image::Image mapped(const image::Image& image, const std::array<Table, 3>& tables) {
    image::Image out = image;
    for (std::size_t i = 0; i < out.data.size(); i += 3)
        for (std::size_t c = 0; c < 3; ++c) out.data[i + c] = tables[c][out.data[i + c]];
    return out;
}

image::Image mapped(const image::Image& image, const Table& table) {
    return mapped(image, {table, table, table});
}

double luminance(double red, double green, double blue) {
    return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/// See equalise().
Table equalisingTable(const std::array<std::uint64_t, 256>& histogram, std::uint64_t samples) {
    const auto highest = std::find_if(histogram.rbegin(), histogram.rend(), [](auto n) { return n > 0; });
    const std::uint64_t step = (samples - *highest) / 255;
    if (step == 0) return tableOf([](int v) { return v; });
    std::uint64_t below = step / 2;
    return tableOf([&](int v) {
        const std::uint64_t level = below / step;
        below += histogram[static_cast<std::size_t>(v)];
        return static_cast<double>(level);
    });
}

/// The hexcone of Smith, Color gamut transform pairs, SIGGRAPH 1978.
void moveHueOf(std::uint8_t* rgb, double share) {
    const double red = rgb[0], green = rgb[1], blue = rgb[2];
    const double value = std::max({red, green, blue});
    const double chroma = value - std::min({red, green, blue});
    if (chroma == 0) return;
    const double sixth = value == red     ? (green - blue) / chroma
                         : value == green ? (blue - red) / chroma + 2
                                          : (red - green) / chroma + 4;
    const auto channel = [&](double offset) {
        double k = std::fmod(offset + sixth + 6 * share, 6.0);
        if (k < 0) k += 6;
        return toByte(value - chroma * std::clamp(std::min(k, 4 - k), 0.0, 1.0));
    };
    rgb[0] = channel(5);
    rgb[1] = channel(3);
    rgb[2] = channel(1);
}

}  // namespace

image::Image scaleAbout(const image::Image& image, double factor, double pivot) {
    return mapped(image, tableOf([&](int v) { return pivot + factor * (v - pivot); }));
}

double meanLuminance(const image::Image& image) {
    std::array<std::uint64_t, 3> sums{};
    for (std::size_t i = 0; i < image.data.size(); i += 3) {
        for (std::size_t c = 0; c < 3; ++c) sums[c] += image.data[i + c];
    }
    return luminance(static_cast<double>(sums[0]), static_cast<double>(sums[1]),
                     static_cast<double>(sums[2])) /
           static_cast<double>(image.pixelCount());
}

image::Image raiseToGamma(const image::Image& image, double exponent) {
    return mapped(image, tableOf([&](int v) { return 255 * std::pow(v / 255.0, exponent); }));
}

image::Image equalise(const image::Image& image) {
    std::array<std::array<std::uint64_t, 256>, 3> histograms{};
    for (std::size_t i = 0; i < image.data.size(); i += 3)
        for (std::size_t c = 0; c < 3; ++c) ++histograms[c][image.data[i + c]];
    std::array<Table, 3> tables;
    for (std::size_t c = 0; c < 3; ++c) tables[c] = equalisingTable(histograms[c], image.pixelCount());
    return mapped(image, tables);
}

image::Image saturate(const image::Image& image, double factor) {
    image::Image out = image;
    for (std::size_t i = 0; i < out.data.size(); i += 3) {
        const double grey = luminance(out.data[i], out.data[i + 1], out.data[i + 2]);
        for (std::size_t c = 0; c < 3; ++c)
            out.data[i + c] = toByte(grey + factor * (out.data[i + c] - grey));
    }
    return out;
}

image::Image moveHue(const image::Image& image, double share) {
    image::Image out = image;
    for (std::size_t i = 0; i < out.data.size(); i += 3) moveHueOf(out.data.data() + i, share);
    return out;
}

image::Image posterise(const image::Image& image, int bits) {
    const int lost = (1 << (8 - bits)) - 1;
    return mapped(image, tableOf([&](int v) { return v & ~lost; }));
}

}  // namespace signet::attacks
