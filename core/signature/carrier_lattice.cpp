#include "core/signature/carrier_lattice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <opencv2/core.hpp>

#include "core/signature/in_parallel.h"

namespace signet::signature {
namespace {

constexpr int kPitches = 100, kAngles = 90;
constexpr int kBands = 4;               ///< that the pitches are divided into, each with a filter of its own
constexpr double kStretchStep = 0.07;   ///< natural logarithm
constexpr double kPairs = 2e5;          ///< affinities that two peaks stand for
constexpr double kLeastOverlap = 0.08;  ///< of the view with itself, for a repetition to be counted
constexpr std::size_t kGridStarts = 1500, kPeaks = 20, kStarts = 64;
constexpr std::size_t kQuickGridStarts = 200, kQuickStarts = 12;

/// The autocorrelation of an estimate in one band of spatial frequencies, in units of its standard deviation
/// at no shift: at a shift that leaves the share q of the view, noise has the deviation sqrt(q).
class Autocorrelation {
public:
    /// power: of the padded estimate, complex; frequencies from low to high in cycles a chip are kept. It is
    /// computed at perChip places a chip.
    Autocorrelation(const cv::Mat& power, int rows, int columns, double low, double high, int perChip)
        : m_rows(rows),
          m_columns(columns),
          m_perRow(1.0 / rows),
          m_perColumn(1.0 / columns),
          m_perChip(perChip) {
        cv::Mat kept = cv::Mat::zeros(power.rows * perChip, power.cols * perChip, CV_32FC2);
        for (int i = 0; i < power.rows; ++i) {
            const int fromEnd = std::min(i, power.rows - i);
            const double fy = static_cast<double>(fromEnd) / power.rows;
            const auto* from = power.ptr<cv::Vec2f>(i);
            auto* to = kept.ptr<cv::Vec2f>(i <= power.rows / 2 ? i : kept.rows - fromEnd);
            for (int j = 0; j < power.cols; ++j) {
                const double fx = static_cast<double>(std::min(j, power.cols - j)) / power.cols;
                const double squared = fx * fx + fy * fy;
                if (squared >= low * low && squared <= high * high)
                    to[j <= power.cols / 2 ? j : kept.cols - (power.cols - j)] = from[j];
            }
        }
        cv::Mat all;
        cv::dft(kept, all, cv::DFT_INVERSE | cv::DFT_REAL_OUTPUT | cv::DFT_SCALE);
        // Shifts of less than a whole view, the middle one first.
        const int mostX = (columns - 1) * perChip, mostY = (rows - 1) * perChip;
        m_values.create(2 * mostY + 1, 2 * mostX + 1, CV_32F);
        double squares = 0, weights = 0;
        for (int y = -mostY; y <= mostY; ++y) {
            const auto* from = all.ptr<float>(y < 0 ? y + all.rows : y);
            auto* to = m_values.ptr<float>(y + mostY) + mostX;
            for (int x = -mostX; x <= mostX; ++x) {
                const float value = to[x] = from[x < 0 ? x + all.cols : x];
                const double chipsX = static_cast<double>(x) / perChip,
                             chipsY = static_cast<double>(y) / perChip;
                const double share = overlap(chipsX, chipsY);
                if (chipsX * chipsX + chipsY * chipsY < 64 || share < kLeastOverlap) continue;
                squares += double{value} * value;
                weights += share;
            }
        }
        if (squares > 0) m_values *= std::sqrt(weights / squares);
    }

    double overlap(double x, double y) const {
        return std::max(0.0, 1 - std::abs(x) * m_perColumn) * std::max(0.0, 1 - std::abs(y) * m_perRow);
    }
    /// Bilinear; |x| < columns - 1, |y| < rows - 1.
    double at(double x, double y) const {
        const double fromX = (x + (m_columns - 1)) * m_perChip, fromY = (y + (m_rows - 1)) * m_perChip;
        const int lowX = static_cast<int>(fromX), lowY = static_cast<int>(fromY);
        const double right = fromX - lowX, down = fromY - lowY;
        const float* upper = m_values.ptr<float>(lowY) + lowX;
        const float* lower = m_values.ptr<float>(lowY + 1) + lowX;
        const double above = upper[0] + right * (upper[1] - upper[0]);
        const double beneath = lower[0] + right * (lower[1] - lower[0]);
        return above + down * (beneath - above);
    }

    /// How far the estimate repeats at all vectors i a + j b of |i|, |j| <= reach, standard normal of noise.
    double strength(const CarrierLattice& l, int reach) const {
        double sum = 0, weight = 0;
        for (int i = 0; i <= reach; ++i) {
            for (int j = i == 0 ? 1 : -reach; j <= reach; ++j) {
                const double x = i * l.ax + j * l.bx, y = i * l.ay + j * l.by;
                const double share = overlap(x, y);
                if (share < kLeastOverlap) continue;
                sum += at(x, y);
                weight += share;
            }
        }
        return weight > 0 ? sum / std::sqrt(weight) : 0;
    }

    int rows() const { return m_rows; }
    int columns() const { return m_columns; }

private:
    int m_rows, m_columns;
    double m_perRow, m_perColumn;
    int m_perChip;
    cv::Mat m_values;
};

/// The pitches from low to high with the autocorrelation of the frequencies that the carrier has at them.
struct PitchBand {
    double low, high;
    Autocorrelation autocorrelation;
};

/// The carrier's lowest and highest frequency, cycles a tile.
std::pair<double, double> frequenciesOf(const PatternBand& carrier) {
    double lowest = carrier.size(), highest = 0;
    for (const auto& mode : carrier.modes()) {
        lowest = std::min(lowest, std::hypot(mode.fx, mode.fy));
        highest = std::max(highest, std::hypot(mode.fx, mode.fy));
    }
    return {lowest, highest};
}

/// Of an estimate padded for its autocorrelation, complex.
cv::Mat powerOf(const CarrierEstimate& estimate) {
    cv::Mat padded = cv::Mat::zeros(cv::getOptimalDFTSize(2 * estimate.rows - 1),
                                    cv::getOptimalDFTSize(2 * estimate.columns - 1), CV_32F);
    for (int row = 0; row < estimate.rows; ++row)
        std::copy_n(estimate.values.data() + static_cast<std::ptrdiff_t>(row) * estimate.columns,
                    estimate.columns, padded.ptr<float>(row));
    cv::Mat power;
    cv::dft(padded, power, cv::DFT_COMPLEX_OUTPUT, estimate.rows);
    cv::mulSpectrums(power, power, power, 0, true);
    return power;
}

/// Number i of kBands.
PitchBand pitchBand(int i, const cv::Mat& power, const CarrierEstimate& estimate, const PatternBand& carrier,
                    const LatticeRange& range) {
    const auto [lowest, highest] = frequenciesOf(carrier);
    const int tile = carrier.size();
    const double ratio = std::pow(range.largest / range.smallest, 1.0 / kBands);
    const double slack = std::sqrt(range.stretch);
    const double low = range.smallest * std::pow(ratio, i), high = low * ratio;
    // Up to near the Nyquist frequency, where interpolation between chips would lose much, at half chips.
    const int perChip = i == 0 ? 2 : 1;
    return {low, high,
            Autocorrelation(power, estimate.rows, estimate.columns, lowest / (tile * high * slack),
                            highest / (tile * low) * std::sqrt(slack), perChip)};
}

/// Of edges of length 1 but for the stretch.
CarrierLattice lattice(double angle, double stretch) {
    const double cosine = std::cos(angle), sine = std::sin(angle);
    const double wide = std::exp(stretch / 2), high = 1 / wide;
    return {cosine * wide, sine * high, -sine * wide, cosine * high};
}

/// Equal but for quarter turns, up to a share of the tile's size.
bool isLike(const CarrierLattice& p, CarrierLattice q, double share) {
    const double limit = share * share * (p.ax * p.ax + p.ay * p.ay + p.bx * p.bx + p.by * p.by) / 2;
    for (int turn = 0; turn < 4; ++turn) {
        const std::array apart{p.ax - q.ax, p.ay - q.ay, p.bx - q.bx, p.by - q.by};
        if (std::max(apart[0] * apart[0] + apart[1] * apart[1], apart[2] * apart[2] + apart[3] * apart[3]) <
            limit)
            return true;
        q = {q.bx, q.by, -q.ax, -q.ay};
    }
    return false;
}

bool isLikelier(const CarrierLattice& a, const CarrierLattice& b) {
    return a.logOdds() > b.logOdds();
}

/// The so many likeliest in any order.
std::vector<CarrierLattice> leading(std::vector<CarrierLattice> from, std::size_t most) {
    if (from.size() <= most) return from;
    std::nth_element(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(most), from.end(), isLikelier);
    from.resize(most);
    return from;
}

/// The likeliest ones, none like another.
std::vector<CarrierLattice> likeliest(std::vector<CarrierLattice> from, std::size_t most, double apart) {
    std::stable_sort(from.begin(), from.end(), isLikelier);
    std::vector<CarrierLattice> kept;
    for (const CarrierLattice& candidate : from) {
        if (kept.size() == most) break;
        if (std::none_of(kept.begin(), kept.end(),
                         [&](const CarrierLattice& other) { return isLike(other, candidate, apart); }))
            kept.push_back(candidate);
    }
    return kept;
}

/// A lattice, one of so many that are as simple: prior is minus the logarithm of how many.
void add(const PitchBand& band, CarrierLattice candidate, double prior, std::vector<CarrierLattice>& found) {
    candidate.prior = prior;
    candidate.strength = band.autocorrelation.strength(candidate, 1);
    found.push_back(candidate);
}

/// stretches: steps of the stretch either way.
void addGrid(const PitchBand& band, int tile, const LatticeRange& range, int stretches,
             std::vector<CarrierLattice>& found) {
    const double step = std::log(range.largest / range.smallest) / kPitches;
    const int pitches = static_cast<int>(std::lround(std::log(band.high / band.low) / step));
    std::vector<double> lengths;
    lengths.reserve(static_cast<std::size_t>(pitches));
    for (int i = 0; i < pitches; ++i) lengths.push_back(tile * band.low * std::exp(step * (i + 0.5)));
    found.reserve(lengths.size() * kAngles * static_cast<std::size_t>(1 + stretches));
    for (int stretch = -stretches; stretch <= stretches; ++stretch) {
        const int angleStep = stretch == 0 ? 1 : 2;
        const int alike = kPitches * (stretch == 0 ? 1 : 2 * stretches);
        const double upright = -std::log(alike), turned = -std::log(alike * kAngles / angleStep);
        for (int angle = 0; angle < kAngles; angle += angleStep) {
            const CarrierLattice one =
                lattice(angle * std::numbers::pi / 2 / kAngles, stretch * kStretchStep);
            for (const double length : lengths)
                add(band, {length * one.ax, length * one.ay, length * one.bx, length * one.by},
                    angle == 0 ? upright : turned, found);
        }
    }
}

/// Lattices near the identity: of pictures shown as they are, but somewhat askew.
void addAskew(const PitchBand& band, int tile, std::vector<CarrierLattice>& found) {
    constexpr int kSteps = 5;
    constexpr int kAll = kSteps * kSteps * kSteps * kSteps;
    const double prior = -std::log(kAll);
    if (band.low > 1 || band.high <= 1) return;
    for (int number = 0; number < kAll; ++number) {
        const auto deviation = [&](int power) {
            const int step = number / power % kSteps - kSteps / 2;
            return 0.03 * tile * step;
        };
        add(band,
            {tile + deviation(1), deviation(kSteps), deviation(kSteps * kSteps),
             tile + deviation(kSteps * kSteps * kSteps)},
            prior, found);
    }
}

/// Lattices of any two of the strongest peaks whose lengths and angle a stretched picture may have.
void addPairs(const PitchBand& band, int tile, const LatticeRange& range,
              std::vector<CarrierLattice>& found) {
    struct Peak {
        int x, y;
        double strength;
    };
    const double prior = -std::log(kPairs);
    const Autocorrelation& of = band.autocorrelation;
    const double shortest = tile * band.low / std::sqrt(range.stretch);
    const double longest = tile * band.high * std::sqrt(range.stretch);
    const int reachX = std::min(of.columns() - 2, static_cast<int>(longest));
    const int reachY = std::min(of.rows() - 2, static_cast<int>(longest));
    std::vector<Peak> peaks;
    for (int y = 0; y <= reachY; ++y) {
        for (int x = y == 0 ? 1 : -reachX; x <= reachX; ++x) {
            const double length = std::hypot(x, y), share = of.overlap(x, y);
            if (length < shortest || length > longest || share < kLeastOverlap) continue;
            const double value = of.at(x, y);
            bool isPeak = value > 0;
            for (int dy = -1; dy <= 1 && isPeak; ++dy)
                for (int dx = -1; dx <= 1 && isPeak; ++dx) isPeak = value >= of.at(x + dx, y + dy);
            if (isPeak) peaks.push_back({x, y, value / std::sqrt(share)});
        }
    }
    std::stable_sort(peaks.begin(), peaks.end(),
                     [](const Peak& a, const Peak& b) { return a.strength > b.strength; });
    peaks.resize(std::min(peaks.size(), kPeaks));
    for (std::size_t i = 0; i < peaks.size(); ++i) {
        for (std::size_t j = 0; j < peaks.size(); ++j) {
            const Peak &a = peaks[i], &b = peaks[j];
            for (const int sign : {-1, 1}) {
                CarrierLattice candidate{static_cast<double>(a.x), static_cast<double>(a.y),
                                         static_cast<double>(sign * b.x), static_cast<double>(sign * b.y)};
                const double lengths = std::hypot(a.x, a.y) / std::hypot(b.x, b.y);
                const double area = candidate.ax * candidate.by - candidate.ay * candidate.bx;
                const double sine = area / (std::hypot(a.x, a.y) * std::hypot(b.x, b.y));
                if (i == j || lengths > 1.05 * range.stretch || lengths * 1.05 * range.stretch < 1 ||
                    sine < 0.9)
                    continue;
                add(band, candidate, prior, found);
            }
        }
    }
}

/// By steps of each coordinate, ever smaller, as long as the strength grows.
void climb(const Autocorrelation& of, CarrierLattice& l) {
    constexpr int kReach = 3;
    l.strength = of.strength(l, kReach);
    const double size = std::sqrt(l.ax * l.by - l.ay * l.bx);
    for (double step = 0.012 * size; step > 0.0015 * size; step /= 2) {
        bool isBetter = true;
        for (int round = 0; round < 6 && isBetter; ++round) {
            isBetter = false;
            for (double CarrierLattice::*coordinate :
                 {&CarrierLattice::ax, &CarrierLattice::ay, &CarrierLattice::bx, &CarrierLattice::by}) {
                for (const double sign : {-1, 1}) {
                    CarrierLattice other = l;
                    other.*coordinate += sign * step;
                    other.strength = of.strength(other, kReach);
                    if (other.strength <= l.strength) continue;
                    l = other;
                    isBetter = true;
                }
            }
        }
    }
}

}  // namespace

FrameMap CarrierLattice::map(int tile) const {
    const double scale = tile / (ax * by - ay * bx);
    return {{scale * by, -scale * bx, 0, -scale * ay, scale * ax, 0, 0, 0, 1}};
}

std::vector<CarrierLattice> findLattices(const CarrierEstimate& estimate, const PatternBand& carrier,
                                         const LatticeRange& range) {
    const int tile = carrier.size();
    const int stretches = static_cast<int>(std::ceil(std::log(range.stretch) / kStretchStep));
    const cv::Mat power = powerOf(estimate);
    std::array<std::vector<CarrierLattice>, kBands> refined;
    inParallel(refined.size(), [&](std::size_t i) {
        const PitchBand band = pitchBand(static_cast<int>(i), power, estimate, carrier, range);
        std::vector<CarrierLattice> found;
        addGrid(band, tile, range, stretches, found);
        found = leading(std::move(found), kGridStarts);  // of 11,250
        addAskew(band, tile, found);
        addPairs(band, tile, range, found);
        refined[i] = likeliest(std::move(found), kStarts, 0.03);
        for (CarrierLattice& start : refined[i]) climb(band.autocorrelation, start);
    });
    std::vector<CarrierLattice> all;
    for (const auto& ofBand : refined) all.insert(all.end(), ofBand.begin(), ofBand.end());
    std::vector<CarrierLattice> best = likeliest(std::move(all), static_cast<std::size_t>(range.most), 0.02);
    const double size = tile;
    best.push_back({size, 0, 0, size});
    return best;
}

double quickRepetition(const CarrierEstimate& estimate, const PatternBand& carrier,
                       const LatticeRange& range) {
    const auto [lowest, highest] = frequenciesOf(carrier);
    const int tile = carrier.size();
    const PitchBand band{
        range.smallest, range.largest,
        Autocorrelation(powerOf(estimate), estimate.rows, estimate.columns, lowest / (tile * range.largest),
                        highest / (tile * range.smallest), 1)};
    std::vector<CarrierLattice> found;
    addGrid(band, tile, range, 0, found);
    addAskew(band, tile, found);
    double most = 0;
    for (CarrierLattice& start : likeliest(leading(std::move(found), kQuickGridStarts), kQuickStarts, 0.03)) {
        climb(band.autocorrelation, start);
        most = std::max(most, start.strength);
    }
    return most;
}

}  // namespace signet::signature
