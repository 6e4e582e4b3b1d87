#include "core/attacks/palette.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace signet::attacks {
namespace {

using Rgb = std::array<std::uint8_t, 3>;

struct Colour {
    Rgb rgb{};
    std::uint64_t pixels = 0;
};

/// Colours begin..end of a list.
struct Box {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::uint64_t pixels = 0;
};

/// The colours that occur, in ascending order.
std::vector<Colour> coloursOf(const image::Image& image) {
    std::vector<Rgb> pixels(image.pixelCount());
    for (std::size_t i = 0; i < pixels.size(); ++i)
        std::copy_n(image.data.begin() + static_cast<std::ptrdiff_t>(3 * i), 3, pixels[i].begin());
    std::sort(pixels.begin(), pixels.end());
    std::vector<Colour> colours;
    for (const Rgb& rgb : pixels) {
        if (colours.empty() || colours.back().rgb != rgb) colours.push_back({rgb, 0});
        ++colours.back().pixels;
    }
    return colours;
}

/// Red, green or blue: where its colours lie furthest apart; the first of equals.
std::size_t longestSide(const std::vector<Colour>& colours, const Box& box) {
    Rgb low{255, 255, 255}, high{};
    for (std::size_t i = box.begin; i < box.end; ++i) {
        for (std::size_t c = 0; c < 3; ++c) {
            low[c] = std::min(low[c], colours[i].rgb[c]);
            high[c] = std::max(high[c], colours[i].rgb[c]);
        }
    }
    std::size_t longest = 0;
    for (std::size_t c = 1; c < 3; ++c)
        if (high[c] - low[c] > high[longest] - low[longest]) longest = c;
    return longest;
}

/// Orders the box's colours along its longest side, keeps those up to the median pixel and gives the others;
/// neither half is empty.
Box cutOff(std::vector<Colour>& colours, Box& box) {
    const std::size_t side = longestSide(colours, box);
    std::sort(colours.begin() + static_cast<std::ptrdiff_t>(box.begin),
              colours.begin() + static_cast<std::ptrdiff_t>(box.end), [&](const Colour& a, const Colour& b) {
                  return a.rgb[side] != b.rgb[side] ? a.rgb[side] < b.rgb[side] : a.rgb < b.rgb;
              });
    std::size_t cut = box.begin;
    std::uint64_t kept = 0;
    do kept += colours[cut++].pixels;
    while (cut + 1 < box.end && 2 * kept < box.pixels);
    const Box rest{cut, box.end, box.pixels - kept};
    box = {box.begin, cut, kept};
    return rest;
}

Rgb meanOf(const std::vector<Colour>& colours, const Box& box) {
    std::array<std::uint64_t, 3> sums{};
    for (std::size_t i = box.begin; i < box.end; ++i)
        for (std::size_t c = 0; c < 3; ++c) sums[c] += colours[i].rgb[c] * colours[i].pixels;
    Rgb mean{};
    for (std::size_t c = 0; c < 3; ++c)
        mean[c] = static_cast<std::uint8_t>((2 * sums[c] + box.pixels) / (2 * box.pixels));
    return mean;
}

std::vector<Rgb> medianCut(std::vector<Colour> colours, std::size_t size, std::uint64_t pixels) {
    std::vector<Box> boxes{{0, colours.size(), pixels}};
    while (boxes.size() < size) {
        Box* fullest = nullptr;
        for (Box& box : boxes)
            if (box.end - box.begin > 1 && (!fullest || box.pixels > fullest->pixels)) fullest = &box;
        if (!fullest) break;
        boxes.push_back(cutOff(colours, *fullest));
    }
    std::vector<Rgb> palette;
    for (const Box& box : boxes) palette.push_back(meanOf(colours, box));
    return palette;
}

/// The first of equals.
Rgb nearest(const std::vector<Rgb>& palette, const Rgb& rgb) {
    Rgb best{};
    int least = std::numeric_limits<int>::max();
    for (const Rgb& candidate : palette) {
        int distance = 0;
        for (std::size_t c = 0; c < 3; ++c) distance += (candidate[c] - rgb[c]) * (candidate[c] - rgb[c]);
        if (distance >= least) continue;
        least = distance;
        best = candidate;
    }
    return best;
}

}  // namespace

image::Image reduceToPalette(const image::Image& image, int colours) {
    const std::vector<Colour> present = coloursOf(image);
    const std::vector<Rgb> palette =
        medianCut(present, static_cast<std::size_t>(colours), image.pixelCount());
    std::vector<Rgb> replacements;  // of present, one by one
    for (const Colour& colour : present) replacements.push_back(nearest(palette, colour.rgb));
    image::Image out = image;
    for (auto at = out.data.begin(); at != out.data.end(); at += 3) {
        Rgb rgb{};
        std::copy_n(at, 3, rgb.begin());
        const auto found = std::lower_bound(present.begin(), present.end(), rgb,
                                            [](const Colour& c, const Rgb& value) { return c.rgb < value; });
        std::copy_n(replacements[static_cast<std::size_t>(found - present.begin())].begin(), 3, at);
    }
    return out;
}

}  // namespace signet::attacks
