#pragma once

#include <vector>

#include "core/image/image.h"
#include "core/metrics/measured.h"

namespace signet::metrics {
class PerceptualDistance;
}

namespace signet::examine {

/// What signing does to images, whatever comes after, over the images of an evaluation.
struct SigningQuality {
    metrics::Spread psnrDb;
    metrics::Spread ssim;
    /// metrics::visibleDifference
    metrics::Spread visibleP99, visibleP999, visibleShareOver1;
    double pixelsPerDegree = 0;
    /// metrics::blurredDifference; n = 0 in records of before it was measured
    metrics::Spread blurredP99, blurredP999, blurredShareOver1;
    metrics::Spread middleEnergy;  ///< metrics::middleEnergy
    metrics::Spread perceptual;    ///< metrics::PerceptualDistance; n = 0 where its weights are not there
};

/// Adds its keys to a record: psnr_db, ssim, visible, and where they were measured blurred, middle_energy,
/// efflite0_dist.
void addQuality(Json& record, const SigningQuality& quality);
/// Those that are there. Throws Json::exception.
SigningQuality qualityFromJson(const Json& record);

/// Gathers it, image by image.
class QualityTally {
public:
    /// perceptual must outlive it; null: that distance is not measured.
    explicit QualityTally(const metrics::PerceptualDistance* perceptual) : m_perceptual(perceptual) {}

    /// Throws signet::Error for images of different sizes.
    void add(const image::Image& plain, const image::Image& marked, double psnrDb);
    bool empty() const { return m_psnr.empty(); }
    SigningQuality quality() const;

private:
    const metrics::PerceptualDistance* m_perceptual;
    std::vector<double> m_psnr, m_ssim, m_p99, m_p999, m_over1, m_blurredP99, m_blurredP999, m_blurredOver1,
        m_middle, m_distance;
};

}  // namespace signet::examine
