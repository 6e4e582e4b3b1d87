#pragma once

#include <optional>
#include <string_view>

#include "core/base/json.h"

namespace signet::training {

/// What the loop says about itself in a record of a run's curves, whatever is trained.
struct RunProgress {
    std::optional<double> learningRate;
    std::optional<double> imagesPerSecond;
    std::optional<double> dataWaitShare;  ///< of the time, since the record before
    std::optional<double> memoryMiB;      ///< of the process
    std::optional<double> gpuMemoryMiB, gpuLoadPercent, gpuTemperatureCelsius;  ///< on a GPU
    std::optional<double> etaSeconds, etaLow, etaHigh;  ///< time left: expected, and as a range

    /// Under the names records have: "lr", "images_per_s", "eta_s", ...; only what there is.
    Json toJson() const;
    /// Of a record, or of the newest value of each of a run's curves.
    static RunProgress among(const Json& record);
};

/// Whether a record's key names a curve: not one that tells the moment of the record or the time left.
bool isCurve(std::string_view key);

}  // namespace signet::training
