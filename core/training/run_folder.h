#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "core/base/json.h"
#include "core/nn/safetensors.h"

namespace signet::training {

/// The folder of one training run: config.json (options, environment), metrics.jsonl (a JSON object a logged
/// step), checkpoint.safetensors (full state; the one before it as checkpoint.previous.safetensors). For the
/// training thread only.
class RunFolder {
public:
    /// Creates the folder if needed. Throws NoPermission, DiskFull.
    explicit RunFolder(std::filesystem::path folder);

    const std::filesystem::path& path() const { return m_folder; }
    bool hasCheckpoint() const;

    void writeConfig(const Json& config);
    Json readConfig() const;

    /// Cuts metrics.jsonl back to records of steps <= step (a resumed run repeats the later ones) and opens
    /// it for appending.
    void openMetrics(std::uint64_t step);
    void appendMetrics(const Json& record);

    /// Writes aside and renames; the checkpoint before is kept.
    void writeCheckpoint(const nn::TensorMap& tensors, const nn::TextMap& metadata);
    /// The last checkpoint, or the one before when the last is damaged. Throws NotFound, Corrupt.
    nn::SafeTensors readCheckpoint() const;

private:
    std::filesystem::path m_folder;
    std::ofstream m_metrics;
};

}  // namespace signet::training
