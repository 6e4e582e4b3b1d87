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
/// end or until take says false. Throws NotFound, NoPermission, Unsupported.
void readParts(const std::filesystem::path& path,
               const std::function<bool(std::span<const std::uint8_t> part)>& take);

/// Same as readFile, as text.
std::string readTextFile(const std::filesystem::path& path, std::uint64_t maxBytes = kMaxInputBytes);

enum class IfExists { Refuse, Replace };

/// Writes beside the final name, flushes to the disk and renames, so that a reader never sees a part of it
/// and a failure leaves nothing behind. Throws Exists, NoPermission, NotFound (folder) or DiskFull.
void writeFileAtomically(const std::filesystem::path& path, std::span<const std::uint8_t> bytes,
                         IfExists ifExists);
void writeFileAtomically(const std::filesystem::path& path, std::string_view text, IfExists ifExists);

/// The same for content too large to be held at once: produce hands it over in parts. What produce throws
/// leaves nothing behind either.
using WritePart = std::function<void(std::span<const std::uint8_t> part)>;
void streamFileAtomically(const std::filesystem::path& path,
                          const std::function<void(const WritePart&)>& produce, IfExists ifExists);

/// Puts the names in a folder on the disk: what was renamed into it is there after a power failure.
void flushFolder(const std::filesystem::path& folder);

/// Regular files among paths, in the order given; a folder stands for its files (sorted by name), with those
/// of its sub-folders if recursive. Paths that do not exist are kept, so that they are reported one by one
/// later. onlyImageNames keeps, from folders, only names that end like an image's.
std::vector<std::filesystem::path> expandPaths(const std::vector<std::filesystem::path>& paths,
                                               bool recursive, bool onlyImageNames);

/// True for a name ending this program reads (jpg, jpeg, png, webp, tif, tiff, bmp; any case).
bool hasImageExtension(const std::filesystem::path& path);

}  // namespace signet
