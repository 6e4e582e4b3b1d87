#include "core/signature/sync_refinement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "core/image/simd.h"
#include "core/signature/tile_places.h"

namespace signet::signature {
namespace {

constexpr int kPart = 16;  ///< chips of the view that are moved as one
constexpr int kReach = 7;  ///< chips of the frame by which they are moved at most, and one more
constexpr int kWindow = 2 * kReach + 1;
constexpr int kLanes = 16;             ///< floats of a row of shifts: kWindow and one that is not asked for
constexpr int kRowOfPlaces = 1 << 12;  ///< more than a tile has, for quick division
constexpr int kPhases = 4;             ///< places of the pattern from chip to chip

using ShiftRows = std::array<float, std::size_t{kWindow} * kLanes>;

/// Values of chips, and where in MovedPattern each one's lines begin.
struct Chips {
    std::vector<float> values;
    std::vector<std::ptrdiff_t> lines;
};

/// To each row of shifts the chips' values times their lines of it.
SIGNET_SIMD
void addUp(const Chips& chips, const float* pattern, int stride, ShiftRows& sums) {
    for (std::size_t row = 0; row < kWindow; ++row, pattern += stride) {
        std::array<float, kLanes> one{}, other{};  // two, so that no sum waits for the last one
        std::size_t n = 0;
        for (; n + 1 < chips.values.size(); n += 2) {
            const float* here = pattern + chips.lines[n];
            const float* next = pattern + chips.lines[n + 1];
            for (std::size_t k = 0; k < kLanes; ++k) one[k] += chips.values[n] * here[k];
            for (std::size_t k = 0; k < kLanes; ++k) other[k] += chips.values[n + 1] * next[k];
        }
        if (n < chips.values.size())
            for (std::size_t k = 0; k < kLanes; ++k)
                one[k] += chips.values[n] * pattern[chips.lines[n] + static_cast<std::ptrdiff_t>(k)];
        for (std::size_t k = 0; k < kLanes; ++k) sums[row * kLanes + k] = one[k] + other[k];
    }
}

/// How well the pattern fits each part of a view, by how far the part's places are moved in the frame.
class PartFits {
public:
    PartFits(const CarrierEstimate& view, const MovedPattern& pattern, const FrameMap& map) {
        const int down = std::max(1, (view.rows + kPart / 2) / kPart);
        const int across = std::max(1, (view.columns + kPart / 2) / kPart);
        for (int i = 0; i < down; ++i) {
            for (int j = 0; j < across; ++j) {
                const int top = view.rows * i / down, left = view.columns * j / across;
                const ChipWindow part{top, left, view.rows * (i + 1) / down - top,
                                      view.columns * (j + 1) / across - left};
                const ChipPoint centre{part.left + part.columns / 2.0, part.top + part.rows / 2.0};
                m_parts.push_back({centre, map.at(centre.x, centre.y)});
                pattern.addFits(view, part, map, m_fits);
            }
        }
    }

    /// Summed over the parts: moved to where they lie under another map.
    double fit(const FrameMap& to) const {
        double sum = 0;
        for (std::size_t i = 0; i < m_parts.size(); ++i) {
            const auto& [centre, before] = m_parts[i];
            const ChipPoint after = to.at(centre.x, centre.y);
            sum += at(i, before.x - after.x, before.y - after.y);
        }
        return sum;
    }

private:
    struct Part {
        ChipPoint centre, inFrame;
    };

    /// Catmull and Rom's weights of the four places around one at this share of the way between the middle
    /// two.
    static std::array<float, 4> weights(float t) {
        return {t * (-0.5f + t * (1 - 0.5f * t)), 1 + t * t * (-2.5f + 1.5f * t),
                t * (0.5f + t * (2 - 1.5f * t)), t * t * (-0.5f + 0.5f * t)};
    }

    double at(std::size_t part, double x, double y) const {
        constexpr double kMost = kReach - 1.001;
        const auto fromX = static_cast<float>(std::clamp(x, -kMost, kMost) + kReach);
        const auto fromY = static_cast<float>(std::clamp(y, -kMost, kMost) + kReach);
        const int lowX = static_cast<int>(fromX), lowY = static_cast<int>(fromY);
        const auto across = weights(fromX - static_cast<float>(lowX));
        const auto down = weights(fromY - static_cast<float>(lowY));
        const std::ptrdiff_t first = std::ptrdiff_t{kWindow} * (lowY - 1) + lowX - 1;
        const float* line = m_fits.data() + part * kWindow * kWindow + first;
        float sum = 0;
        for (std::size_t i = 0; i < 4; ++i, line += kWindow)
            sum += down[i] *
                   (across[0] * line[0] + across[1] * line[1] + across[2] * line[2] + across[3] * line[3]);
        return sum;
    }

    std::vector<Part> m_parts;
    std::vector<float> m_fits;
};

/// A view moved in itself: place x, in half views from its centre, to (x + shift + B x) / (1 + q x). Shift, B
/// by rows, q.
using Warp = std::array<double, 8>;
constexpr std::size_t kAffine = 6;
/// How far a warp is expected to move the view's border, chips of the frame: standard deviations.
constexpr Warp kWarpChips{0.4, 0.4, 0.6, 0.6, 0.6, 0.6, 1.5, 1.5};

FrameMap moved(const FrameMap& map, const Warp& w, double halfWidth, double halfHeight) {
    const FrameMap warp{{1 + w[2], w[3], w[0], w[4], 1 + w[5], w[1], w[6], w[7], 1}};
    return map.after(inHalfViews(warp, halfWidth, halfHeight));
}

}  // namespace

MovedPattern::MovedPattern(const PatternBand& band, const BandSpectrum& sync)
    : m_side(band.size()), m_stride(m_side + kLanes) {
    const std::vector<float> pattern = tileOf(sync, band, kPhases);
    const auto at = [&](int row, int column) {
        return pattern[static_cast<std::size_t>(row * m_side * kPhases + column)];
    };
    // A plane for each place between chips. Backwards both ways, and as far beyond the end as a chip and its
    // shifts reach.
    for (int down = 0; down < kPhases; ++down)
        for (int right = 0; right < kPhases; ++right)
            for (int row = 0; row < m_side + kWindow; ++row)
                for (int column = 0; column < m_stride; ++column)
                    m_backwards.push_back(
                        at(backwards(row) * kPhases + down, backwards(column) * kPhases + right));
    // Shift s puts the pattern's chip y - s at a chip y: from -kReach on, backwards.
    const std::ptrdiff_t plane = std::ptrdiff_t{m_stride} * (m_side + kWindow);
    for (int place = 0; place <= m_side * kPhases; ++place) {
        const int chip = place / kPhases + kReach, phase = place % kPhases;
        m_rows.push_back(phase * kPhases * plane + std::ptrdiff_t{m_stride} * backwards(chip));
        m_columns.push_back(phase * plane + backwards(chip));
    }
}

int MovedPattern::backwards(int chip) const {
    return (m_side - chip % m_side) % m_side;
}

void MovedPattern::addFits(const CarrierEstimate& view, const ChipWindow& part, const FrameMap& map,
                           std::vector<float>& fits) const {
    const TileMap toTile(map, m_side, m_side * kPhases, kRowOfPlaces, 0.5f);
    TilePlaces places;
    static thread_local Chips chips;
    chips.values.clear();
    chips.lines.clear();
    for (int row = part.top; row < part.top + part.rows; ++row) {
        const float* values = view.values.data() + static_cast<std::ptrdiff_t>(row) * view.columns;
        for (int left = part.left; left < part.left + part.columns; left += kPlacesAtOnce) {
            const int count = std::min(kPlacesAtOnce, part.left + part.columns - left);
            toTile.find(left, row, count, places);
            chips.values.insert(chips.values.end(), values + left, values + left + count);
            for (int i = 0; i < count; ++i) {
                const auto place = static_cast<std::size_t>(places.place[static_cast<std::size_t>(i)]);
                chips.lines.push_back(m_rows[place / kRowOfPlaces] + m_columns[place % kRowOfPlaces]);
            }
        }
    }
    ShiftRows sums{};
    addUp(chips, m_backwards.data(), m_stride, sums);
    for (auto row = sums.begin(); row != sums.end(); row += kLanes)
        fits.insert(fits.end(), row, row + kWindow);
}

SyncRefinement::SyncRefinement(const FoldedEstimate& folded, BandSpectrum sync)
    : m_folded(folded), m_sync(std::move(sync)), m_pattern(folded.band(), m_sync) {}

SyncHit SyncRefinement::refined(const SyncHit& hit, bool withPerspective) const {
    const FrameMap& from = hit.map;
    const PartFits fits(m_folded.estimate(), m_pattern, from);
    const double halfWidth = m_folded.estimate().columns / 2.0, halfHeight = m_folded.estimate().rows / 2.0;
    // Chips of the frame in half a view, by which steps at the view's border are measured.
    const ChipPoint left = from.at(0, halfHeight), right = from.at(2 * halfWidth, halfHeight);
    const ChipPoint top = from.at(halfWidth, 0), bottom = from.at(halfWidth, 2 * halfHeight);
    const double reach = std::max(std::hypot(right.x - left.x, right.y - left.y),
                                  std::hypot(bottom.x - top.x, bottom.y - top.y)) /
                         2;
    // Log-likelihood of a warp but for a constant, the pattern as strong as it was found, with a normal
    // prior.
    const double evidence = static_cast<double>(m_folded.band().dimensions()) * hit.correlation *
                            hit.correlation / std::max(fits.fit(from), 1e-20);
    const auto likelihood = [&](const Warp& warp, const FrameMap& map) {
        double penalty = 0;
        for (std::size_t i = 0; i < warp.size(); ++i) {
            const double deviations = warp[i] * reach / kWarpChips[i];
            penalty += deviations * deviations / 2;
        }
        return evidence * fits.fit(map) - penalty;
    };
    Warp warp{};
    FrameMap map = from;
    double best = likelihood(warp, from);
    for (double step = 0.8 / reach; step > 0.08 / reach; step /= 2) {
        bool isBetter = true;
        for (int round = 0; round < 6 && isBetter; ++round) {
            isBetter = false;
            for (std::size_t i = 0; i < (withPerspective ? warp.size() : kAffine); ++i) {
                for (const double sign : {-1, 1}) {
                    Warp other = warp;
                    other[i] += sign * step;
                    const FrameMap near = moved(from, other, halfWidth, halfHeight);
                    const double likely = likelihood(other, near);
                    if (likely <= best) continue;
                    best = likely;
                    warp = other;
                    map = near;
                    isBetter = true;
                }
            }
        }
    }
    return {map, correlationOf(m_folded.spectrumUnder(map), m_sync)};
}

}  // namespace signet::signature
