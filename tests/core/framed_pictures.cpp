#include "tests/core/framed_pictures.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/attacks/perturbation.h"

namespace signet::tests {
namespace {

using image::Image;
using signature::ChipPoint;
using signature::FrameMap;

FrameMap affine(double a, double b, double c, double d, double e, double f) {
    return {{a, b, c, d, e, f, 0, 0, 1}};
}

FrameMap scaled(double across, double along) {
    return affine(across, 0, 0, 0, along, 0);
}

/// A colour between the pixels, bilinear; beyond the border as at it.
void read(const Image& image, double x, double y, std::uint8_t* rgb) {
    const double inX = std::clamp(x - 0.5, 0.0, image.width - 1.0);
    const double inY = std::clamp(y - 0.5, 0.0, image.height - 1.0);
    const int left = std::min(static_cast<int>(inX), image.width - 2);
    const int top = std::min(static_cast<int>(inY), image.height - 2);
    const double u = inX - left, v = inY - top;
    const std::uint8_t* p = image.data.data() + 3 * (static_cast<std::ptrdiff_t>(top) * image.width + left);
    const std::ptrdiff_t below = 3 * static_cast<std::ptrdiff_t>(image.width);
    for (int c = 0; c < 3; ++c, ++p)
        rgb[c] = static_cast<std::uint8_t>(
            std::lround((p[0] * (1 - u) + p[3] * u) * (1 - v) + (p[below] * (1 - u) + p[below + 3] * u) * v));
}

/// What is seen of a picture under a map from the view's pixels to its own.
Image shown(const Image& picture, const Image& ground, int width, int height, const FrameMap& map) {
    Image view = image::makeImage(width, height, 3);
    std::uint8_t* rgb = view.data.data();
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x, rgb += 3) {
            const ChipPoint at = map.at(x + 0.5, y + 0.5);
            const bool within = at.x >= 0 && at.y >= 0 && at.x < picture.width && at.y < picture.height;
            if (within)
                read(picture, at.x, at.y, rgb);
            else
                read(ground, x % ground.width + 0.5, y % ground.height + 0.5, rgb);
        }
    return view;
}

/// Less than a chip anywhere.
FrameMap withErrors(const FrameMap& map, const signature::ChipSize& frame, StepRandom& random) {
    const double scale = 1 + random.uniform(-0.004, 0.004);
    const double angle = random.uniform(-0.25, 0.25) * std::numbers::pi / 180;
    FrameMap error = affine(scale * std::cos(angle), -scale * std::sin(angle), 0, scale * std::sin(angle),
                            scale * std::cos(angle), 0);
    const ChipPoint centre{frame.columns / 2.0, frame.rows / 2.0}, moved = error.at(centre.x, centre.y);
    error.h[2] = centre.x - moved.x + random.uniform(-0.4, 0.4);
    error.h[5] = centre.y - moved.y + random.uniform(-0.4, 0.4);
    return error.after(map);
}

}  // namespace

Image scene(int width, int height, std::uint64_t seed) {
    StepRandom random(seed, 0, 0);
    std::vector<double> sums(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 128);
    for (const int perSide : {3, 6, 12, 24, 48}) {
        const double side = static_cast<double>(std::min(width, height)) / perSide;
        const int columns = static_cast<int>(width / side) + 2, rows = static_cast<int>(height / side) + 2;
        std::vector<double> grid;  // light and the difference of each channel from it, at the corners
        for (int i = 0; i < columns * rows; ++i) {
            const double light = 22 * random.normal();
            for (int c = 0; c < 3; ++c) grid.push_back(light + 8 * random.normal());
        }
        double* sum = sums.data();
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const int left = static_cast<int>(x / side), top = static_cast<int>(y / side);
                const double u = x / side - left, v = y / side - top;
                const double* corner = grid.data() + 3 * (static_cast<std::ptrdiff_t>(top) * columns + left);
                const double* below = corner + 3 * static_cast<std::ptrdiff_t>(columns);
                for (int c = 0; c < 3; ++c, ++sum)
                    *sum += (corner[c] * (1 - u) + corner[c + 3] * u) * (1 - v) +
                            (below[c] * (1 - u) + below[c + 3] * u) * v;
            }
    }
    Image picture = image::makeImage(width, height, 3);
    std::transform(sums.begin(), sums.end(), picture.data.begin(),
                   [](double value) { return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0)); });
    return picture;
}

const std::vector<Treatment>& Treatment::all() {
    static const std::vector<Treatment> list{
        {.name = "none"},
        {.name = "JPEG 30", .colours = "jpeg:30"},
        {.name = "WebP 30", .colours = "webp:30"},
        {.name = "AVIF 40", .colours = "avif:40"},
        {.name = "gamma 1.8", .colours = "gamma:1.8"},
        {.name = "gamma 0.6", .colours = "gamma:0.6"},
        {.name = "equalised", .colours = "equalise"},
        {.name = "grey", .colours = "grey"},
        {.name = "hue +0.1", .colours = "hue:0.1"},
        {.name = "hue -0.1", .colours = "hue:-0.1"},
        {.name = "saturation 2", .colours = "saturation:2"},
        {.name = "brightness 0.5", .colours = "brightness:0.5"},
        {.name = "brightness 1.5", .colours = "brightness:1.5"},
        {.name = "contrast 0.5", .colours = "contrast:0.5"},
        {.name = "posterised", .colours = "posterise:3"},
        {.name = "64 colours", .colours = "palette:64"},
        {.name = "noise 0.1", .colours = "noise:0.1"},
        {.name = "blur 2", .colours = "blur:2"},
        {.name = "median 5", .colours = "median:5"},
        {.name = "overlay 0.15", .colours = "overlay:0.15"},
        {.name = "crop 75 %", .crop = 0.75},
        {.name = "crop 50 %", .crop = 0.5},
        {.name = "crop 50 %, equalised", .crop = 0.5, .colours = "equalise"},
        {.name = "crop 50 %, overlay 0.15", .crop = 0.5, .colours = "overlay:0.15"},
        {.name = "crop 30 %", .crop = 0.3},
        {.name = "crop 30 %, JPEG 30", .crop = 0.3, .colours = "jpeg:30"},
        {.name = "crop 30 %, noise 0.05", .crop = 0.3, .colours = "noise:0.05"},
        {.name = "crop 30 %, turned, mirrored, JPEG 50, gamma 1.5",
         .crop = 0.3,
         .mirrored = true,
         .turn = 90,
         .colours = "jpeg:50+gamma:1.5"},
        {.name = "crop 16:9", .aspect = 16.0 / 9},
        {.name = "crop 3:4", .aspect = 0.75},
        {.name = "mirrored", .mirrored = true},
        {.name = "turned 90", .turn = 90},
        {.name = "turned 180", .turn = 180},
        {.name = "turned 5", .turn = 5},
        {.name = "turned 45", .turn = 45},
        {.name = "stretched 1.3", .stretch = 1.3},
        {.name = "perspective 0.1", .perspective = 0.1},
        {.name = "page 70 %", .page = 0.7},
        {.name = "page 50 %", .page = 0.5},
        {.name = "page 25 %, JPEG 50", .page = 0.25, .colours = "jpeg:50"},
        {.name = "small, crop 90 %, JPEG 70", .crop = 0.9, .scale = 0.5, .colours = "jpeg:70"},
    };
    return list;
}

signature::SeenSigns TreatedView::seen(bool withOutline) const {
    return signature::seenSigns(
        {picture, size.columns, size.rows, toFrame, withOutline ? outline : std::vector<ChipPoint>{}});
}

TreatedView treated(const Image& picture, const Image& ground, const Treatment& treatment,
                    StepRandom& random) {
    double width = std::sqrt(treatment.crop) * picture.width;
    double height = std::sqrt(treatment.crop) * picture.height;
    if (treatment.aspect > 0) {
        width = std::min<double>(picture.width, picture.height * treatment.aspect);
        height = std::min<double>(picture.height, picture.width / treatment.aspect);
    }
    int columns = static_cast<int>(width * treatment.scale * treatment.stretch);
    int rows = static_cast<int>(height * treatment.scale);
    // From pixels of the view to those of the picture.
    FrameMap map = affine(width / columns, 0, random.uniform() * (picture.width - width), 0, height / rows,
                          random.uniform() * (picture.height - height));
    if (treatment.mirrored) map = map.after(affine(-1, 0, columns, 0, 1, 0));
    if (treatment.turn != 0) {
        const double angle = treatment.turn * std::numbers::pi / 180;
        const double c = std::cos(angle), s = std::sin(angle);
        const double x = columns / 2.0, y = rows / 2.0;
        if (std::fmod(treatment.turn, 180) == 90) std::swap(columns, rows);
        map = map.after(
            affine(c, -s, x - c * columns / 2 + s * rows / 2, s, c, y - s * columns / 2 - c * rows / 2));
    }
    if (treatment.perspective > 0) {
        const double p = treatment.perspective;
        const double x = random.uniform(-p, p) / columns, y = random.uniform(-p, p) / rows;
        map = map.after({{1 + x * columns / 2, random.uniform(-p, p) / 2, 0, random.uniform(-p, p) / 2,
                          1 + y * rows / 2, 0, x, y, 1}});
    }
    double left = 0, top = 0;
    const double shownColumns = columns, shownRows = rows;
    if (treatment.page < 1) {
        columns = static_cast<int>(columns / std::sqrt(treatment.page));
        rows = static_cast<int>(rows / std::sqrt(treatment.page));
        left = random.uniform() * (columns - shownColumns);
        top = random.uniform() * (rows - shownRows);
        map = map.after(affine(1, 0, -left, 0, 1, -top));
    }
    TreatedView view;
    view.picture = attacks::apply(shown(picture, ground, columns, rows, map),
                                  attacks::parsePerturbation(treatment.colours), random.bits());
    view.size = signature::frameOf(columns, rows);
    const signature::ChipSize frame = signature::frameOf(picture.width, picture.height);
    const double across = static_cast<double>(view.size.columns) / columns;
    const double along = static_cast<double>(view.size.rows) / rows;
    const FrameMap exact = scaled(static_cast<double>(frame.columns) / picture.width,
                                  static_cast<double>(frame.rows) / picture.height)
                               .after(map.after(scaled(1 / across, 1 / along)));
    view.toFrame = withErrors(exact, frame, random);
    for (const auto& [x, y] : {std::pair{0, 0}, {1, 0}, {1, 1}, {0, 1}})
        view.outline.push_back({(left + x * shownColumns) * across, (top + y * shownRows) * along});
    return view;
}

FrameMap forgedMap(const FrameMap& map, StepRandom& random) {
    const double scale = random.chance(0.5) ? 1 : random.uniform(0.75, 1.33);
    FrameMap forged = affine(scale, 0, random.uniform(0, 32), 0, scale, random.uniform(0, 32));
    if (random.chance(0.5)) forged = forged.after(affine(-1, 0, 0, 0, 1, 0));
    if (random.chance(0.3)) forged = forged.after(affine(0, 1, 0, -1, 0, 0));
    return forged.after(map);
}

}  // namespace signet::tests
