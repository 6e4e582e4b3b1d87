#pragma once

#include <cstdint>
#include <span>

#include "core/base/file_io.h"

namespace signet::cli {

/// OpenCV's codecs, what bench compares with: opened when this object is made. Both functions throw Internal
/// for bytes OpenCV cannot handle.
class OpenCvReference {
public:
    /// Throws Environment where the module or OpenCV's codecs are not installed.
    OpenCvReference();

    /// Decodes to pixels and drops them.
    void decode(std::span<const std::uint8_t> file) const;

    /// Decodes and encodes as JPEG of this quality (1..100).
    Bytes recodeJpeg(std::span<const std::uint8_t> file, int quality) const;

private:
    using Codec = bool (*)(const std::uint8_t*, std::size_t, int, Bytes*);
    Codec m_codec = nullptr;
};

}  // namespace signet::cli
