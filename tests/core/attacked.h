#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "core/attacks/perturbation.h"
#include "core/image/image.h"

namespace signet::test {

inline image::Image attacked(const image::Image& image, const char* spec, std::uint64_t seed = 1) {
    return attacks::apply(image, attacks::parsePerturbation(spec), seed);
}

/// Left and top of where part lies within whole, sample for sample; nothing where it does not, or more than
/// once.
inline std::optional<std::pair<int, int>> placeOf(const image::Image& part, const image::Image& whole) {
    const auto row = [](const image::Image& image, int x, int y) {
        return image.data.begin() + (static_cast<std::ptrdiff_t>(y) * image.width + x) * 3;
    };
    std::optional<std::pair<int, int>> place;
    for (int top = 0; top + part.height <= whole.height; ++top) {
        for (int left = 0; left + part.width <= whole.width; ++left) {
            bool equal = true;
            for (int y = 0; y < part.height && equal; ++y)
                equal =
                    std::equal(row(part, 0, y), row(part, 0, y) + 3 * part.width, row(whole, left, top + y));
            if (!equal) continue;
            if (place) return std::nullopt;
            place = {left, top};
        }
    }
    return place;
}

inline std::set<std::uint32_t> coloursIn(const image::Image& image) {
    std::set<std::uint32_t> colours;
    for (std::size_t i = 0; i < image.data.size(); i += 3)
        colours.insert(
            static_cast<std::uint32_t>(image.data[i] << 16 | image.data[i + 1] << 8 | image.data[i + 2]));
    return colours;
}

}  // namespace signet::test
