#pragma once

#include <torch/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/metrics/picture_features.h"
#include "core/training/task.h"

namespace signet::generators {

/// How far what a generator draws lies from pictures that it does not learn from: a Frechet distance on
/// features of EfficientNet-Lite0 (never to be called FID), measured again and again as a run goes. For one
/// thread.
class DrawnDistance {
public:
    /// The first `count` pictures of the part of the folder that no training uses (Split::Calibration), or as
    /// many as there are, at least two. Throws Environment where the network's weights are not installed,
    /// NotFound.
    DrawnDistance(const std::filesystem::path& folder, int count, const training::Placement& placement,
                  int threads);

    /// draw(n) gives n pictures, [n,3,H,W] in [-1,1]. Of as many as there are real ones: "val_fd_efflite0"
    /// and "val_kid_efflite0".
    training::NamedValues measure(const std::function<torch::Tensor(std::int64_t)>& draw);

    /// Real pictures.
    std::int64_t count() const { return m_features.count(metrics::PictureFeatures::Set::A); }

private:
    metrics::PictureFeatures m_features;
};

/// Over as many pictures of the folder as a run's options ask for (distanceImages); nothing where that is 0,
/// or where it cannot be measured: why says so then, and what to do.
std::unique_ptr<DrawnDistance> drawnDistance(const std::string& folder, int distanceImages, int threads,
                                             const training::Placement& placement, std::string& why);

}  // namespace signet::generators
