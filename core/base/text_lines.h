#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/base/hashing.h"

namespace signet {

/// Hands over a text file of any size line by line, without line ends ("\n" or "\r\n"; what follows the last
/// one is a line where it is not empty). Returns the digests of the whole file. Throws what readParts()
/// throws, and TooLarge where a line is longer than maxLine bytes.
StreamHash::Digests eachLine(const std::filesystem::path& file,
                             const std::function<void(std::string& line)>& onLine,
                             std::size_t maxLine = 1 << 20);

}  // namespace signet
