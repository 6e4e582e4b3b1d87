#include "core/signature/likeness.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

namespace signet::signature {
namespace {

/// A view's place is known but for shifts by so many chips: a tile of CarrierShape.
constexpr int kTile = 32;

/// A correlation of at least this is asked for. Of 1,143 views of signed photographs, framed by what was read
/// of them, none had less than 0.65; of 143,000 pairs of another's view and a photograph with the same code
/// one in 10,000 had more than 0.44 where 200 signs and more were compared.
constexpr double kLeastCorrelation = 0.6;
/// What else is asked for, by the size of the cells.
struct Limits {
    /// Of the standard deviation of coins. Signs are no coins: one pair in 10,000 of those was at 8.3 and
    /// more with 200 to 800 signs.
    double deviations;
    double spread;       ///< the standard deviation of a normal distribution whose tail falls like that
    double leastWeight;  ///< of the signs without which a picture or a view counts as flat
};
constexpr Limits kFineLimits{12, 2, 170}, kCoarseLimits{9, 1.8, 150};

/// Signs of one direction that two have at the same cells.
struct SharedSigns {
    int signs = 0;
    int product = 0;            ///< agreeing less disagreeing ones
    int picture = 0, view = 0;  ///< brighter less darker ones

    void add(std::span<const std::int8_t> ofPicture, std::span<const std::int8_t> ofView) {
        for (std::size_t i = 0; i < ofPicture.size(); ++i) {
            const int a = ofPicture[i], b = ofView[i], both = a * b;  // 0 where one has none
            signs += both * both;
            product += both;
            picture += both * b;  // a where b is a sign
            view += both * a;
        }
    }
    /// The product beyond what two with so many brighter and darker ones have by chance: in half of all
    /// photographs a sky is above the ground.
    double excess() const { return signs > 0 ? product - static_cast<double>(picture) * view / signs : 0; }
    /// Signs as far as they can tell two pictures apart, the greatest excess: none that are all alike.
    double weight() const {
        if (signs == 0) return 0;
        const auto rest = [this](double sum) { return signs - sum * sum / signs; };
        return std::sqrt(rest(picture) * rest(view));
    }
};

/// What the signs of two pictures have in common, the view's first cell being (left, top) of the picture.
struct Overlap {
    SharedSigns right, down;

    Overlap(const CellSigns& picture, const CellSigns& view, int left, int top) {
        const int from = std::max(0, left), end = std::min(picture.columns, left + view.columns);
        if (from >= end) return;
        const auto count = static_cast<std::size_t>(end - from);
        for (int row = std::max(0, top); row < std::min(picture.rows, top + view.rows); ++row) {
            const auto a = static_cast<std::size_t>(row * picture.columns + from);
            const auto b = static_cast<std::size_t>((row - top) * view.columns + from - left);
            right.add(std::span(picture.right).subspan(a, count), std::span(view.right).subspan(b, count));
            down.add(std::span(picture.down).subspan(a, count), std::span(view.down).subspan(b, count));
        }
    }
    double weight() const { return right.weight() + down.weight(); }
    double correlation() const { return (right.excess() + down.excess()) / weight(); }
};

double weightOf(const CellSigns& cells) {
    return Overlap(cells, cells, 0, 0).weight();
}

/// The first and last whole number of tiles by which a span [from, from + length) of a view can be moved so
/// that it meets [0, side); all in cells.
struct Shifts {
    int first = 0, last = -1;
};

Shifts shiftsOf(int from, int length, int side, int tile) {
    if (length < 1 || side < 1) return {};
    const auto tiles = [tile](int cells) { return static_cast<double>(cells) / tile; };
    return {static_cast<int>(std::ceil(tiles(1 - from - length))),
            static_cast<int>(std::floor(tiles(side - 1 - from)))};
}

/// The correlation that is asked for where signs of this weight are compared.
double askedFor(double deviations, double weight) {
    return std::max(kLeastCorrelation, deviations / std::sqrt(weight));
}

}  // namespace

Likeness likenessTo(const PictureHash& hash, const SeenSigns& seen, std::size_t comparisons) {
    const CellSigns& picture = hash.signs();
    const bool isFine = picture.cell == CellSigns::kFine;
    const CellSigns& view = isFine ? seen.fine : seen.coarse;
    const Limits& limits = isFine ? kFineLimits : kCoarseLimits;
    const int tile = kTile / picture.cell;
    const Shifts across = shiftsOf(view.left, view.columns, picture.columns, tile);
    const Shifts along = shiftsOf(view.top, view.rows, picture.rows, tile);
    Likeness best;
    double correlation = 0, weight = 1;  // of the best
    for (int y = along.first; y <= along.last; ++y)
        for (int x = across.first; x <= across.last; ++x) {
            const Overlap at(picture, view, view.left + x * tile, view.top + y * tile);
            if (at.weight() < 1) continue;
            const double score = at.correlation() / askedFor(limits.deviations, at.weight());
            if (best.signs > 0 && score <= best.score) continue;
            correlation = at.correlation();
            weight = at.weight();
            best.score = score;
            best.signs = at.right.signs + at.down.signs;
            best.agreeing = (best.signs + at.right.product + at.down.product) / 2;
        }
    // The best of so many comparisons goes this far beyond that of one. With more pictures it is more likely
    // that another is taken for this one, not that this one is taken for another: the limit of unlike stays.
    const double many = 2 * std::log(static_cast<double>(std::max<std::size_t>(comparisons, 1)));
    const double deviations =
        std::sqrt(limits.deviations * limits.deviations + limits.spread * limits.spread * many);
    if (correlation >= askedFor(deviations, weight))
        best.answer = LikenessAnswer::Alike;
    else if (best.score < kUnlikeScore && std::min(weightOf(picture), weightOf(view)) >= limits.leastWeight)
        best.answer = LikenessAnswer::Unlike;
    return best;
}

}  // namespace signet::signature
