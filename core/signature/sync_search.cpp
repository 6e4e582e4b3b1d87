#include "core/signature/sync_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <utility>

namespace signet::signature {
namespace {

constexpr int kPerChip = 2;  ///< places of a folded tile: bilinear sharing blurs half as much as at 1
constexpr int kPositions = 8;
// The sweep over all turns: what it compares first, and how densely.
constexpr int kCoarse = 16;  ///< places of a tile, each way
constexpr double kCoarseLowest = 2, kCoarseHighest = 7;
constexpr double kPitchStep = 0.035, kDegreeStep = 2.5;
constexpr std::size_t kClimbed = 96;  ///< hits whose geometry is made better with all frequencies

using Complex = std::complex<float>;

/// A position of the tile: place p lies at Q p.
struct Position {
    int xx, xy, yx, yy;
};

Position position(int number) {
    Position q{number < 4 ? 1 : -1, 0, 0, 1};
    for (int turn = 0; turn < number % 4; ++turn) q = {-q.yx, -q.yy, q.xx, q.xy};
    return q;
}

int wrapped(int frequency, int size) {
    return frequency < 0 ? frequency + size : frequency;
}

/// Coefficients of the band from a tile [side, side] of any number of places a chip.
BandSpectrum bandOf(const std::vector<float>& tile, int side, const PatternBand& band) {
    const cv::Mat places(side, side, CV_32F, const_cast<float*>(tile.data()));
    cv::Mat all;
    cv::dft(places, all, cv::DFT_COMPLEX_OUTPUT);
    BandSpectrum spectrum;
    spectrum.reserve(band.modes().size());
    for (const auto& mode : band.modes()) {
        const auto value = all.at<cv::Vec2f>(mode.fy, wrapped(mode.fx, side));
        spectrum.emplace_back(value[0], value[1]);
    }
    return spectrum;
}

/// Which mode of a tile, and whether its conjugate, each mode of the tile in another position is.
struct Turned {
    std::array<std::vector<std::pair<std::size_t, bool>>, kPositions> of;

    explicit Turned(const PatternBand& band) {
        const auto& modes = band.modes();
        const int reach = band.size() / 2;
        const std::size_t side = std::size_t{2} * static_cast<std::size_t>(reach);
        std::vector<std::size_t> numbers(side * side);
        const auto place = [&](int fx, int fy) {
            const int row = fy + reach, column = fx + reach;
            return static_cast<std::size_t>(row) * side + static_cast<std::size_t>(column);
        };
        for (std::size_t m = 0; m < modes.size(); ++m) numbers[place(modes[m].fx, modes[m].fy)] = m;
        for (int number = 0; number < kPositions; ++number) {
            const Position q = position(number);
            for (const auto& mode : modes) {
                const int fx = q.xx * mode.fx + q.yx * mode.fy, fy = q.xy * mode.fx + q.yy * mode.fy;
                const bool isOther = fy < 0 || (fy == 0 && fx < 0);
                of[static_cast<std::size_t>(number)].emplace_back(
                    isOther ? numbers[place(-fx, -fy)] : numbers[place(fx, fy)], isOther);
            }
        }
    }

    /// The tile in a position times the pattern's conjugate, mode by mode.
    void product(const BandSpectrum& tile, const BandSpectrum& pattern, std::size_t position,
                 BandSpectrum& to) const {
        for (std::size_t m = 0; m < to.size(); ++m) {
            const auto [from, isOther] = of[position][m];
            const Complex t = tile[from], s = pattern[m];
            const float imaginary = isOther ? -t.imag() : t.imag();
            to[m] = {t.real() * s.real() + imaginary * s.imag(),
                     imaginary * s.real() - t.real() * s.imag()};
        }
    }
};

/// The map of a lattice's tile in a position and moved by a shift in chips.
FrameMap placed(const FrameMap& map, const Position& q, double shiftX, double shiftY) {
    // Q turns the first chip's centre (0.5, 0.5) about itself.
    const FrameMap turn{{static_cast<double>(q.xx), static_cast<double>(q.xy),
                         0.5 - 0.5 * (q.xx + q.xy) - shiftX, static_cast<double>(q.yx),
                         static_cast<double>(q.yy), 0.5 - 0.5 * (q.yx + q.yy) - shiftY, 0, 0, 1}};
    return turn.after(map);
}

void keepBest(std::vector<SyncHit>& hits, std::size_t most) {
    std::stable_sort(hits.begin(), hits.end(),
                     [](const SyncHit& a, const SyncHit& b) { return a.correlation > b.correlation; });
    hits.resize(std::min(hits.size(), most));
}

/// A map moved in the frame by chips, the view turned and made larger about its middle.
FrameMap nudged(const FrameMap& map, const std::array<double, 4>& by, const CarrierEstimate& view) {
    const double x = view.columns / 2.0, y = view.rows / 2.0;
    const double cosine = (1 + by[2]) * std::cos(by[3]), sine = (1 + by[2]) * std::sin(by[3]);
    FrameMap near = map.after({{cosine, -sine, x - cosine * x + sine * y, sine, cosine,
                                y - sine * x - cosine * y, 0, 0, 1}});
    near.h[2] += by[0];
    near.h[5] += by[1];
    return near;
}

/// By ever smaller steps of shift, pitch and angle, as long as the pattern fits better.
void climb(const FoldedEstimate& folded, const BandSpectrum& sync, SyncHit& hit) {
    constexpr std::array<double, 4> kSteps{0.8, 0.8, 0.4 * kPitchStep, 0.4 * kDegreeStep * 0.0175};
    hit.correlation = correlationOf(folded.spectrumNear(hit.map), sync);
    for (double size = 1; size > 0.3; size /= 2) {
        bool isBetter = true;
        for (int round = 0; round < 3 && isBetter; ++round) {
            isBetter = false;
            for (std::size_t i = 0; i < kSteps.size(); ++i) {
                for (const double sign : {-1, 1}) {
                    std::array<double, 4> by{};
                    by[i] = sign * size * kSteps[i];
                    const FrameMap near = nudged(hit.map, by, folded.estimate());
                    const double correlation = correlationOf(folded.spectrumNear(near), sync);
                    if (correlation <= hit.correlation) continue;
                    hit = {near, correlation};
                    isBetter = true;
                }
            }
        }
    }
}

CarrierEstimate limitedView(CarrierEstimate estimate) {
    estimate.validate();
    return limited(std::move(estimate));
}

/// The pattern's products with a tile, as planes of correlations by shifts of whole chips.
class ShiftSearch {
public:
    struct Best {
        float correlation = -2;
        double x = 0, y = 0;
    };

    explicit ShiftSearch(const PatternBand& band)
        : m_band(band), m_products(cv::Mat::zeros(band.size(), band.size(), CV_32FC2)) {
        const int side = band.size();
        for (const auto& mode : band.modes()) {
            m_at.push_back(mode.fy * side + wrapped(mode.fx, side));
            m_conjugateAt.push_back(wrapped(-mode.fy, side) * side + wrapped(-mode.fx, side));
        }
        for (int i = 0; i < 2 * side; ++i)
            m_turns.push_back(std::polar(1.0f, static_cast<float>(std::numbers::pi * i / side)));
    }

    /// Of two tiles at once.
    std::array<Best, 2> best(const std::array<BandSpectrum, 2>& products) {
        auto* plane = reinterpret_cast<Complex*>(m_products.data);
        for (std::size_t m = 0; m < m_at.size(); ++m) {
            const Complex a = 0.5f * products[0][m], b = 0.5f * products[1][m];
            // The transform of a real plane, and i times that of another.
            plane[m_at[m]] = {a.real() - b.imag(), a.imag() + b.real()};
            plane[m_conjugateAt[m]] = {a.real() + b.imag(), b.real() - a.imag()};
        }
        cv::dft(m_products, m_correlations, cv::DFT_INVERSE);
        const auto* values = reinterpret_cast<const float*>(m_correlations.data);
        const int side = m_band.size(), count = side * side;
        std::array<Best, 2> found;
        for (int i = 0; i < count; ++i) {
            for (const std::size_t part : {0, 1}) {
                Best& best = found[part];
                const float value = values[2 * i + static_cast<int>(part)];
                if (value > best.correlation) best = {value, i % side * 1.0, i / side * 1.0};
            }
        }
        return found;
    }

    /// Half a chip about a whole one.
    Best betweenChips(const BandSpectrum& product, const Best& whole) const {
        Best best = whole;
        for (const double y : {-0.5, 0.0, 0.5}) {
            for (const double x : {-0.5, 0.0, 0.5}) {
                if (x == 0 && y == 0) continue;
                const double at = correlationAt(product, whole.x + x, whole.y + y);
                if (at > best.correlation) best = {static_cast<float>(at), whole.x + x, whole.y + y};
            }
        }
        return best;
    }

private:
    double correlationAt(const BandSpectrum& product, double x, double y) const {
        const int halves = 2 * m_band.size();  // of a chip
        const int halvesX = static_cast<int>(std::lround(2 * x)), halvesY = static_cast<int>(std::lround(2 * y));
        double sum = 0;
        for (std::size_t m = 0; m < product.size(); ++m) {
            const auto [fx, fy] = m_band.modes()[m];
            const int turn = (fx * halvesX + fy * halvesY) % halves;
            const Complex by = m_turns[static_cast<std::size_t>(turn < 0 ? turn + halves : turn)];
            sum += product[m].real() * by.real() - product[m].imag() * by.imag();
        }
        return sum;
    }

    const PatternBand& m_band;
    std::vector<int> m_at, m_conjugateAt;  ///< of each mode in a plane
    BandSpectrum m_turns;                  ///< by so many halves of a chip, at one cycle a tile
    cv::Mat m_products, m_correlations;
};

}  // namespace

double correlationOf(const BandSpectrum& a, const BandSpectrum& b) {
    double sum = 0;
    for (std::size_t m = 0; m < a.size(); ++m)
        sum += a[m].real() * b[m].real() + a[m].imag() * b[m].imag();
    return sum;
}

FoldedEstimate::FoldedEstimate(CarrierEstimate estimate, const PatternBand& band, const LatticeRange& range)
    : m_estimate(limitedView(std::move(estimate))),
      m_band(band),
      m_transform(m_estimate),
      m_lattices(findLattices(m_estimate, band, range)) {
    for (const CarrierLattice& lattice : m_lattices)
        m_spectra.push_back(spectrumNear(lattice.map(band.size())));
}

BandSpectrum FoldedEstimate::spectrumUnder(const FrameMap& map, const ChipWindow& window) const {
    const int side = m_band.size() * kPerChip;
    std::vector<float> tile(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
    foldTile(m_estimate, window, map, m_band.size(), kPerChip, tile);
    BandSpectrum spectrum = bandOf(tile, side, m_band);
    normalise(spectrum);
    return spectrum;
}

std::int64_t FoldedEstimate::trials() const {
    const auto side = static_cast<std::int64_t>(m_band.size()) * kPerChip;
    return static_cast<std::int64_t>(m_lattices.size()) * kPositions * side * side;
}

std::vector<SyncHit> searchSync(const FoldedEstimate& folded, const BandSpectrum& sync, std::size_t most) {
    const PatternBand& band = folded.band();
    const Turned turned(band);
    ShiftSearch shifts(band);
    struct Found {
        std::size_t lattice, position;
        ShiftSearch::Best best;
    };
    std::vector<Found> found;
    std::array<BandSpectrum, 2> products{BandSpectrum(sync.size()), BandSpectrum(sync.size())};
    for (std::size_t i = 0; i < folded.lattices().size(); ++i) {
        for (std::size_t position = 0; position < kPositions; position += 2) {
            for (const std::size_t part : {0, 1})
                turned.product(folded.spectrum(i), sync, position + part, products[part]);
            const auto best = shifts.best(products);
            for (const std::size_t part : {0, 1}) found.push_back({i, position + part, best[part]});
        }
    }
    const auto isBetter = [](const auto& a, const auto& b) { return a.best.correlation > b.best.correlation; };
    std::stable_sort(found.begin(), found.end(), isBetter);
    found.resize(std::min(found.size(), most));
    std::vector<SyncHit> hits;
    for (const Found& whole : found) {
        turned.product(folded.spectrum(whole.lattice), sync, whole.position, products[0]);
        const auto best = shifts.betweenChips(products[0], whole.best);
        hits.push_back({placed(folded.lattices()[whole.lattice].map(band.size()),
                               position(static_cast<int>(whole.position)), best.x, best.y),
                        best.correlation});
    }
    keepBest(hits, most);
    return hits;
}

std::vector<SyncHit> sweepSync(const FoldedEstimate& folded, const BandSpectrum& sync, std::size_t most,
                               const LatticeRange& range) {
    const PatternBand& band = folded.band();
    const PatternBand coarse(kCoarse, kCoarseLowest, kCoarseHighest);
    BandSpectrum low;  // the pattern's part in it
    for (const auto& mode : coarse.modes()) {
        const auto& all = band.modes();
        low.push_back(sync[static_cast<std::size_t>(std::find(all.begin(), all.end(), mode) - all.begin())]);
    }
    normalise(low);
    const Turned turned(coarse);
    ShiftSearch shifts(coarse);
    std::array<BandSpectrum, 2> products{BandSpectrum(low.size()), BandSpectrum(low.size())};
    // Coarse chips measure two of the tile's; the first one's centre is that of the first chip.
    const double scale = static_cast<double>(band.size()) / kCoarse;
    const FrameMap toChips{{scale, 0, 0.5 - 0.5 * scale, 0, scale, 0.5 - 0.5 * scale, 0, 0, 1}};
    std::vector<SyncHit> hits;
    for (double pitch = range.smallest; pitch < range.largest; pitch *= 1 + kPitchStep) {
        for (double degrees = 0; degrees < 90; degrees += kDegreeStep) {
            const double angle = degrees * std::numbers::pi / 180, length = band.size() * pitch;
            const double cosine = length * std::cos(angle), sine = length * std::sin(angle);
            const FrameMap map = CarrierLattice{cosine, sine, -sine, cosine}.map(kCoarse);
            const BandSpectrum tile = folded.spectrumNear(map, coarse);
            for (std::size_t number = 0; number < kPositions; number += 2) {
                for (const std::size_t part : {0, 1})
                    turned.product(tile, low, number + part, products[part]);
                const auto best = shifts.best(products);
                for (const std::size_t part : {0, 1})
                    hits.push_back(
                        {toChips.after(placed(map, position(static_cast<int>(number + part)), best[part].x,
                                              best[part].y)),
                         best[part].correlation});
            }
        }
    }
    keepBest(hits, kClimbed);
    for (SyncHit& hit : hits) climb(folded, sync, hit);
    keepBest(hits, most);
    return hits;
}

}  // namespace signet::signature
