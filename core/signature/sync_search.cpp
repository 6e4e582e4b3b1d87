#include "core/signature/sync_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <utility>

#include "core/signature/evened_estimate.h"
#include "core/signature/in_parallel.h"

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

std::vector<float> tileOf(const BandSpectrum& spectrum, const PatternBand& band, int perChip) {
    const int side = band.size() * perChip;
    cv::Mat all = cv::Mat::zeros(side, side, CV_32FC2);
    addReal(all, band, spectrum, 1);
    std::vector<float> tile(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
    cv::Mat places(side, side, CV_32F, tile.data());
    cv::dft(all, places, cv::DFT_INVERSE | cv::DFT_REAL_OUTPUT);
    return tile;
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
        m_spectra.resize(m_found.maps.size());
        inParallel(m_spectra.size(), [&](std::size_t i) { m_spectra[i] = spectrumUnder(m_found.maps[i]); });
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
    std::vector<Place> found(folded.maps().size() * kPositions);
    const auto fit = [&](const Place& a, const Place& b, int perChip) {
        const auto product = [&](const Place& place) {
            return turned.product(place.number, folded.spectrum(place.lattice), sync);
        };
        return bestShifts(band, product(a), product(b), perChip);
    };
    inParallel(found.size() / 2, [&](std::size_t i) {
        Place &one = found[2 * i], &other = found[2 * i + 1];
        one = {2 * i / kPositions, 2 * i % kPositions, {}};
        other = {one.lattice, one.number + 1, {}};
        const auto best = fit(one, other, 1);
        one.best = best[0];
        other.best = best[1];
    });
    const auto isBetter = [](const Place& a, const Place& b) { return a.best.fit > b.best.fit; };
    std::stable_sort(found.begin(), found.end(), isBetter);
    found.resize(std::min(found.size(), std::max(most, kFineHits)));
    inParallel((found.size() + 1) / 2, [&](std::size_t i) {
        Place& one = found[2 * i];
        Place& other = found[std::min(2 * i + 1, found.size() - 1)];
        const auto best = fit(one, other, kPerChip);
        one.best = best[0];
        other.best = best[1];
    });
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

}  // namespace signet::signature
