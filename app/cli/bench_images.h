#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <vector>

#include "core/image/image.h"

namespace signet::cli {

inline constexpr int kSampleCount = 5;

/// Sample photograph number index (modulo kSampleCount) at width x height px. Throws Environment where no
/// samples are installed.
image::Image samplePicture(int index, int width, int height);

/// Picture number index for timings: one of the sample photographs enlarged to width x height px, with fine
/// grain so that a JPEG of it takes as many bytes as a camera's. The same index gives the same picture.
/// Throws Environment where no samples are installed.
image::Image benchPicture(int index, int width, int height);

/// n JPEG files (quality 92, 4:2:0) of such pictures in folder. Throws Cancelled, DiskFull.
std::vector<std::filesystem::path> writeBenchJpegs(const std::filesystem::path& folder, int n, int width,
                                                   int height, const std::stop_token& stop);

}  // namespace signet::cli
