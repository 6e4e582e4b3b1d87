#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "core/base/hashing.h"

namespace signet {

/// How much of a line is held at a time.
struct LineLimit {
    std::size_t bytes = 1 << 20;
    bool cuts = false;  ///< a longer line is handed over as its first bytes; else it is an error
};

/// Hands over a text file of any size line by line, without line ends ("\n" or "\r\n"). What follows the last
/// one is a line where it is not empty; ended is false for it. whole (may be null) is given all bytes as they
/// are read. Throws what readParts() throws, and TooLarge where a line is longer than the limit.
void eachLine(const std::filesystem::path& file,
              const std::function<void(std::string& line, bool ended)>& onLine, const LineLimit& limit = {},
              StreamHash* whole = nullptr);

}  // namespace signet
