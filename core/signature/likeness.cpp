#include "core/signature/likeness.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

namespace signet::signature {
namespace {

/// A view's place is known but for shifts by so many cells: a tile of CarrierShape.
constexpr int kTileCells = 32 / CellSigns::kCell;

/// Agreement over one half that is asked for: at least this ...
constexpr double kLeastExcess = 0.25;
/// ... and so many standard deviations of what chance does, see spreadOf().
constexpr double kDeviations = 6;
/// Signs without which a picture or a view counts as flat: with 150 of the view's own, what is left of the
/// picture is still told from others (0.85 of 100 signs).
constexpr std::int64_t kLeastSigns = 150;

std::int64_t countOf(const CellSigns& cells) {
    const auto count = [](const std::vector<std::int8_t>& signs) {
        return static_cast<std::int64_t>(signs.size()) - std::count(signs.begin(), signs.end(), 0);
    };
    return count(cells.right) + count(cells.down);
}

/// How a picture's signs go together with each other over up to kFarthest cells each way: products of the
/// signs to the right, of those below, and of the ones with the others, the mean of each lag. Those of two
/// pictures multiplied and added up are, halved, the spread of their agreement.
constexpr int kFarthest = 6;

std::vector<float> correlationsOf(const CellSigns& cells) {
    const float mixed = std::sqrt(2.0f);  // right with below, and below with right
    std::vector<float> correlations;
    for (int y = -kFarthest; y <= kFarthest; ++y)
        for (int x = -kFarthest; x <= kFarthest; ++x) {
            int right = 0, down = 0, both = 0, rights = 0, downs = 0, boths = 0;
            for (int row = std::max(0, -y); row < std::min(cells.rows, cells.rows - y); ++row)
                for (int column = std::max(0, -x); column < std::min(cells.columns, cells.columns - x);
                     ++column) {
                    const auto a = static_cast<std::size_t>(row * cells.columns + column);
                    const auto b = static_cast<std::size_t>((row + y) * cells.columns + column + x);
                    const int rr = cells.right[a] * cells.right[b], dd = cells.down[a] * cells.down[b];
                    const int rd = cells.right[a] * cells.down[b];
                    right += rr, rights += rr * rr;
                    down += dd, downs += dd * dd;
                    both += rd, boths += rd * rd;
                }
            const auto mean = [](int sum, int count) {
                return count > 0 ? static_cast<float>(sum) / static_cast<float>(count) : 0.0f;
            };
            correlations.insert(correlations.end(),
                                {mean(right, rights), mean(down, downs), mixed * mean(both, boths)});
        }
    return correlations;
}

/// Variance of the agreement of two pictures that have nothing to do with each other, in those of as many
/// fair coins (Bartlett's formula for the correlation of two independent series, J. R. Stat. Soc. 98, 1935):
/// about 2 for photographs, much more for smooth pictures.
double spreadOf(const CellSigns& picture, const CellSigns& view) {
    const std::vector<float> a = correlationsOf(picture), b = correlationsOf(view);
    return std::max(1.0, std::inner_product(a.begin(), a.end(), b.begin(), 0.0) / 2);
}

/// The first and last whole number of tiles by which a span [from, from + length) of a view can be moved so
/// that it meets [0, side).
struct Shifts {
    int first = 0, last = -1;
};

Shifts shiftsOf(int from, int length, int side) {
    if (length < 1 || side < 1) return {};
    const auto tiles = [](int cells) { return static_cast<double>(cells) / kTileCells; };
    return {static_cast<int>(std::ceil(tiles(1 - from - length))),
            static_cast<int>(std::floor(tiles(side - 1 - from)))};
}

/// Compares where both have a sign, the view's first cell being (left, top) of the frame.
Likeness comparedAt(const CellSigns& picture, const CellSigns& view, int left, int top) {
    Likeness found;
    for (int row = std::max(0, top); row < std::min(picture.rows, top + view.rows); ++row) {
        const auto pictureRow = static_cast<std::ptrdiff_t>(row) * picture.columns;
        const auto viewRow = static_cast<std::ptrdiff_t>(row - top) * view.columns - left;
        for (int column = std::max(0, left); column < std::min(picture.columns, left + view.columns);
             ++column) {
            const auto a = static_cast<std::size_t>(pictureRow + column);
            const auto b = static_cast<std::size_t>(viewRow + column);
            // 1 where they agree, -1 where not, 0 where one has none.
            const int right = picture.right[a] * view.right[b], down = picture.down[a] * view.down[b];
            found.signs += right * right + down * down;
            found.agreeing += (right > 0) + (down > 0);
        }
    }
    return found;
}

}  // namespace

Likeness likenessTo(const PictureHash& hash, const CellSigns& view, std::size_t comparisons) {
    const CellSigns& picture = hash.signs();
    // The best of so many comparisons goes this far beyond that of one, as the tail of a normal distribution.
    const double deviations = std::sqrt(
        kDeviations * kDeviations + 2 * std::log(static_cast<double>(std::max<std::size_t>(comparisons, 1))));
    const double chance = deviations * std::sqrt(spreadOf(picture, view)) / 2;
    const Shifts across = shiftsOf(view.left, view.columns, picture.columns);
    const Shifts along = shiftsOf(view.top, view.rows, picture.rows);
    Likeness best;
    for (int y = along.first; y <= along.last; ++y)
        for (int x = across.first; x <= across.last; ++x) {
            Likeness at = comparedAt(picture, view, view.left + x * kTileCells, view.top + y * kTileCells);
            if (at.signs == 0) continue;
            at.score = (at.share() - 0.5) /
                       std::max(kLeastExcess, chance / std::sqrt(static_cast<double>(at.signs)));
            if (best.signs == 0 || at.score > best.score) best = at;
        }
    if (best.signs > 0 && best.score >= 1)
        best.answer = LikenessAnswer::Alike;
    else if (best.score < kUnlikeScore && std::min(countOf(picture), countOf(view)) >= kLeastSigns)
        best.answer = LikenessAnswer::Unlike;
    return best;
}

}  // namespace signet::signature
