#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace signet {

/// SHA-256 of bytes in memory, as 64 lower-case hexadecimal digits.
std::string sha256Hex(std::span<const std::uint8_t> bytes);
std::string sha256Hex(std::string_view text);

/// SHA-256 and MD5 of bytes that come in parts, in one pass.
class StreamHash {
public:
    StreamHash();
    ~StreamHash();
    StreamHash(const StreamHash&) = delete;
    StreamHash& operator=(const StreamHash&) = delete;
    void add(std::span<const std::uint8_t> part);

    struct Digests {
        std::string sha256;
        std::string md5;
        std::uint64_t bytes = 0;
    };
    /// Lower-case hexadecimal; once, at the end.
    Digests finish();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Both digests of a file, opened read-only. Throws as readParts (core/base/file_io.h) does.
StreamHash::Digests hashFile(const std::filesystem::path& path);

}  // namespace signet
