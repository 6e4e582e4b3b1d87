#include "core/signature/likeness.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace signet::signature {
namespace {

/// A view's place is known but for shifts by so many cells: a tile of CarrierShape.
constexpr int kTileCells = 32 / CellSigns::kCell;

/// Agreement over one half that is asked for: at least this ...
constexpr double kLeastExcess = 0.25;
/// ... and so many standard deviations of fair coins. Signs of one picture are no coins: those of two
/// photographs, at one place, spread by kSpread standard deviations, those of two smooth pictures by more.
/// The best place of 3,318 pairs of photographs was at 2.9 in the middle, at 9.4 in one of 1,000, at 10.7 at
/// most (two soft gradients); of a third of a picture's area, compressed, at 12 and more in most.
constexpr double kDeviations = 11;
constexpr double kSpread = 1.4;
/// Signs without which a picture or a view counts as flat.
constexpr std::int64_t kLeastSigns = 150;

std::int64_t countOf(const CellSigns& cells) {
    const auto count = [](const std::vector<std::int8_t>& signs) {
        return static_cast<std::int64_t>(signs.size()) - std::count(signs.begin(), signs.end(), 0);
    };
    return count(cells.right) + count(cells.down);
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
        kDeviations * kDeviations +
        2 * kSpread * kSpread * std::log(static_cast<double>(std::max<std::size_t>(comparisons, 1))));
    const Shifts across = shiftsOf(view.left, view.columns, picture.columns);
    const Shifts along = shiftsOf(view.top, view.rows, picture.rows);
    Likeness best;
    for (int y = along.first; y <= along.last; ++y)
        for (int x = across.first; x <= across.last; ++x) {
            Likeness at = comparedAt(picture, view, view.left + x * kTileCells, view.top + y * kTileCells);
            if (at.signs == 0) continue;
            at.score = (at.share() - 0.5) /
                       std::max(kLeastExcess, deviations / (2 * std::sqrt(static_cast<double>(at.signs))));
            if (best.signs == 0 || at.score > best.score) best = at;
        }
    if (best.signs > 0 && best.score >= 1)
        best.answer = LikenessAnswer::Alike;
    else if (best.score < kUnlikeScore && std::min(countOf(picture), countOf(view)) >= kLeastSigns)
        best.answer = LikenessAnswer::Unlike;
    return best;
}

}  // namespace signet::signature
