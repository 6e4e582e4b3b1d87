#include "core/signature/sync_refinement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <opencv2/core.hpp>

namespace signet::signature {
namespace {

using Complex = std::complex<float>;

Complex* places(cv::Mat& plane, int row) {
    return reinterpret_cast<Complex*>(plane.ptr<cv::Vec2f>(row));
}

int wrapped(int frequency, int size) {
    return frequency < 0 ? frequency + size : frequency;
}

/// The real plane of a pattern of the band, as frequencies.
cv::Mat patternPlane(const PatternBand& band, const BandSpectrum& pattern) {
    const int side = band.size();
    cv::Mat plane = cv::Mat::zeros(side, side, CV_32FC2);
    for (std::size_t m = 0; m < pattern.size(); ++m) {
        const auto [fx, fy] = band.modes()[m];
        places(plane, fy)[wrapped(fx, side)] += pattern[m];
        places(plane, wrapped(-fy, side))[wrapped(-fx, side)] += std::conj(pattern[m]);
    }
    return plane;
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
        const cv::Mat pattern = patternPlane(band, sync);
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
    const FrameMap toUnits{{1 / halfWidth, 0, -1, 0, 1 / halfHeight, -1, 0, 0, 1}};
    const FrameMap fromUnits{{halfWidth, 0, halfWidth, 0, halfHeight, halfHeight, 0, 0, 1}};
    const FrameMap warp{{1 + w[2], w[3], w[0], w[4], 1 + w[5], w[1], w[6], w[7], 1}};
    return map.after(fromUnits.after(warp.after(toUnits)));
}

}  // namespace

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
