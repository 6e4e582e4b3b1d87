#include "core/generators/drawn_distance.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/image/decode.h"
#include "core/metrics/feature_weights.h"
#include "core/training/photo_set.h"
#include "core/training/picture_tensors.h"

namespace fs = std::filesystem;

namespace signet::generators {

using Set = metrics::PictureFeatures::Set;

namespace {

constexpr std::int64_t kDrawnAtOnce = 32;
constexpr std::uint64_t kSubsetSeed = 1;

fs::path installedWeights(const fs::path& workspace) {
    const auto weights = metrics::findFeatureWeights(workspace);
    if (weights.empty())
        throw Error(
            ErrorCode::Environment,
            "a Frechet distance needs the weights of EfficientNet-Lite0, which are not installed: run "
            "installer/setup_features, or train with distanceImages 0");
    return weights;
}

}  // namespace

DrawnDistance::DrawnDistance(const fs::path& folder, int count, const training::Placement& placement,
                             int threads)
    : m_features(installedWeights(placement.workspace), placement.device.str(), threads) {
    const auto photos = training::listPhotos(folder, training::Split::Calibration);
    const auto used = std::min(photos.files.size(), static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < used; ++i)
        m_features.add(Set::A, image::decode(readFile(photos.files[i])).image);
    if (used < 2)
        throw Error(ErrorCode::NotFound, "of the folder's pictures fewer than two are kept from training");
}

std::unique_ptr<DrawnDistance> drawnDistance(const std::string& folder, int distanceImages, int threads,
                                             const training::Placement& placement, std::string& why) {
    if (distanceImages <= 0) return nullptr;
    try {
        return std::make_unique<DrawnDistance>(folder, distanceImages, placement, threads);
    } catch (const Error& error) {
        why = std::string("No distance to held-out pictures is measured: ") + error.what();
        return nullptr;
    }
}

training::NamedValues DrawnDistance::measure(const std::function<torch::Tensor(std::int64_t)>& draw) {
    m_features.clear(Set::B);
    for (std::int64_t left = m_features.count(Set::A); left > 0;) {
        const std::int64_t some = std::min(left, kDrawnAtOnce);
        const auto pictures = draw(some);
        for (std::int64_t i = 0; i < some; ++i)
            m_features.add(Set::B, training::toImage(pictures.slice(0, i, i + 1)));
        left -= some;
    }
    const auto distance = m_features.distance(kSubsetSeed);
    return {{"val_fd_efflite0", distance.frechet}, {"val_kid_efflite0", distance.kernel}};
}

}  // namespace signet::generators
