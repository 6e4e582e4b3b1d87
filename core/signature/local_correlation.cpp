#include "core/signature/local_correlation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <opencv2/imgproc.hpp>

#include "core/signature/sync_search.h"
#include "core/signature/tile_places.h"

namespace signet::signature {
namespace {

constexpr int kPerChip = 4;            ///< places at which the carrier's tile is computed
constexpr double kSmoothing = 6;       ///< chips, standard deviation
constexpr int kShifts = 4;             ///< by so many times so many shifts chance is measured
constexpr float kLeastDeviations = 2;  ///< of a cell that supports a carrier, and
constexpr float kLeastShare = 0.4f;    ///< its share of what the best twentieth of the cells has

/// The carrier's tile, finer than its chips; place (i, j) lies at the chips (j, i) / kPerChip.
cv::Mat fineTile(const PatternBand& band, std::span<const float> carrier) {
    std::vector<float> tile = tileOf(spectrumOf(carrier), band, kPerChip);
    const int side = band.size() * kPerChip;
    return cv::Mat(side, side, CV_32F, tile.data()) * std::sqrt(0.5);  // root mean square 1 for length 1
}

/// Sums of the values of chips over cells.
cv::Mat cellSums(const CarrierEstimate& view, const std::vector<float>& values) {
    const auto cells = [](int chips) {
        return (chips + LocalCorrelation::kCell - 1) / LocalCorrelation::kCell;
    };
    cv::Mat sums = cv::Mat::zeros(cells(view.rows), cells(view.columns), CV_32F);
    for (int row = 0; row < view.rows; ++row) {
        auto* to = sums.ptr<float>(row / LocalCorrelation::kCell);
        for (int column = 0; column < view.columns; ++column)
            to[column / LocalCorrelation::kCell] +=
                values[static_cast<std::size_t>(row) * static_cast<std::size_t>(view.columns) +
                       static_cast<std::size_t>(column)];
    }
    return sums;
}

cv::Mat smoothed(const cv::Mat& cells, double deviation) {
    cv::Mat out;
    cv::GaussianBlur(cells, out, {}, deviation, deviation, cv::BORDER_CONSTANT);
    return out;
}

}  // namespace

LocalCorrelation localCorrelation(const CarrierEstimate& view, const FrameMap& map, const PatternBand& band,
                                  std::span<const float> carrier) {
    const cv::Mat tile = cv::repeat(fineTile(band, carrier), 2, 2);  // so that no shift leads out of it
    const int side = tile.rows / 2;
    std::vector<int> places;  // of each chip in the tile, the nearest
    places.reserve(view.values.size() + kPlacesAtOnce);
    const TileMap toTile(map, band.size(), side, tile.cols, 0.5f);
    TilePlaces found;
    for (int row = 0; row < view.rows; ++row) {
        for (int left = 0; left < view.columns; left += kPlacesAtOnce) {
            const int count = std::min(kPlacesAtOnce, view.columns - left);
            toTile.find(left, row, count, found);
            places.insert(places.end(), found.place.begin(), found.place.begin() + count);
        }
    }
    std::vector<float> products(view.values.size());
    const double cellDeviation = kSmoothing / LocalCorrelation::kCell;
    const auto correlation = [&](int shiftX, int shiftY) {
        const auto* shifted = tile.ptr<float>(shiftY) + shiftX;
        for (std::size_t i = 0; i < products.size(); ++i) products[i] = view.values[i] * shifted[places[i]];
        return smoothed(cellSums(view, products), cellDeviation);
    };
    for (std::size_t i = 0; i < products.size(); ++i) products[i] = view.values[i] * view.values[i];
    // The square of a Gaussian is a narrower one: what independent chips would have as variance, up to a
    // factor.
    cv::Mat variance = smoothed(cellSums(view, products), cellDeviation / std::sqrt(2.0));
    variance += 1e-4 * cv::mean(variance)[0] + 1e-30;
    double squares = 0;
    for (int i = 1; i < kShifts * kShifts; ++i) {
        const cv::Mat elsewhere = correlation(i % kShifts * side / kShifts, i / kShifts * side / kShifts);
        squares += cv::mean(elsewhere.mul(elsewhere) / variance)[0];
    }
    variance *= squares / (kShifts * kShifts - 1) + 1e-30;
    cv::sqrt(variance, variance);
    const cv::Mat deviations = correlation(0, 0) / variance;
    return {deviations.rows, deviations.cols,
            std::vector<float>(deviations.begin<float>(), deviations.end<float>())};
}

std::vector<ChipPoint> supportOutline(const LocalCorrelation& local, const CarrierEstimate& view) {
    std::vector<float> sorted = local.deviations;
    const auto high = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() * 19 / 20);
    std::nth_element(sorted.begin(), high, sorted.end());
    const float limit = std::max(kLeastDeviations, kLeastShare * *high);
    const cv::Mat deviations(local.rows, local.columns, CV_32F, const_cast<float*>(local.deviations.data()));
    cv::Mat groups, statistics, centres;
    const int n = cv::connectedComponentsWithStats(deviations >= limit, groups, statistics, centres);
    int largest = 0;
    for (int group = 1; group < n; ++group)
        if (largest == 0 ||
            statistics.at<int>(group, cv::CC_STAT_AREA) > statistics.at<int>(largest, cv::CC_STAT_AREA))
            largest = group;
    if (largest == 0) return {};
    std::vector<cv::Point> corners, hull;
    for (int row = 0; row < local.rows; ++row) {
        for (int column = 0; column < local.columns; ++column) {
            if (groups.at<int>(row, column) != largest) continue;
            for (const int down : {0, 1})
                for (const int right : {0, 1})
                    corners.emplace_back(std::min((column + right) * LocalCorrelation::kCell, view.columns),
                                         std::min((row + down) * LocalCorrelation::kCell, view.rows));
        }
    }
    cv::convexHull(corners, hull);
    std::vector<ChipPoint> outline;
    outline.reserve(hull.size());
    for (const cv::Point& corner : hull)
        outline.push_back({static_cast<double>(corner.x), static_cast<double>(corner.y)});
    return outline;
}

}  // namespace signet::signature
