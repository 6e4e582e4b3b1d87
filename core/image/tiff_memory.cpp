#include "core/image/tiff_memory.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace signet::image::codecs {
namespace {

TiffMemory& memoryOf(thandle_t handle) {
    return *static_cast<TiffMemory*>(handle);
}

std::uint64_t sizeOf(const TiffMemory& memory) {
    return memory.writing ? memory.output.size() : memory.input.size();
}

tmsize_t readSome(thandle_t handle, void* to, tmsize_t count) {
    TiffMemory& memory = memoryOf(handle);
    const std::uint8_t* data = memory.writing ? memory.output.data() : memory.input.data();
    if (count <= 0 || memory.at >= sizeOf(memory)) return 0;
    const auto take = std::min<std::uint64_t>(static_cast<std::uint64_t>(count), sizeOf(memory) - memory.at);
    std::memcpy(to, data + memory.at, take);
    memory.at += take;
    return static_cast<tmsize_t>(take);
}

tmsize_t writeSome(thandle_t handle, void* from, tmsize_t count) {
    TiffMemory& memory = memoryOf(handle);
    if (!memory.writing || count < 0) return -1;
    const std::uint64_t end = memory.at + static_cast<std::uint64_t>(count);
    try {
        if (end > memory.output.size()) memory.output.resize(end);
    } catch (const std::exception&) {
        return -1;
    }
    std::memcpy(memory.output.data() + memory.at, from, static_cast<std::size_t>(count));
    memory.at = end;
    return count;
}

toff_t seekTo(thandle_t handle, toff_t offset, int whence) {
    TiffMemory& memory = memoryOf(handle);
    if (whence == SEEK_CUR) offset += memory.at;
    if (whence == SEEK_END) offset += sizeOf(memory);
    memory.at = offset;
    return memory.at;
}

int closeNothing(thandle_t) {
    return 0;
}
toff_t sizeBytes(thandle_t handle) {
    return sizeOf(memoryOf(handle));
}

/// Lets libtiff read the input in place.
int mapInput(thandle_t handle, void** base, toff_t* size) {
    TiffMemory& memory = memoryOf(handle);
    if (memory.writing) return 0;
    *base = const_cast<std::uint8_t*>(memory.input.data());
    *size = memory.input.size();
    return 1;
}
void unmapInput(thandle_t, void*, toff_t) {}

int onError(TIFF*, void* user, const char*, const char* format, va_list arguments) {
    auto& memory = *static_cast<TiffMemory*>(user);
    char text[200] = {};
    std::vsnprintf(text, sizeof text, format, arguments);
    if (memory.firstError.empty()) memory.firstError = text;
    return 1;
}
int onWarning(TIFF*, void*, const char*, const char*, va_list) {
    return 1;
}

}  // namespace

TiffHandle openTiff(TiffMemory& memory, std::uint64_t maxAllocation) {
    const std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                               TIFFOpenOptionsFree);
    if (!options) return nullptr;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), static_cast<tmsize_t>(maxAllocation));
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), onError, &memory);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), onWarning, &memory);
    return TiffHandle(TIFFClientOpenExt("memory", memory.writing ? "w" : "r", &memory, readSome, writeSome,
                                        seekTo, closeNothing, sizeBytes, mapInput, unmapInput,
                                        options.get()));
}

}  // namespace signet::image::codecs
