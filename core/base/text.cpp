#include "core/base/text.h"

#include <fmt/format.h>
#include <time.h>

#include <chrono>

#include "core/base/error.h"

namespace signet {

std::string toHex(std::span<const std::uint8_t> bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
    return out;
}

std::string bytesFromHex(std::string_view hex) {
    const std::vector<std::uint8_t> bits = bitsFromHex(hex, static_cast<int>(4 * hex.size()));
    if (bits.size() % 8 != 0)
        throw Error(ErrorCode::BadOption, "half a byte in a text of hexadecimal digits");
    std::string bytes(bits.size() / 8, '\0');
    for (std::size_t i = 0; i < bits.size(); ++i)
        bytes[i / 8] = static_cast<char>(static_cast<unsigned char>(bytes[i / 8]) << 1 | bits[i]);
    return bytes;
}

std::vector<std::uint8_t> bitsFromHex(std::string_view hex, int n) {
    if (hex.starts_with("0x") || hex.starts_with("0X")) hex.remove_prefix(2);
    if (hex.empty()) throw Error(ErrorCode::BadOption, "a code needs at least one hexadecimal digit");
    std::vector<std::uint8_t> bits(static_cast<std::size_t>(n), 0);
    int position = n;
    for (auto it = hex.rbegin(); it != hex.rend(); ++it) {
        const char c = *it;
        int value = 0;
        if (c >= '0' && c <= '9') {
            value = c - '0';
        } else if (c >= 'a' && c <= 'f') {
            value = c - 'a' + 10;
        } else if (c >= 'A' && c <= 'F') {
            value = c - 'A' + 10;
        } else {
            throw Error(ErrorCode::BadOption, fmt::format("\"{}\" is not a hexadecimal code", hex));
        }
        for (int b = 0; b < 4; ++b) {
            const bool set = (value >> b) & 1;
            --position;
            if (position >= 0) {
                bits[static_cast<std::size_t>(position)] = set;
            } else if (set) {
                throw Error(ErrorCode::BadOption, fmt::format("code \"{}\" does not fit in {} bits", hex, n));
            }
        }
    }
    return bits;
}

std::string hexFromBits(std::span<const std::uint8_t> bits) {
    const std::size_t digits = (bits.size() + 3) / 4;
    std::string out(digits, '0');
    int value = 0;
    int weight = 0;
    std::size_t digit = digits;
    for (std::size_t i = bits.size(); i-- > 0;) {
        value |= (bits[i] ? 1 : 0) << weight;
        if (++weight == 4 || i == 0) {
            out[--digit] = "0123456789abcdef"[value];
            value = 0;
            weight = 0;
        }
    }
    return out;
}

std::string toUtf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size();) {
        const auto lead = static_cast<unsigned char>(bytes[i]);
        const int length = lead < 0x80                   ? 1
                           : lead >= 0xC2 && lead < 0xE0 ? 2
                           : lead >= 0xE0 && lead < 0xF0 ? 3
                           : lead >= 0xF0 && lead < 0xF5 ? 4
                                                         : 0;
        bool valid = length > 0 && i + static_cast<std::size_t>(length) <= bytes.size();
        for (int k = 1; valid && k < length; ++k) {
            valid = (static_cast<unsigned char>(bytes[i + static_cast<std::size_t>(k)]) & 0xC0) == 0x80;
        }
        if (valid && length == 3) {
            const auto second = static_cast<unsigned char>(bytes[i + 1]);
            valid = !(lead == 0xE0 && second < 0xA0) && !(lead == 0xED && second >= 0xA0);
        } else if (valid && length == 4) {
            const auto second = static_cast<unsigned char>(bytes[i + 1]);
            valid = !(lead == 0xF0 && second < 0x90) && !(lead == 0xF4 && second >= 0x90);
        }
        if (valid) {
            out.append(bytes.substr(i, static_cast<std::size_t>(length)));
            i += static_cast<std::size_t>(length);
        } else {
            out += "\xEF\xBF\xBD";
            ++i;
        }
    }
    return out;
}

std::string utcOf(std::int64_t seconds, std::int64_t milliseconds) {
    const std::time_t time = seconds;
    std::tm utc{};
    gmtime_r(&time, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                       utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, milliseconds);
}

std::string utcNow() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    return utcOf(ms / 1000, ms % 1000);
}

}  // namespace signet
