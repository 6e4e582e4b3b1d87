#include "core/signature/signed_regions.h"

#include <opencv2/imgproc.hpp>
#include <utility>

namespace signet::signature {
namespace {

constexpr double kLeastLeft = 0.15;  ///< of a view: in less nothing can be read

/// Nothing can be said inside the outline any more; its area, chips.
double blank(CarrierEstimate& estimate, const std::vector<ChipPoint>& outline) {
    std::vector<cv::Point> corners;
    corners.reserve(outline.size());
    for (const ChipPoint& corner : outline)
        corners.emplace_back(static_cast<int>(corner.x), static_cast<int>(corner.y));
    cv::Mat values(estimate.rows, estimate.columns, CV_32F, estimate.values.data());
    cv::fillConvexPoly(values, corners, 0);
    return cv::contourArea(corners);
}

}  // namespace

std::vector<SignedRegion> readRegions(CarrierEstimate estimate, const PatternBand& band,
                                      const CarrierKey& key, const RegionOptions& options) {
    std::vector<SignedRegion> regions;
    ReadingOptions reading = options.reading;
    const double view = static_cast<double>(estimate.rows) * estimate.columns;
    double left = 1;  // of the view
    while (static_cast<int>(regions.size()) < options.most && left >= kLeastLeft) {
        const FoldedEstimate folded(estimate, band);
        SignedRegion region{readCarrier(folded, key, reading), {}, {}};
        const bool isFound = region.reading.log10P <= options.log10PresenceLimit;
        if (!isFound && !regions.empty()) break;
        region.support =
            localCorrelation(folded.estimate(), region.reading.map, band, carrierFound(region.reading, key));
        if (isFound) region.outline = supportOutline(region.support, estimate);
        regions.push_back(std::move(region));
        if (regions.back().outline.empty()) break;
        left -= blank(estimate, regions.back().outline) / view;
        reading.randomKeys = 0;  // the check is for the view as a whole
    }
    return regions;
}

}  // namespace signet::signature
