#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

// The C entry points of signet_opencv_codec.so, a module that bench opens at run time.

/// Decodes a whole image file to 8-bit BGR and, where recoded is given, encodes it as JPEG again
/// (quality 1..100). False where OpenCV can do either not.
extern "C" bool signetOpenCvCodec(const std::uint8_t* file, std::size_t size, int quality,
                                  std::vector<std::uint8_t>* recoded);
