#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/image/image.h"

namespace signet::metrics {

/// How far two sets of pictures lie apart, by features of EfficientNet-Lite0: never to be called FID, whose
/// network is another, nor to be compared with a published one.
struct SetDistance {
    std::int64_t nA = 0, nB = 0;
    double frechet = 0;  ///< "FD-EffLite0"
    double kernel = 0;   ///< KID on the same features
    std::optional<double> kernelSubsetDeviation;
    /// Frechet distance of the two halves of set A, in a drawn order: what no difference gives at half the
    /// number of pictures. Nothing where A has fewer than 4.
    std::optional<double> floor;
    int features = 0;  ///< numbers a picture: with fewer pictures covariances are not of full rank
};

/// Features of two sets of pictures. Holds no Torch type in its interface; for one thread.
class PictureFeatures {
public:
    static constexpr const char* kName = "FD-EffLite0";
    static constexpr int kSide = 224;  ///< px: a picture is brought to kSide x kSide, whatever its shape

    /// weights: see findFeatureWeights(). Throws HashMismatch, Corrupt, NotFound.
    PictureFeatures(const std::filesystem::path& weights, const std::string& device, int threads);
    ~PictureFeatures();

    enum class Set { A, B };
    void add(Set set, const image::Image& picture);
    std::int64_t count(Set set) const;
    void clear(Set set);
    /// Throws BadOption where a set has fewer than two pictures.
    SetDistance distance(std::uint64_t seed);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::metrics
