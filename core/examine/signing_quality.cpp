#include "core/examine/signing_quality.h"

#include <cmath>

#include "core/metrics/blurred_difference.h"
#include "core/metrics/perceptual_distance.h"
#include "core/metrics/quality.h"
#include "core/metrics/visible_difference.h"

namespace signet::examine {
namespace {

Json differenceJson(const metrics::Spread& p99, const metrics::Spread& p999, const metrics::Spread& over1) {
    return {{"p99", metrics::toJson(p99)},
            {"p999", metrics::toJson(p999)},
            {"share_over_1", metrics::toJson(over1)}};
}

void takeSpread(const Json& json, const char* key, metrics::Spread& spread) {
    if (const auto at = json.find(key); at != json.end() && !at->is_null())
        spread = metrics::spreadFromJson(*at);
}

void takeDifference(const Json& json, metrics::Spread& p99, metrics::Spread& p999, metrics::Spread& over1) {
    takeSpread(json, "p99", p99);
    takeSpread(json, "p999", p999);
    takeSpread(json, "share_over_1", over1);
}

}  // namespace

void addQuality(Json& record, const SigningQuality& q) {
    record["psnr_db"] = metrics::toJson(q.psnrDb);
    record["ssim"] = metrics::toJson(q.ssim);
    record["visible"] = differenceJson(q.visibleP99, q.visibleP999, q.visibleShareOver1);
    record["visible"]["pixels_per_degree"] = q.pixelsPerDegree;
    if (q.blurredP99.n > 0) {
        record["blurred"] = differenceJson(q.blurredP99, q.blurredP999, q.blurredShareOver1);
        record["middle_energy"] = metrics::toJson(q.middleEnergy);
    }
    if (q.perceptual.n > 0) record["efflite0_dist"] = metrics::toJson(q.perceptual);
}

SigningQuality qualityFromJson(const Json& record) {
    SigningQuality q;
    takeSpread(record, "psnr_db", q.psnrDb);
    takeSpread(record, "ssim", q.ssim);
    if (const auto seen = record.find("visible"); seen != record.end()) {
        takeDifference(*seen, q.visibleP99, q.visibleP999, q.visibleShareOver1);
        q.pixelsPerDegree = seen->value("pixels_per_degree", 0.0);
    }
    if (const auto seen = record.find("blurred"); seen != record.end())
        takeDifference(*seen, q.blurredP99, q.blurredP999, q.blurredShareOver1);
    takeSpread(record, "middle_energy", q.middleEnergy);
    takeSpread(record, "efflite0_dist", q.perceptual);
    return q;
}

void QualityTally::add(const image::Image& plain, const image::Image& marked, double psnrDb) {
    m_psnr.push_back(psnrDb);
    m_ssim.push_back(metrics::ssimSampled(plain, marked));
    const auto seen = metrics::visibleDifference(plain, marked);
    m_p99.push_back(seen.p99);
    m_p999.push_back(seen.p999);
    m_over1.push_back(seen.shareOver1);
    const auto blurred = metrics::blurredDifference(plain, marked);
    m_blurredP99.push_back(blurred.p99);
    m_blurredP999.push_back(blurred.p999);
    m_blurredOver1.push_back(blurred.shareOver1);
    m_middle.push_back(metrics::middleEnergy(plain, marked));
    if (m_perceptual) m_distance.push_back((*m_perceptual)(plain, marked));
}

SigningQuality QualityTally::quality() const {
    using metrics::Better;
    using metrics::spreadOf;
    constexpr metrics::Interval kAny{-INFINITY, INFINITY}, kShare{0, 1}, kDifference{0, INFINITY};
    SigningQuality q;
    q.psnrDb = spreadOf(m_psnr, Better::Higher, kAny);
    q.ssim = spreadOf(m_ssim, Better::Higher, kShare);
    q.visibleP99 = spreadOf(m_p99, Better::Lower, kDifference);
    q.visibleP999 = spreadOf(m_p999, Better::Lower, kDifference);
    q.visibleShareOver1 = spreadOf(m_over1, Better::Lower, kShare);
    q.pixelsPerDegree = metrics::kPixelsPerDegree;
    q.blurredP99 = spreadOf(m_blurredP99, Better::Lower, kDifference);
    q.blurredP999 = spreadOf(m_blurredP999, Better::Lower, kDifference);
    q.blurredShareOver1 = spreadOf(m_blurredOver1, Better::Lower, kShare);
    q.middleEnergy = spreadOf(m_middle, Better::Lower, kDifference);
    if (m_perceptual) q.perceptual = spreadOf(m_distance, Better::Lower, kDifference);
    return q;
}

}  // namespace signet::examine
