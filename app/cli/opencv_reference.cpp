#include "app/cli/opencv_reference.h"

#include <dlfcn.h>

#include <string>

#include "core/base/error.h"

namespace signet::cli {
namespace {

void require(bool handled) {
    if (!handled) throw Error(ErrorCode::Internal, "OpenCV cannot handle a test image");
}

}  // namespace

OpenCvReference::OpenCvReference() {
    // found through the program's run path; stays open until the process ends, like any library
    void* module = dlopen("signet_opencv_codec.so", RTLD_NOW | RTLD_LOCAL);
    if (module) m_codec = reinterpret_cast<Codec>(dlsym(module, "signetOpenCvCodec"));
    if (!m_codec)
        throw Error(ErrorCode::Environment, std::string("OpenCV's codecs cannot be loaded: ") + dlerror());
}

void OpenCvReference::decode(std::span<const std::uint8_t> file) const {
    require(m_codec(file.data(), file.size(), 0, nullptr));
}

Bytes OpenCvReference::recodeJpeg(std::span<const std::uint8_t> file, int quality) const {
    Bytes bytes;
    require(m_codec(file.data(), file.size(), quality, &bytes));
    return bytes;
}

}  // namespace signet::cli
