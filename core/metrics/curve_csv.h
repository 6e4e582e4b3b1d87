#pragma once

#include <filesystem>
#include <span>
#include <stop_token>
#include <string>

#include "core/base/file_io.h"
#include "core/metrics/curve_points.h"

namespace signet::metrics {

/// A curve as it was at one moment.
struct CurveSnapshot {
    std::string name;
    std::shared_ptr<const CurvePoints> points;
    double smoothing = 0;
};

/// Every point of the curves, not thinned, as CSV (RFC 4180, but lines end in LF):
/// curve,step,images,seconds,value,smoothed. Numbers read back to the same double; nan and inf stand as such.
/// smoothed is the debiased moving average on all points (Ema). Throws what writeFileAtomically throws, and
/// Cancelled; then nothing is left behind.
void writeCurvesCsv(const std::filesystem::path& path, std::span<const CurveSnapshot> curves,
                    IfExists ifExists, const std::stop_token& stop = {});

}  // namespace signet::metrics
