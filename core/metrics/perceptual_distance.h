#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/image/image.h"

namespace signet::metrics {

/// "EffLite0-dist": how different two images are to a network that was trained on photographs, LPIPS's
/// uncalibrated form (Zhang et al. 2018: features of unit length, squared difference summed over channels,
/// mean over places, summed over layers) on the five sizes of EfficientNet-Lite0. Not LPIPS, whose networks
/// are others: values compare with each other only. Holds no Torch type in its interface; calls from several
/// threads are served one after another.
class PerceptualDistance {
public:
    static constexpr int kLargestSide = 512;  ///< px: larger images are reduced to it

    /// weights: see findFeatureWeights(). Throws HashMismatch, Corrupt, NotFound.
    explicit PerceptualDistance(const std::filesystem::path& weights);
    ~PerceptualDistance();
    PerceptualDistance(PerceptualDistance&&) noexcept;
    PerceptualDistance& operator=(PerceptualDistance&&) noexcept;

    /// 0 for equal images. Throws BadOption when the sizes differ, TooSmall under 32 px.
    double operator()(const image::Image& a, const image::Image& b) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::metrics
