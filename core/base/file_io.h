#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signet {

using Bytes = std::vector<std::uint8_t>;

inline constexpr std::uint64_t kMaxInputBytes = 1ull
                                                << 30;  ///< 1 GiB: no image this program examines is larger

/// Throws the Error that fits an errno met while trying to "open", "read" or "write" path.
[[noreturn]] void throwFileError(int error, const std::filesystem::path& path, const char* what);

/// Reads a whole regular file, opened read-only and without touching its access time where the system allows
/// that. Throws NotFound, NoPermission, Unsupported (not a regular file) or TooLarge (over maxBytes).
Bytes readFile(const std::filesystem::path& path, std::uint64_t maxBytes = kMaxInputBytes);

/// Hands over a regular file of any size part by part (at most 1 MiB each), opened the same way, until its
/// end or until onPart says false. Throws NotFound, NoPermission, Unsupported.
void readParts(const std::filesystem::path& path,
               const std::function<bool(std::span<const std::uint8_t> part)>& onPart);

/// The first bytes of a regular file, at most count, opened the same way. Throws the same.
Bytes readStart(const std::filesystem::path& path, std::size_t count);

/// Same as readFile, as text.
std::string readTextFile(const std::filesystem::path& path, std::uint64_t maxBytes = kMaxInputBytes);

enum class IfExists { Refuse, Replace };
enum class Readers {
    AsUsual,   ///< mode 666 less the umask
    OwnerOnly  ///< mode 600 from the first byte on
};

/// Writes beside the final name, flushes to the disk and renames, so that a reader never sees a part of it
/// and a failure leaves nothing behind. Throws Exists, NoPermission, NotFound (folder) or DiskFull.
void writeFileAtomically(const std::filesystem::path& path, std::span<const std::uint8_t> bytes,
                         IfExists ifExists, Readers readers = Readers::AsUsual);
void writeFileAtomically(const std::filesystem::path& path, std::string_view text, IfExists ifExists,
                         Readers readers = Readers::AsUsual);

/// The same for content too large to be held at once: produce hands it over in parts. What produce throws
/// leaves nothing behind either.
using WritePart = std::function<void(std::span<const std::uint8_t> part)>;
void streamFileAtomically(const std::filesystem::path& path,
                          const std::function<void(const WritePart&)>& produce, IfExists ifExists,
                          Readers readers = Readers::AsUsual);

/// Puts the names in a folder on the disk: what was renamed into it is there after a power failure.
void flushFolder(const std::filesystem::path& folder);

/// The longest name of a file, bytes (NAME_MAX of the usual file systems).
inline constexpr std::size_t kMaxNameBytes = 255;

/// start + end, where that is too long for a file name with start cut between characters and the beginning
/// of its SHA-256 in place of what was cut, so that two long names do not become one.
std::string fittingName(std::string_view start, std::string_view end);

/// The regular files of a folder, sorted; not those of its sub-folders. Throws NotFound, NoPermission.
std::vector<std::filesystem::path> filesIn(const std::filesystem::path& folder);

}  // namespace signet
