#include "core/metrics/quality.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <vector>

#include "core/base/error.h"

namespace signet::metrics {
namespace {

constexpr int kWindow = 11;
constexpr double kSigma = 1.5;
constexpr double kC1 = (0.01 * 255) * (0.01 * 255);
constexpr double kC2 = (0.03 * 255) * (0.03 * 255);
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// An image as 8-bit RGB: itself where it already is, else a converted copy.
class Rgb8View {
public:
    explicit Rgb8View(const image::Image& source) : m_source(source) {
        if (source.channels != 3 || source.depth != 8) m_converted = image::toRgb8(source);
    }
    const image::Image& operator*() const { return m_converted.data.empty() ? m_source : m_converted; }

private:
    const image::Image& m_source;
    image::Image m_converted;
};

void checkPair(const image::Image& a, const image::Image& b) {
    if (a.width != b.width || a.height != b.height) {
        throw Error(ErrorCode::BadOption, fmt::format("the images differ in size: {} x {} and {} x {} pixels",
                                                      a.width, a.height, b.width, b.height));
    }
    if (a.width < 1 || a.height < 1) throw Error(ErrorCode::BadOption, "an image without pixels");
}

void checkWindow(const image::Image& a) {
    if (std::min(a.width, a.height) < kWindow) {
        throw Error(ErrorCode::TooSmall,
                    fmt::format("SSIM needs at least {0} x {0} pixels; this image has {1} x {2}", kWindow,
                                a.width, a.height));
    }
}

std::array<double, kWindow> gaussianTaps() {
    std::array<double, kWindow> taps{};
    double sum = 0;
    for (int i = 0; i < kWindow; ++i) {
        const int fromCentre = i - kWindow / 2;
        const double x = fromCentre;
        taps[static_cast<std::size_t>(i)] = std::exp(-x * x / (2 * kSigma * kSigma));
        sum += taps[static_cast<std::size_t>(i)];
    }
    for (double& tap : taps) tap /= sum;
    return taps;
}

/// The index of one window from its Gaussian moments.
double ssimIndex(double ux, double uy, double xx, double yy, double xy) {
    const double varX = xx - ux * ux;
    const double varY = yy - uy * uy;
    const double cov = xy - ux * uy;
    return ((2 * ux * uy + kC1) * (2 * cov + kC2)) / ((ux * ux + uy * uy + kC1) * (varX + varY + kC2));
}

const std::uint8_t* rowOf(const image::Image& image, int y) {
    return image.data.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) * 3;
}

/// Sum of the index over all windows whose first row is in [firstRow, endRow), all channels.
double ssimSumOfRows(const image::Image& a, const image::Image& b, int firstRow, int endRow,
                     const cv::Mat& taps) {
    const int rows = endRow - firstRow + kWindow - 1;
    const auto strip = [&](const image::Image& image) {
        const cv::Mat bytes(rows, image.width, CV_8UC3, const_cast<std::uint8_t*>(rowOf(image, firstRow)));
        cv::Mat doubles;
        bytes.convertTo(doubles, CV_64F);
        return doubles;
    };
    const auto moment = [&](const cv::Mat& values) {
        cv::Mat filtered;
        cv::sepFilter2D(values, filtered, CV_64F, taps, taps);
        return cv::Mat(filtered,
                       cv::Rect(kWindow / 2, kWindow / 2, a.width - kWindow + 1, endRow - firstRow));
    };
    const cv::Mat x = strip(a);
    const cv::Mat y = strip(b);
    const cv::Mat ux = moment(x), uy = moment(y);
    const cv::Mat xx = moment(x.mul(x)), yy = moment(y.mul(y)), xy = moment(x.mul(y));
    double sum = 0;
    for (int row = 0; row < ux.rows; ++row) {
        const double* pux = ux.ptr<double>(row);
        const double* puy = uy.ptr<double>(row);
        const double* pxx = xx.ptr<double>(row);
        const double* pyy = yy.ptr<double>(row);
        const double* pxy = xy.ptr<double>(row);
        for (int i = 0; i < ux.cols * 3; ++i) sum += ssimIndex(pux[i], puy[i], pxx[i], pyy[i], pxy[i]);
    }
    return sum;
}

/// The index of the window at (left, top), mean of the three channels.
double ssimOfWindow(const image::Image& a, const image::Image& b, int left, int top,
                    const std::array<double, kWindow>& taps) {
    std::array<double, 3> ux{}, uy{}, xx{}, yy{}, xy{};
    for (int j = 0; j < kWindow; ++j) {
        const std::uint8_t* rowA = rowOf(a, top + j) + 3 * static_cast<std::size_t>(left);
        const std::uint8_t* rowB = rowOf(b, top + j) + 3 * static_cast<std::size_t>(left);
        for (int i = 0; i < kWindow; ++i) {
            const double weight = taps[static_cast<std::size_t>(i)] * taps[static_cast<std::size_t>(j)];
            for (std::size_t c = 0; c < 3; ++c) {
                const double va = rowA[3 * static_cast<std::size_t>(i) + c];
                const double vb = rowB[3 * static_cast<std::size_t>(i) + c];
                ux[c] += weight * va;
                uy[c] += weight * vb;
                xx[c] += weight * va * va;
                yy[c] += weight * vb * vb;
                xy[c] += weight * va * vb;
            }
        }
    }
    double sum = 0;
    for (std::size_t c = 0; c < 3; ++c) sum += ssimIndex(ux[c], uy[c], xx[c], yy[c], xy[c]);
    return sum / 3;
}

}  // namespace

double mse(const image::Image& a, const image::Image& b) {
    checkPair(a, b);
    const Rgb8View x(a), y(b);
    const std::uint8_t* pa = (*x).data.data();
    const std::uint8_t* pb = (*y).data.data();
    const std::size_t count = (*x).sampleCount();
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const int difference = pa[i] - pb[i];
        sum += static_cast<std::uint64_t>(difference * difference);
    }
    return static_cast<double>(sum) / static_cast<double>(count);
}

double psnrFromMse(double mse) {
    return mse > 0 ? 10 * std::log10(255.0 * 255.0 / mse) : kInfinity;
}

double psnr(const image::Image& a, const image::Image& b) {
    return psnrFromMse(mse(a, b));
}

double ssim(const image::Image& a, const image::Image& b) {
    checkPair(a, b);
    checkWindow(a);
    const Rgb8View x(a), y(b);
    const auto taps = gaussianTaps();
    const cv::Mat kernel(kWindow, 1, CV_64F, const_cast<double*>(taps.data()));
    const int windowRows = a.height - kWindow + 1;
    // Strips keep the ten planes of doubles small, whatever the image's size.
    const int rowsPerStrip = std::max(16, 1'000'000 / a.width);
    double sum = 0;
    for (int row = 0; row < windowRows; row += rowsPerStrip) {
        sum += ssimSumOfRows(*x, *y, row, std::min(windowRows, row + rowsPerStrip), kernel);
    }
    return sum / (3.0 * windowRows * (a.width - kWindow + 1));
}

double ssimSampled(const image::Image& a, const image::Image& b, int maxWindows) {
    checkPair(a, b);
    checkWindow(a);
    if (maxWindows < 1) throw Error(ErrorCode::BadOption, "SSIM needs at least one window");
    const double columns = a.width - kWindow + 1;
    const double rows = a.height - kWindow + 1;
    int across = a.width - kWindow + 1;
    int down = a.height - kWindow + 1;
    if (columns * rows > maxWindows) {
        const double side = std::sqrt(columns * rows / maxWindows);  // of the cell one window stands for
        across = std::clamp(static_cast<int>(columns / side), 1, std::min(across, maxWindows));
        down = std::clamp(static_cast<int>(rows / side), 1, std::min(down, maxWindows / across));
    }
    const Rgb8View x(a), y(b);
    const auto taps = gaussianTaps();
    double sum = 0;
    for (int j = 0; j < down; ++j) {
        const int top = static_cast<int>((j + 0.5) * rows / down);
        for (int i = 0; i < across; ++i) {
            sum += ssimOfWindow(*x, *y, static_cast<int>((i + 0.5) * columns / across), top, taps);
        }
    }
    return sum / (static_cast<double>(across) * down);
}

MeanCi95 meanAndCi95(std::span<const double> values, const Interval& possible) {
    MeanCi95 out;
    double sum = 0;
    for (const double value : values) {
        if (std::isfinite(value)) {
            sum += value;
            ++out.n;
        } else {
            ++out.excluded;
        }
    }
    out.ci95 = possible;
    if (out.n == 0) {
        out.mean = std::numeric_limits<double>::quiet_NaN();
        return out;
    }
    out.mean = sum / out.n;
    if (out.n == 1) return out;
    double squares = 0;
    bool same = true;
    std::optional<double> first;
    for (const double value : values) {
        if (!std::isfinite(value)) continue;
        if (!first) first = value;
        same = same && value == *first;
        squares += (value - out.mean) * (value - out.mean);
    }
    if (same) {
        out.mean = *first;
        const double sure = clopperPearson(out.n, out.n).lower;
        out.ci95 = {sure * out.mean + (1 - sure) * possible.lower,
                    sure * out.mean + (1 - sure) * possible.upper};
        return out;
    }
    out.standardDeviation = std::sqrt(squares / (out.n - 1));
    const double half = studentQuantile(0.975, out.n - 1) * out.standardDeviation / std::sqrt(out.n);
    out.ci95 = {std::max(possible.lower, out.mean - half), std::min(possible.upper, out.mean + half)};
    return out;
}

}  // namespace signet::metrics
