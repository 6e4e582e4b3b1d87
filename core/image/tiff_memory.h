#pragma once

#include <tiffio.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace signet::image::codecs {

/// A TIFF file in memory for libtiff: read from a span, or written to a vector. Errors and warnings of
/// libtiff go to firstError, never to stderr. Must outlive the handle opened on it.
struct TiffMemory {
    std::span<const std::uint8_t> input;  ///< when reading
    std::vector<std::uint8_t> output;     ///< when writing
    bool writing = false;
    std::uint64_t at = 0;
    std::string firstError;
};

struct TiffCloser {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using TiffHandle = std::unique_ptr<TIFF, TiffCloser>;

/// Opens memory for reading ("r") or writing ("w"); null when libtiff refuses (see firstError). No single
/// allocation inside libtiff may pass maxAllocation bytes.
TiffHandle openTiff(TiffMemory& memory, std::uint64_t maxAllocation);

}  // namespace signet::image::codecs
