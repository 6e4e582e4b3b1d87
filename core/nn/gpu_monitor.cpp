#include "core/nn/gpu_monitor.h"

#include <dlfcn.h>

namespace signet::nn {
namespace {

// NVML's interface as its reference manual gives it, so that neither header nor library is needed to build.
using Device = struct NvmlDevice*;
struct Utilization {
    unsigned int gpu = 0;     ///< per cent
    unsigned int memory = 0;  ///< per cent of the time in which memory was read or written
};
constexpr int kSuccess = 0;
constexpr int kTemperatureOfChip = 0;

struct CloseLibrary {
    void operator()(void* library) const { dlclose(library); }
};

}  // namespace

struct GpuMonitor::Nvml {
    std::unique_ptr<void, CloseLibrary> library;
    int (*shutdown)() = nullptr;
    int (*utilization)(Device, Utilization*) = nullptr;
    int (*temperature)(Device, int, unsigned int*) = nullptr;
    Device device = nullptr;

    template <class Function>
    bool find(Function& function, const char* name) const {
        function = reinterpret_cast<Function>(dlsym(library.get(), name));
        return function != nullptr;
    }
};

GpuMonitor::GpuMonitor(const std::string& busId, const char* library) {
    if (busId.empty()) return;
    auto nvml = std::make_unique<Nvml>();
    nvml->library.reset(dlopen(library, RTLD_LAZY | RTLD_LOCAL));
    int (*begin)() = nullptr;
    int (*deviceAt)(const char*, Device*) = nullptr;
    if (!nvml->library || !nvml->find(begin, "nvmlInit_v2") || !nvml->find(nvml->shutdown, "nvmlShutdown") ||
        !nvml->find(nvml->utilization, "nvmlDeviceGetUtilizationRates") ||
        !nvml->find(deviceAt, "nvmlDeviceGetHandleByPciBusId_v2") || begin() != kSuccess)
        return;
    nvml->find(nvml->temperature, "nvmlDeviceGetTemperature");
    m_nvml = std::move(nvml);
    if (deviceAt(busId.c_str(), &m_nvml->device) != kSuccess) m_nvml->device = nullptr;
}

GpuMonitor::~GpuMonitor() {
    if (m_nvml) m_nvml->shutdown();
}

std::optional<GpuMonitor::Reading> GpuMonitor::read() const {
    Utilization use;
    if (!m_nvml || !m_nvml->device || m_nvml->utilization(m_nvml->device, &use) != kSuccess)
        return std::nullopt;
    Reading reading{static_cast<double>(use.gpu), std::nullopt};
    unsigned int celsius = 0;
    if (m_nvml->temperature && m_nvml->temperature(m_nvml->device, kTemperatureOfChip, &celsius) == kSuccess)
        reading.temperatureCelsius = celsius;
    return reading;
}

}  // namespace signet::nn
