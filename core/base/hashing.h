#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace signet {

/// SHA-256 of bytes in memory, as 64 lower-case hexadecimal digits.
std::string sha256Hex(std::span<const std::uint8_t> bytes);
std::string sha256Hex(std::string_view text);

}  // namespace signet
