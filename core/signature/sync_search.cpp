#include "core/signature/sync_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <utility>

#include "core/signature/evened_estimate.h"

namespace signet::signature {
namespace {

constexpr int kPerChip = 2;  ///< places of a folded tile: bilinear sharing blurs half as much as at 1
constexpr int kPositions = 8;
constexpr std::size_t kFineHits = 32;  ///< of the search at whole chips that are searched at kPerChip

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

Complex* places(cv::Mat& plane, int row) {
    return reinterpret_cast<Complex*>(plane.ptr<cv::Vec2f>(row));
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

double length(const BandSpectrum& spectrum) {
    double squares = 0;
    for (const Complex& value : spectrum) squares += std::norm(value);
    return std::sqrt(squares);
}

/// Adds factor times the real plane of coefficients of these products to a plane of frequencies.
void addReal(cv::Mat& plane, const PatternBand& band, const BandSpectrum& products, Complex factor) {
    const int side = plane.rows;
    for (std::size_t m = 0; m < products.size(); ++m) {
        const auto [fx, fy] = band.modes()[m];
        places(plane, fy)[wrapped(fx, side)] += factor * products[m];
        places(plane, wrapped(-fy, side))[wrapped(-fx, side)] += factor * std::conj(products[m]);
    }
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

    /// Of a tile in a position with the conjugate of a pattern, mode by mode.
    BandSpectrum product(std::size_t number, const BandSpectrum& tile, const BandSpectrum& sync) const {
        BandSpectrum product(sync.size());
        for (std::size_t m = 0; m < product.size(); ++m) {
            const auto [from, isOther] = of[number][m];
            product[m] = (isOther ? std::conj(tile[from]) : tile[from]) * std::conj(sync[m]);
        }
        return product;
    }
};

/// The shift of a tile, in places, at which a pattern fits best.
struct BestShift {
    int row = 0, column = 0;
    float fit = -2;
};

/// Of two tiles at once, the real and the imaginary part of one transform, by their products with the
/// pattern.
std::array<BestShift, 2> bestShifts(const PatternBand& band, const BandSpectrum& one,
                                    const BandSpectrum& other, int perChip) {
    const int side = band.size() * perChip;
    cv::Mat products = cv::Mat::zeros(side, side, CV_32FC2), correlations;
    addReal(products, band, one, Complex(0.5f, 0));
    addReal(products, band, other, Complex(0, 0.5f));
    cv::dft(products, correlations, cv::DFT_INVERSE);
    std::array<BestShift, 2> best;
    for (int row = 0; row < side; ++row) {
        const auto* line = correlations.ptr<cv::Vec2f>(row);
        for (int column = 0; column < side; ++column)
            for (int part = 0; part < 2; ++part)
                if (line[column][part] > best[static_cast<std::size_t>(part)].fit)
                    best[static_cast<std::size_t>(part)] = {row, column, line[column][part]};
    }
    return best;
}

constexpr int kPart = 16;  ///< chips of the view that are moved as one
constexpr int kReach = 7;  ///< chips of the frame by which they are moved at most, and one more
constexpr int kWindow = 2 * kReach + 1;

/// How well the pattern fits each part of a view, by how far the part's places are moved in the frame.
class PartFits {
public:
    PartFits(const FoldedEstimate& folded, const BandSpectrum& sync, const FrameMap& map) {
        const PatternBand& band = folded.band();
        const CarrierEstimate& view = folded.estimate();
        const int side = band.size();
        const int down = std::max(1, (view.rows + kPart / 2) / kPart);
        const int across = std::max(1, (view.columns + kPart / 2) / kPart);
        for (int i = 0; i < down; ++i) {
            for (int j = 0; j < across; ++j) {
                const int top = view.rows * i / down, left = view.columns * j / across;
                m_parts.push_back(
                    {top, left, view.rows * (i + 1) / down - top, view.columns * (j + 1) / across - left});
            }
        }
        cv::Mat pattern = cv::Mat::zeros(side, side, CV_32FC2);
        addReal(pattern, band, sync, 1);
        m_fits.resize(m_parts.size() * kWindow * kWindow);
        std::vector<float> tile(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
        cv::Mat two(side, side, CV_32FC2), all, fits;
        for (std::size_t i = 0; i < m_parts.size(); i += 2) {  // two at once: real and imaginary
            two.setTo(0);
            for (std::size_t part = 0; part < 2 && i + part < m_parts.size(); ++part) {
                foldTile(view, m_parts[i + part], map, side, 1, tile);
                for (std::size_t p = 0; p < tile.size(); ++p)
                    reinterpret_cast<float*>(two.data)[2 * p + part] = tile[p];
            }
            cv::dft(two, all);
            cv::mulSpectrums(all, pattern, all, 0, true);
            cv::dft(all, fits, cv::DFT_INVERSE);
            for (std::size_t part = 0; part < 2 && i + part < m_parts.size(); ++part) {
                float* to = m_fits.data() + (i + part) * kWindow * kWindow;
                for (int y = -kReach; y <= kReach; ++y)
                    for (int x = -kReach; x <= kReach; ++x)
                        *to++ =
                            fits.at<cv::Vec2f>(wrapped(y, side), wrapped(x, side))[static_cast<int>(part)];
            }
        }
    }

    /// Summed over the parts: moved from where they lie under one map to where they lie under the other.
    double fit(const FrameMap& from, const FrameMap& to) const {
        double sum = 0;
        for (std::size_t i = 0; i < m_parts.size(); ++i) {
            const ChipWindow& part = m_parts[i];
            const double x = part.left + part.columns / 2.0, y = part.top + part.rows / 2.0;
            const ChipPoint before = from.at(x, y), after = to.at(x, y);
            sum += at(i, before.x - after.x, before.y - after.y);
        }
        return sum;
    }

private:
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

    std::vector<ChipWindow> m_parts;
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

/// The map of a lattice's tile in a position and moved by a shift in chips.
FrameMap placed(const FrameMap& map, const Position& q, double shiftX, double shiftY) {
    // Q turns the first chip's centre (0.5, 0.5) about itself.
    const FrameMap turn{{static_cast<double>(q.xx), static_cast<double>(q.xy),
                         0.5 - 0.5 * (q.xx + q.xy) - shiftX, static_cast<double>(q.yx),
                         static_cast<double>(q.yy), 0.5 - 0.5 * (q.yx + q.yy) - shiftY, 0, 0, 1}};
    return turn.after(map);
}

}  // namespace

BandSpectrum spectrumOf(std::span<const float> coefficients) {
    BandSpectrum spectrum;
    for (std::size_t i = 0; i + 1 < coefficients.size(); i += 2)
        spectrum.emplace_back(coefficients[i], -coefficients[i + 1]);
    return spectrum;
}

FoldedEstimate::FoldedEstimate(const CarrierEstimate& estimate, const PatternBand& band,
                               const LatticeRange& range)
    : m_band(band), m_range(range) {
    estimate.validate();
    m_estimate = evened(estimate);
}

const ViewMaps& FoldedEstimate::found() const {
    if (m_found.maps.empty()) {
        m_found = findMaps(m_estimate, m_band, m_range);
        for (const FrameMap& map : m_found.maps) m_spectra.push_back(spectrumUnder(map));
    }
    return m_found;
}

BandSpectrum FoldedEstimate::spectrumUnder(const FrameMap& map, const ChipWindow& window) const {
    const int side = m_band.size() * kPerChip;
    std::vector<float> tile(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
    foldTile(m_estimate, window, map, m_band.size(), kPerChip, tile);
    BandSpectrum spectrum = bandOf(tile, side, m_band);
    const double all = length(spectrum);
    for (Complex& value : spectrum) value = all > 0 ? value / static_cast<float>(all) : 0;
    return spectrum;
}

std::int64_t FoldedEstimate::trials() const {
    const auto side = static_cast<std::int64_t>(m_band.size()) * kPerChip;
    return static_cast<std::int64_t>(maps().size()) * kPositions * side * side;
}

double correlationOf(const BandSpectrum& tile, const BandSpectrum& sync) {
    double correlation = 0;
    for (std::size_t m = 0; m < tile.size(); ++m) correlation += (tile[m] * std::conj(sync[m])).real();
    return correlation;
}

std::vector<SyncHit> searchSync(const FoldedEstimate& folded, const BandSpectrum& sync, std::size_t most) {
    const PatternBand& band = folded.band();
    const Turned turned(band);
    struct Place {
        std::size_t lattice, number;
        BestShift best;
    };
    std::vector<Place> found;
    const auto fit = [&](const Place& a, const Place& b, int perChip) {
        const auto product = [&](const Place& place) {
            return turned.product(place.number, folded.spectrum(place.lattice), sync);
        };
        return bestShifts(band, product(a), product(b), perChip);
    };
    for (std::size_t i = 0; i < folded.maps().size(); ++i) {
        for (std::size_t number = 0; number < kPositions; number += 2) {
            Place one{i, number, {}}, other{i, number + 1, {}};
            const auto best = fit(one, other, 1);
            one.best = best[0];
            other.best = best[1];
            found.insert(found.end(), {one, other});
        }
    }
    const auto isBetter = [](const Place& a, const Place& b) { return a.best.fit > b.best.fit; };
    std::stable_sort(found.begin(), found.end(), isBetter);
    found.resize(std::min(found.size(), std::max(most, kFineHits)));
    for (std::size_t i = 0; i < found.size(); i += 2) {
        Place& one = found[i];
        Place& other = found[std::min(i + 1, found.size() - 1)];
        const auto best = fit(one, other, kPerChip);
        one.best = best[0];
        other.best = best[1];
    }
    std::stable_sort(found.begin(), found.end(), isBetter);
    found.resize(std::min(found.size(), most));
    std::vector<SyncHit> hits;
    hits.reserve(found.size());
    for (const Place& place : found)
        hits.push_back({placed(folded.maps()[place.lattice], position(static_cast<int>(place.number)),
                               static_cast<double>(place.best.column) / kPerChip,
                               static_cast<double>(place.best.row) / kPerChip),
                        place.best.fit});
    return hits;
}

SyncHit refineSync(const FoldedEstimate& folded, const BandSpectrum& sync, const SyncHit& hit,
                   bool withPerspective) {
    const FrameMap& from = hit.map;
    const PartFits fits(folded, sync, from);
    const double halfWidth = folded.estimate().columns / 2.0, halfHeight = folded.estimate().rows / 2.0;
    // Chips of the frame in half a view, by which steps at the view's border are measured.
    const ChipPoint left = from.at(0, halfHeight), right = from.at(2 * halfWidth, halfHeight);
    const ChipPoint top = from.at(halfWidth, 0), bottom = from.at(halfWidth, 2 * halfHeight);
    const double reach = std::max(std::hypot(right.x - left.x, right.y - left.y),
                                  std::hypot(bottom.x - top.x, bottom.y - top.y)) /
                         2;
    // Log-likelihood of a warp but for a constant, the pattern as strong as it was found, with a normal
    // prior.
    const double evidence = static_cast<double>(folded.band().dimensions()) * hit.correlation *
                            hit.correlation / std::max(fits.fit(from, from), 1e-20);
    const auto likelihood = [&](const Warp& warp, const FrameMap& map) {
        double penalty = 0;
        for (std::size_t i = 0; i < warp.size(); ++i) {
            const double deviations = warp[i] * reach / kWarpChips[i];
            penalty += deviations * deviations / 2;
        }
        return evidence * fits.fit(from, map) - penalty;
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
    return {map, correlationOf(folded.spectrumUnder(map), sync)};
}

}  // namespace signet::signature
