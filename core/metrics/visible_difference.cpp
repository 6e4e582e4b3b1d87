#include "core/metrics/visible_difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/base/error.h"
#include "core/metrics/cielab.h"

namespace signet::metrics {
namespace {

/// XYZ to the opponent planes light-dark, red-green and blue-yellow, and back (Zhang & Wandell 1997).
constexpr Matrix3 kOpponentOfXyz{{{0.279, 0.72, -0.107}, {-0.449, 0.29, -0.077}, {0.086, -0.59, 0.501}}};

/// One Gaussian of an opponent plane's kernel, exp(-r^2 / spread^2). The weights of a plane add up to 1.
struct Gaussian {
    int plane;
    double weight;
    double spreadDegrees;

    /// Standard deviation, px.
    double sigma() const { return spreadDegrees / std::numbers::sqrt2 * kPixelsPerDegree; }
    bool isBroad() const { return spreadDegrees > 0.1; }
};
constexpr std::array<Gaussian, 7> kGaussians{{{0, 0.921 / 0.918, 0.0283},
                                              {0, 0.105 / 0.918, 0.133},
                                              {0, -0.108 / 0.918, 4.336},
                                              {1, 0.531 / 0.861, 0.0392},
                                              {1, 0.330 / 0.861, 0.494},
                                              {2, 0.488 / 0.859, 0.0536},
                                              {2, 0.371 / 0.859, 0.386}}};
constexpr int kRadius = 5;  ///< px around a place that the narrow Gaussians reach: three deviations of 1.5 px
constexpr int kTaps = 2 * kRadius + 1;
constexpr int kFirstReduction = 4;
constexpr int kLeastCells = 32;  ///< across the shorter side, so that repeated borders stay where they are

/// The picture a broad Gaussian is computed on is reduced by this power of two; what a cell and the
/// interpolation between cells blur is taken off the Gaussian.
int reductionFor(const Gaussian& gaussian, int shortSide) {
    const double most = std::min(1.1 * gaussian.sigma(), static_cast<double>(shortSide) / kLeastCells);
    return static_cast<int>(std::bit_floor(static_cast<unsigned>(std::max<double>(kFirstReduction, most))));
}

using Opponents = std::array<float, 4>;  ///< three planes; four, so that they are added at once

Matrix3 product(const Matrix3& a, const Matrix3& b) {
    Matrix3 out{};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            for (std::size_t k = 0; k < 3; ++k) out[i][j] += a[i][k] * b[k][j];
    return out;
}

Matrix3 inverse(const Matrix3& m) {
    Matrix3 out{};
    double determinant = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            const std::size_t r = (j + 1) % 3, s = (j + 2) % 3, c = (i + 1) % 3, d = (i + 2) % 3;
            out[i][j] = m[r][c] * m[s][d] - m[r][d] * m[s][c];
        }
        determinant += m[0][i] * out[i][0];
    }
    for (auto& row : out)
        for (double& value : row) value /= determinant;
    return out;
}

/// What a level of each channel adds to the opponent planes.
const std::array<std::array<Opponents, 256>, 3>& opponentTable() {
    static const auto kTable = [] {
        const Matrix3 m = product(kOpponentOfXyz, kXyzOfRgb);
        std::array<std::array<Opponents, 256>, 3> table{};
        for (std::size_t channel = 0; channel < 3; ++channel)
            for (std::size_t level = 0; level < 256; ++level)
                for (std::size_t plane = 0; plane < 3; ++plane)
                    table[channel][level][plane] =
                        static_cast<float>(m[plane][channel] * linearLight(static_cast<double>(level)));
        return table;
    }();
    return kTable;
}

/// A picture of opponent planes, each cell the mean of reduction x reduction pixels.
struct Reduced {
    int reduction = 1;
    std::array<cv::Mat, 3> planes;
};

/// Cells at the right and lower border are the mean of what there is of them.
Reduced reducedFrom(const image::Image& rgb) {
    const auto& table = opponentTable();
    const int columns = (rgb.width + kFirstReduction - 1) / kFirstReduction;
    const int rows = (rgb.height + kFirstReduction - 1) / kFirstReduction;
    Reduced out{kFirstReduction, {}};
    for (auto& plane : out.planes) plane.create(rows, columns, CV_32F);
    std::vector<Opponents> sums(static_cast<std::size_t>(columns));
    for (int row = 0; row < rows; ++row) {
        std::fill(sums.begin(), sums.end(), Opponents{});
        const int first = row * kFirstReduction;
        const int end = std::min(first + kFirstReduction, rgb.height);
        for (int y = first; y < end; ++y) {
            const std::uint8_t* pixel =
                rgb.data.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(rgb.width) * 3;
            for (int x = 0; x < rgb.width; ++x, pixel += 3) {
                Opponents& sum = sums[static_cast<std::size_t>(x / kFirstReduction)];
                for (std::size_t i = 0; i < 4; ++i)
                    sum[i] += table[0][pixel[0]][i] + table[1][pixel[1]][i] + table[2][pixel[2]][i];
            }
        }
        for (int column = 0; column < columns; ++column) {
            const int width = std::min(kFirstReduction, rgb.width - column * kFirstReduction);
            const float scale = 1.0F / static_cast<float>(width * (end - first));
            for (std::size_t i = 0; i < 3; ++i)
                out.planes[i].at<float>(row, column) = sums[static_cast<std::size_t>(column)][i] * scale;
        }
    }
    return out;
}

Reduced halved(const Reduced& from) {
    Reduced out{from.reduction * 2, {}};
    for (std::size_t i = 0; i < 3; ++i) {
        const cv::Mat& plane = from.planes[i];
        cv::Mat even;  // an odd border is repeated
        cv::copyMakeBorder(plane, even, 0, plane.rows % 2, 0, plane.cols % 2, cv::BORDER_REPLICATE);
        cv::resize(even, out.planes[i], {even.cols / 2, even.rows / 2}, 0, 0, cv::INTER_AREA);
    }
    return out;
}

/// A broad Gaussian of a plane, to be read at any place.
struct Blurred {
    const Gaussian* gaussian = nullptr;
    int reduction = 1;
    cv::Mat cells;

    double at(int x, int y) const {
        const double u = std::clamp((x + 0.5) / reduction - 0.5, 0.0, cells.cols - 1.0);
        const double v = std::clamp((y + 0.5) / reduction - 0.5, 0.0, cells.rows - 1.0);
        const int left = static_cast<int>(u), top = static_cast<int>(v);
        const int right = std::min(left + 1, cells.cols - 1), bottom = std::min(top + 1, cells.rows - 1);
        const double s = u - left, t = v - top;
        return (1 - t) * ((1 - s) * static_cast<double>(cells.at<float>(top, left)) +
                          s * static_cast<double>(cells.at<float>(top, right))) +
               t * ((1 - s) * static_cast<double>(cells.at<float>(bottom, left)) +
                    s * static_cast<double>(cells.at<float>(bottom, right)));
    }
};

/// One image through the eye's low-pass.
class SeenImage {
public:
    explicit SeenImage(const image::Image& rgb) : m_rgb(rgb) {
        Reduced level = reducedFrom(rgb);
        std::vector<Blurred> broad;
        for (const Gaussian& g : kGaussians)
            if (g.isBroad()) broad.push_back({&g, reductionFor(g, std::min(rgb.width, rgb.height)), {}});
        std::sort(broad.begin(), broad.end(),
                  [](const Blurred& a, const Blurred& b) { return a.reduction < b.reduction; });
        for (Blurred& b : broad) {
            while (level.reduction < b.reduction) level = halved(level);
            const double f = b.reduction;
            constexpr double kInterpolation = 1.0 / 6;  // variance of the triangle between two cells
            const double variance = b.gaussian->sigma() * b.gaussian->sigma();
            const double sigma = std::sqrt((variance - (f * f - 1) / 12) / (f * f) - kInterpolation);
            cv::GaussianBlur(level.planes[static_cast<std::size_t>(b.gaussian->plane)], b.cells, {}, sigma,
                             sigma, cv::BORDER_REPLICATE);
        }
        m_blurred = std::move(broad);
        for (const Gaussian& g : kGaussians) {
            if (g.isBroad()) continue;
            const auto plane = static_cast<std::size_t>(g.plane);
            m_narrowWeight[plane] = g.weight;
            double sum = 0;
            for (int i = 0; i < kTaps; ++i)
                sum += std::exp(-(i - kRadius) * (i - kRadius) / (2 * g.sigma() * g.sigma()));
            for (int i = 0; i < kTaps; ++i)
                m_taps[static_cast<std::size_t>(i)][plane] = static_cast<float>(
                    std::exp(-(i - kRadius) * (i - kRadius) / (2 * g.sigma() * g.sigma())) / sum);
        }
    }

    /// What is seen at these columns of row y, in place of seen. Rows asked for in order share their lines.
    void row(int y, const std::vector<int>& columns, std::vector<Lab>& seen) {
        std::array<const Opponents*, kTaps> lines{};
        for (int j = 0; j < kTaps; ++j)
            lines[static_cast<std::size_t>(j)] =
                line(std::clamp(y + j - kRadius, 0, m_rgb.height - 1), columns).data();
        seen.clear();
        for (std::size_t i = 0; i < columns.size(); ++i) {
            Opponents sum{};
            for (std::size_t j = 0; j < kTaps; ++j)
                for (std::size_t c = 0; c < 4; ++c) sum[c] += m_taps[j][c] * lines[j][i][c];
            std::array<double, 3> opponents{};
            for (std::size_t c = 0; c < 3; ++c)
                opponents[c] = static_cast<double>(sum[c]) * m_narrowWeight[c];
            for (const Blurred& b : m_blurred)
                opponents[static_cast<std::size_t>(b.gaussian->plane)] +=
                    b.gaussian->weight * b.at(columns[i], y);
            seen.push_back(labOf(opponents));
        }
    }

private:
    /// A row of pixels under the narrow Gaussians along it, at these columns.
    const std::vector<Opponents>& line(int row, const std::vector<int>& columns) {
        Line& line = m_lines[static_cast<std::size_t>(row % kTaps)];
        if (line.row == row) return line.values;
        line = {row, std::vector<Opponents>(columns.size())};
        const auto& table = opponentTable();
        const std::uint8_t* begin =
            m_rgb.data.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(m_rgb.width) * 3;
        for (std::size_t k = 0; k < columns.size(); ++k) {
            Opponents sum{};
            for (int i = 0; i < kTaps; ++i) {
                const int column = std::clamp(columns[k] + i - kRadius, 0, m_rgb.width - 1);
                const std::uint8_t* p = begin + static_cast<std::size_t>(column) * 3;
                const Opponents& weight = m_taps[static_cast<std::size_t>(i)];
                for (std::size_t c = 0; c < 4; ++c)
                    sum[c] += weight[c] * (table[0][p[0]][c] + table[1][p[1]][c] + table[2][p[2]][c]);
            }
            line.values[k] = sum;
        }
        return line.values;
    }

    static Lab labOf(const std::array<double, 3>& opponents) {
        static const Matrix3 kXyzOfOpponent = inverse(kOpponentOfXyz);
        std::array<double, 3> xyz{};
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 3; ++j) xyz[i] += kXyzOfOpponent[i][j] * opponents[j];
        return labOfXyz(xyz);
    }

    struct Line {
        int row = -1;
        std::vector<Opponents> values;
    };

    const image::Image& m_rgb;
    std::array<Line, kTaps> m_lines;  ///< the last rows that were asked for
    std::vector<Blurred> m_blurred;
    std::array<Opponents, kTaps> m_taps{};
    std::array<double, 3> m_narrowWeight{};
};

}  // namespace

VisibleDifference overPlaces(std::vector<double> differences) {
    const double n = static_cast<double>(differences.size());
    const auto quantile = [&](double share) {
        const auto at = differences.begin() + static_cast<std::ptrdiff_t>(std::ceil(share * n)) - 1;
        std::nth_element(differences.begin(), at, differences.end());
        return *at;
    };
    VisibleDifference out;
    out.p99 = quantile(0.99);
    out.p999 = quantile(0.999);
    out.shareOver1 = static_cast<double>(std::count_if(differences.begin(), differences.end(),
                                                       [](double d) { return d > 1; })) /
                     n;
    return out;
}

VisibleDifference visibleDifference(const image::Image& first, const image::Image& second, int maxPlaces) {
    if (first.width != second.width || first.height != second.height)
        throw Error(ErrorCode::BadOption,
                    fmt::format("the images differ in size: {} x {} and {} x {} pixels", first.width,
                                first.height, second.width, second.height));
    if (first.width < 1 || first.height < 1) throw Error(ErrorCode::BadOption, "an image without pixels");
    if (maxPlaces < 1) throw Error(ErrorCode::BadOption, "at least one place must be looked at");
    image::Image converted[2];
    const auto rgb8 = [&](const image::Image& image, std::size_t i) -> const image::Image& {
        if (image.channels == 3 && image.depth == 8) return image;
        return converted[i] = image::toRgb8(image);
    };
    SeenImage a(rgb8(first, 0));
    SeenImage b(rgb8(second, 1));
    const double pixels = static_cast<double>(first.pixelCount());
    const double step = std::max(1.0, std::sqrt(pixels / maxPlaces));
    const int across = std::clamp(static_cast<int>(first.width / step), 1, std::min(first.width, maxPlaces));
    const int down =
        std::clamp(static_cast<int>(first.height / step), 1, std::min(first.height, maxPlaces / across));
    std::vector<double> differences;
    differences.reserve(static_cast<std::size_t>(across) * static_cast<std::size_t>(down));
    std::vector<int> columns;
    columns.reserve(static_cast<std::size_t>(across));
    for (int i = 0; i < across; ++i) columns.push_back(static_cast<int>((i + 0.5) * first.width / across));
    std::vector<Lab> seenA, seenB;
    for (int j = 0; j < down; ++j) {
        const int y = static_cast<int>((j + 0.5) * first.height / down);
        a.row(y, columns, seenA);
        b.row(y, columns, seenB);
        for (std::size_t i = 0; i < columns.size(); ++i) differences.push_back(ciede2000(seenA[i], seenB[i]));
    }
    return overPlaces(std::move(differences));
}

Json toJson(const VisibleDifference& visible) {
    return {{"p99", visible.p99}, {"p999", visible.p999}, {"share_over_1", visible.shareOver1}};
}

}  // namespace signet::metrics
