#include "core/attacks/palette.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace signet::attacks {
namespace {

using Rgb = std::array<int, 3>;

/// 0xRRGGBB
using Packed = std::uint32_t;

template <typename Samples>
Packed packed(const Samples& rgb) {
    return static_cast<Packed>(rgb[0] << 16 | rgb[1] << 8 | rgb[2]);
}

int levelOf(Packed colour, std::size_t channel) {
    return static_cast<int>(colour >> (16 - 8 * channel) & 0xFF);
}

struct Colour {
    Packed value = 0;
    std::uint64_t pixels = 0;

    int level(std::size_t channel) const { return levelOf(value, channel); }
    Rgb rgb() const { return {level(0), level(1), level(2)}; }
};

/// Colours begin..end of a list.
struct Box {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::uint64_t pixels = 0;
};

/// A number for each of all colours, by its packed value: 64 MiB.
using ColourTable = std::vector<std::uint32_t>;
constexpr std::size_t kAllColours = std::size_t{1} << 24;

ColourTable pixelsByColour(const image::Image& image) {
    ColourTable counts(kAllColours);
    for (std::size_t i = 0; i < image.data.size(); i += 3) ++counts[packed(image.data.data() + i)];
    return counts;
}

std::vector<Colour> coloursPresent(const ColourTable& counts) {
    std::vector<Colour> colours;
    for (std::size_t value = 0; value < counts.size(); ++value)
        if (counts[value] > 0) colours.push_back({static_cast<Packed>(value), counts[value]});
    return colours;
}

struct Side {
    std::size_t channel = 0;
    int low = 0;
    int high = 0;
};

/// Red, green or blue: where the box's colours lie furthest apart; the first of equals.
Side longestSide(const std::vector<Colour>& colours, const Box& box) {
    Side longest{0, 0, -1};
    for (std::size_t channel = 0; channel < 3; ++channel) {
        Side side{channel, 255, 0};
        for (std::size_t i = box.begin; i < box.end; ++i) {
            side.low = std::min(side.low, colours[i].level(channel));
            side.high = std::max(side.high, colours[i].level(channel));
        }
        if (side.high - side.low > longest.high - longest.low) longest = side;
    }
    return longest;
}

/// Keeps of a box of several colours those up to the median level of its longest side and gives the others;
/// neither half is empty.
Box cutOff(std::vector<Colour>& colours, Box& box) {
    const Side side = longestSide(colours, box);
    std::array<std::uint64_t, 256> histogram{};
    for (std::size_t i = box.begin; i < box.end; ++i)
        histogram[static_cast<std::size_t>(colours[i].level(side.channel))] += colours[i].pixels;
    int median = side.low;
    std::uint64_t kept = histogram[static_cast<std::size_t>(median)];
    while (2 * kept < box.pixels && median + 1 < side.high)
        kept += histogram[static_cast<std::size_t>(++median)];
    const auto begin = colours.begin() + static_cast<std::ptrdiff_t>(box.begin);
    const auto end = colours.begin() + static_cast<std::ptrdiff_t>(box.end);
    const auto cut =
        std::partition(begin, end, [&](const Colour& c) { return c.level(side.channel) <= median; });
    const Box rest{static_cast<std::size_t>(cut - colours.begin()), box.end, box.pixels - kept};
    box = {box.begin, rest.begin, kept};
    return rest;
}

Rgb meanOf(const std::vector<Colour>& colours, const Box& box) {
    std::array<std::uint64_t, 3> sums{};
    for (std::size_t i = box.begin; i < box.end; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            sums[c] += static_cast<std::uint64_t>(colours[i].level(c)) * colours[i].pixels;
    Rgb mean{};
    for (std::size_t c = 0; c < 3; ++c)
        mean[c] = static_cast<int>((2 * sums[c] + box.pixels) / (2 * box.pixels));
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
    palette.reserve(boxes.size());
    for (const Box& box : boxes) palette.push_back(meanOf(colours, box));
    return palette;
}

/// The first of equals.
Rgb nearest(const std::vector<Rgb>& palette, const Rgb& rgb) {
    const Rgb* best = nullptr;
    int least = std::numeric_limits<int>::max();
    for (const Rgb& candidate : palette) {
        const int red = candidate[0] - rgb[0], green = candidate[1] - rgb[1], blue = candidate[2] - rgb[2];
        const int distance = red * red + green * green + blue * blue;
        if (distance >= least) continue;
        least = distance;
        best = &candidate;
    }
    return *best;
}

}  // namespace

image::Image reduceToPalette(const image::Image& image, int colours) {
    ColourTable table = pixelsByColour(image);
    const std::vector<Colour> present = coloursPresent(table);
    const std::vector<Rgb> palette =
        medianCut(present, static_cast<std::size_t>(colours), image.pixelCount());
    // From here on the table holds what becomes of each colour.
    for (const Colour& colour : present) table[colour.value] = packed(nearest(palette, colour.rgb()));
    image::Image out = image;
    for (std::size_t i = 0; i < out.data.size(); i += 3) {
        const Packed replacement = table[packed(out.data.data() + i)];
        for (std::size_t c = 0; c < 3; ++c)
            out.data[i + c] = static_cast<std::uint8_t>(levelOf(replacement, c));
    }
    return out;
}

}  // namespace signet::attacks
