// Stands in for NVIDIA's management library: one GPU at 0000:3B:00.0, 87 % busy, 64 °C warm.
#include <cstring>

namespace {
int fakeOpened = 0;
}

extern "C" {

int nvmlInit_v2() {
    ++fakeOpened;
    return 0;
}

int nvmlShutdown() {
    --fakeOpened;
    return 0;
}

int nvmlDeviceGetHandleByPciBusId_v2(const char* busId, void** device) {
    *device = &fakeOpened;
    return std::strcmp(busId, "0000:3B:00.0") == 0 ? 0 : 6;  // 6: not found
}

int nvmlDeviceGetUtilizationRates(void* device, unsigned int* rates) {
    if (device != &fakeOpened || fakeOpened != 1) return 1;
    rates[0] = 87;
    rates[1] = 12;
    return 0;
}

int nvmlDeviceGetTemperature(void* device, int sensor, unsigned int* celsius) {
    if (device != &fakeOpened || sensor != 0) return 2;
    *celsius = 64;
    return 0;
}
}
