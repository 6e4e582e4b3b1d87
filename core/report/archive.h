#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/progress.h"

namespace signet::report {

/// A file that goes into an archive: its name there ("evidence/000003-front.jpg") and where its bytes are.
struct ArchiveEntry {
    std::string name;
    std::filesystem::path source;
};

/// Makes a folder, or for a name that ends in .zip a zip file, out of entries. What was half made when it
/// fails or is stopped is taken away. Throws Exists where path is there already, Cancelled, and what reading
/// and writing throws.
void writeArchive(const std::filesystem::path& path, std::span<const ArchiveEntry> entries,
                  const WorkContext& context);

/// Looks into one. Whatever the bytes are, nothing is written and no name leads out of it.
class ArchiveReader {
public:
    /// Throws NotFound, Corrupt (no zip), NoPermission.
    static std::unique_ptr<ArchiveReader> open(const std::filesystem::path& path);
    virtual ~ArchiveReader() = default;

    /// Names of all files with '/' between folders, as stored; a name that is there twice is there twice.
    /// What is neither a file nor a folder (a link, a device) is named too, and cannot be read.
    virtual std::vector<std::string> names() const = 0;

    /// Hands a file over part by part until its end or until onPart says false. Throws NotFound, Corrupt.
    virtual void read(const std::string& name,
                      const std::function<bool(std::span<const std::uint8_t> part)>& onPart) const = 0;

    /// A small file as text. Throws TooLarge as well.
    std::string readText(const std::string& name, std::uint64_t maxBytes) const;
};

/// Whether name may stand in an archive: relative, no "..", no empty part, no backslash, no control
/// character.
bool isSafeName(std::string_view name);

}  // namespace signet::report
