#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signet {

/// Lower-case hexadecimal, two digits a byte.
std::string toHex(std::span<const std::uint8_t> bytes);

/// The bytes of a text of hexadecimal digits, two a byte. Throws BadOption.
std::string bytesFromHex(std::string_view hex);

/// The n bits of a code, most significant first, from ceil(n/4) hexadecimal digits (leading zeros may be left
/// out). Throws BadOption on another character or on a value that needs more than n bits.
std::vector<std::uint8_t> bitsFromHex(std::string_view hex, int n);

/// ceil(n/4) hexadecimal digits of n bits, most significant first.
std::string hexFromBits(std::span<const std::uint8_t> bits);

/// Valid UTF-8 for any bytes: what is not UTF-8 becomes U+FFFD, so that a file name can always stand in a
/// JSON record.
std::string toUtf8(std::string_view bytes);

/// A time since 1970 as UTC, ISO 8601 with milliseconds.
std::string utcOf(std::int64_t seconds, std::int64_t milliseconds);

/// Now, UTC, ISO 8601 with milliseconds, e.g. "2026-11-22T05:50:03.120Z".
std::string utcNow();

}  // namespace signet
