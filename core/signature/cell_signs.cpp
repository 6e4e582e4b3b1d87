#include "core/signature/cell_signs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "core/base/error.h"
#include "core/image/resample.h"

namespace signet::signature {
namespace {

constexpr int kRatio = CellSigns::kCoarse / CellSigns::kFine;
constexpr int kMostCells = 1024;      ///< fine ones a side: twenty times a frame's short side, and more
constexpr int kSamples = 4;           ///< a side of a fine cell: two a chip
constexpr double kLeastDepth = 0.05;  ///< of a corner: nearer to the horizon nothing can be said
constexpr double kShownShare = 0.9;   ///< of a cell's samples that the view must show
constexpr double kFlatShare = 0.2;    ///< of the mean difference: a smaller one has no sign
/// Grey levels that a difference with a sign has at least. A signature makes itself felt between fine cells
/// of a sky; all that are signed with one code would look alike there.
constexpr double kFaintestFine = 2, kFaintestCoarse = 0.6;
constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

/// Luminance in grey levels.
struct LumaPlane {
    int width = 0, height = 0;
    std::vector<float> values;

    /// Bilinear; (0, 0) is the centre of the first pixel, beyond the border it goes on as it is there.
    float at(double x, double y) const {
        const double inX = std::clamp(x, 0.0, width - 1.0), inY = std::clamp(y, 0.0, height - 1.0);
        const int left = std::min(static_cast<int>(inX), std::max(width - 2, 0));
        const int top = std::min(static_cast<int>(inY), std::max(height - 2, 0));
        const auto u = static_cast<float>(inX - left), v = static_cast<float>(inY - top);
        const int next = width > 1 ? 1 : 0, below = height > 1 ? width : 0;
        const float* p = values.data() + static_cast<std::ptrdiff_t>(top) * width + left;
        return (p[0] * (1 - u) + p[next] * u) * (1 - v) + (p[below] * (1 - u) + p[below + next] * u) * v;
    }
};

LumaPlane lumaOf(const image::Image& picture, int width, int height) {
    const image::Planes planes = image::toPlanes(picture, width, height);
    const std::size_t size = planes.data.size() / 3;
    LumaPlane luma{width, height, std::vector<float>(size)};
    for (std::size_t i = 0; i < size; ++i)
        luma.values[i] = 127.5f * (0.299f * planes.data[i] + 0.587f * planes.data[size + i] +
                                   0.114f * planes.data[2 * size + i]);
    return luma;
}

/// What part of the frame a view shows.
struct Extent {
    int left = 0, top = 0, columns = 0, rows = 0;  ///< cells
    double scale = 0;                              ///< chips of the frame a chip of the view measures
};

/// In fine cells, as far as whole coarse ones; no cells where nothing can be said.
Extent extentOf(const FramedView& view) {
    const double width = view.columns, height = view.rows;
    const auto& h = view.toFrame.h;
    std::array<ChipPoint, 4> corners{};
    const std::array<ChipPoint, 4> places{{{0, 0}, {width, 0}, {width, height}, {0, height}}};
    for (std::size_t i = 0; i < 4; ++i) {
        if (!(h[6] * places[i].x + h[7] * places[i].y + h[8] > kLeastDepth)) return {};
        corners[i] = view.toFrame.at(places[i].x, places[i].y);
    }
    double doubledArea = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const ChipPoint &a = corners[i], &b = corners[(i + 1) % 4];
        doubledArea += a.x * b.y - b.x * a.y;
    }
    const auto [leftmost, rightmost] = std::minmax_element(
        corners.begin(), corners.end(), [](const ChipPoint& a, const ChipPoint& b) { return a.x < b.x; });
    const auto [highest, lowest] = std::minmax_element(
        corners.begin(), corners.end(), [](const ChipPoint& a, const ChipPoint& b) { return a.y < b.y; });
    const auto first = [](double chips) { return kRatio * std::floor(chips / CellSigns::kCoarse); };
    const auto end = [](double chips) { return kRatio * std::ceil(chips / CellSigns::kCoarse); };
    const double left = first(leftmost->x), top = first(highest->y);
    const double columns = end(rightmost->x) - left, rows = end(lowest->y) - top;
    constexpr double kFarthest = 1e6;
    if (!(columns <= kMostCells && rows <= kMostCells && std::abs(left) < kFarthest &&
          std::abs(top) < kFarthest))
        return {};
    return {static_cast<int>(left), static_cast<int>(top), static_cast<int>(columns), static_cast<int>(rows),
            std::sqrt(std::abs(doubledArea) / 2 / (width * height))};
}

/// Whether a place is within a convex polygon, either way round.
bool isWithin(const std::vector<ChipPoint>& outline, const ChipPoint& place) {
    bool left = false, right = false;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const ChipPoint &a = outline[i], &b = outline[(i + 1) % outline.size()];
        const double side = (b.x - a.x) * (place.y - a.y) - (b.y - a.y) * (place.x - a.x);
        left = left || side < 0;
        right = right || side > 0;
    }
    return !(left && right);
}

/// Means of the luminance over fine cells, kUnknown where the view does not show them.
std::vector<float> cellMeans(const FramedView& view, const Extent& extent) {
    const FrameMap toView = view.toFrame.inverse();
    // As many pixels as samples.
    constexpr double kPixelsPerChip = static_cast<double>(kSamples) / CellSigns::kFine;
    const auto pixels = [&](int chips) {
        return std::max(1, static_cast<int>(std::lround(chips * extent.scale * kPixelsPerChip)));
    };
    const LumaPlane luma = lumaOf(view.picture, pixels(view.columns), pixels(view.rows));
    const double across = static_cast<double>(luma.width) / view.columns;
    const double along = static_cast<double>(luma.height) / view.rows;
    const auto& h = toView.h;
    std::vector<float> means;
    means.reserve(static_cast<std::size_t>(extent.columns) * static_cast<std::size_t>(extent.rows));
    for (int row = 0; row < extent.rows; ++row)
        for (int column = 0; column < extent.columns; ++column) {
            int shown = 0;
            double sum = 0;
            for (int i = 0; i < kSamples * kSamples; ++i) {
                const double x = CellSigns::kFine * (extent.left + column + (i % kSamples + 0.5) / kSamples);
                const double y = CellSigns::kFine * (extent.top + row + (i / kSamples + 0.5) / kSamples);
                if (!(h[6] * x + h[7] * y + h[8] > 0)) continue;  // behind who looks
                const ChipPoint at = toView.at(x, y);
                if (!(at.x >= 0 && at.y >= 0 && at.x <= view.columns && at.y <= view.rows)) continue;
                if (!isWithin(view.outline, at)) continue;
                ++shown;
                sum += luma.at(at.x * across - 0.5, at.y * along - 0.5);
            }
            means.push_back(shown >= kShownShare * kSamples * kSamples ? static_cast<float>(sum / shown)
                                                                       : kUnknown);
        }
    return means;
}

/// The means of kRatio x kRatio cells each, kUnknown where one of them is.
std::vector<float> coarseMeans(const std::vector<float>& means, int columns) {
    const auto width = static_cast<std::size_t>(columns), coarseWidth = width / kRatio;
    std::vector<float> coarse(means.size() / (kRatio * kRatio));
    for (std::size_t i = 0; i < means.size(); ++i)
        coarse[i / width / kRatio * coarseWidth + i % width / kRatio] += means[i] / (kRatio * kRatio);
    return coarse;
}

/// 0 for what is not known, too.
std::int8_t signOf(float difference, double least) {
    return static_cast<std::int8_t>(difference >= least ? 1 : difference <= -least ? -1 : 0);
}

CellSigns signsOf(const std::vector<float>& means, const Extent& extent, int cell) {
    CellSigns signs{cell, extent.left, extent.top, extent.columns, extent.rows, {}, {}};
    std::vector<float> right(means.size(), kUnknown), down(means.size(), kUnknown);
    const auto width = static_cast<std::size_t>(extent.columns);
    double sum = 0;
    std::int64_t known = 0;
    for (std::size_t i = 0; i < means.size(); ++i) {
        if ((i + 1) % width != 0) right[i] = means[i + 1] - means[i];
        if (i + width < means.size()) down[i] = means[i + width] - means[i];
        for (const float difference : {right[i], down[i]})
            if (std::isfinite(difference)) sum += std::abs(difference), ++known;
    }
    const double faintest = cell == CellSigns::kFine ? kFaintestFine : kFaintestCoarse;
    const double least = std::max(faintest, known > 0 ? kFlatShare * sum / static_cast<double>(known) : 0.0);
    for (std::size_t i = 0; i < means.size(); ++i) {
        signs.right.push_back(signOf(right[i], least));
        signs.down.push_back(signOf(down[i], least));
    }
    return signs;
}

}  // namespace

SeenSigns seenSigns(const FramedView& view) {
    if (view.columns < 1 || view.rows < 1) throw Error(ErrorCode::BadOption, "a view without chips");
    const Extent fine = extentOf(view);
    if (fine.columns == 0) return {};
    const Extent coarse{fine.left / kRatio, fine.top / kRatio, fine.columns / kRatio, fine.rows / kRatio,
                        fine.scale};
    const std::vector<float> means = cellMeans(view, fine);
    return {signsOf(means, fine, CellSigns::kFine),
            signsOf(coarseMeans(means, fine.columns), coarse, CellSigns::kCoarse)};
}

}  // namespace signet::signature
