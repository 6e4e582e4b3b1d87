// Any bytes are a picture, or signet::Error says why not: header, every kind of frame, metadata.
#include <algorithm>
#include <set>
#include <span>

#include "core/base/error.h"
#include "core/image/decode.h"
#include "core/image/metadata.h"
#include "tests/fuzz/fuzz_input.h"

using namespace signet;
using signet::fuzz::require;

namespace {

/// Smaller than the program's own, through the same checks: what passes is decoded within milliseconds, and
/// memory taken before the check stands out (-malloc_limit_mb in installer/fuzz).
constexpr image::DecodeLimits kLimits{1u << 18, 4u << 20};

void decodeFrame(std::span<const std::uint8_t> file, int frame, int reduceToShortSide) {
    image::DecodeOptions options;
    options.frame = frame;
    options.reduceToShortSide = reduceToShortSide;
    options.limits = kLimits;
    const image::Decoded decoded = image::decode(file, options);
    const image::Image& picture = decoded.image;
    require(picture.width > 0 && picture.height > 0);
    require(picture.data.size() == picture.sampleCount() * static_cast<std::size_t>(picture.depth / 8));
    if (decoded.info.scaleDenominator != 1) return;
    const image::Header header = image::probe(file, frame);
    require(picture.width == header.width && picture.height == header.height);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span file(data, size);
    image::readMetadata(file);  // never throws
    int frames = 1;
    try {
        frames = image::probe(file).frames;
        decodeFrame(file, 1, 0);
        decodeFrame(file, 1, 8);
    } catch (const Error&) {
    }
    for (const int frame : std::set{2, 3, frames}) {
        if (frame < 2 || frame > frames) continue;
        try {
            image::readMetadata(file, frame);
            decodeFrame(file, frame, 0);
        } catch (const Error&) {
        }
    }
    return 0;
}
