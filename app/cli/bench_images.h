#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <vector>

#include "core/image/image.h"

namespace signet::cli {

/// A folder under the system's temporary folder that is removed with what is in it when this object goes.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

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
