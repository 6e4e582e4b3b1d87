#pragma once

#include <memory>
#include <optional>
#include <string>

namespace signet::nn {

/// How busy a GPU is, from NVIDIA's management library (NVML), which comes with the driver and is opened at
/// run time. For one thread at a time.
class GpuMonitor {
public:
    struct Reading {
        double loadPercent = 0;  ///< share of the last sampling period (up to 1 s) in which a kernel ran
        std::optional<double> temperatureCelsius;  ///< of the chip
    };

    /// busId: the GPU's PCI address ("00000000:3B:00.0"), the one name that the numbering of
    /// CUDA_VISIBLE_DEVICES leaves alone. Where it is empty, the library is not there or knows no such GPU,
    /// every reading is nothing.
    explicit GpuMonitor(const std::string& busId, const char* library = "libnvidia-ml.so.1");
    ~GpuMonitor();
    GpuMonitor(const GpuMonitor&) = delete;
    GpuMonitor& operator=(const GpuMonitor&) = delete;

    std::optional<Reading> read() const;

private:
    struct Nvml;
    std::unique_ptr<Nvml> m_nvml;  ///< null: nothing to read
};

}  // namespace signet::nn
