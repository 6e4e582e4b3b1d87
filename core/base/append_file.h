#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "core/base/file_io.h"

namespace signet {

/// A file that grows by whole records: what append was given is in it wholly or, after an error, not at all,
/// so that the writer can go on once there is space again. For one thread.
class AppendFile {
public:
    AppendFile() = default;
    /// Opens at the end; created if needed, for these readers. Throws NoPermission, NotFound (folder),
    /// DiskFull.
    explicit AppendFile(const std::filesystem::path& path, Readers readers = Readers::AsUsual);
    ~AppendFile();
    AppendFile(AppendFile&& other) noexcept;
    AppendFile& operator=(AppendFile&& other) noexcept;

    /// Handed to the operating system before it returns. Throws DiskFull, Environment.
    void append(std::string_view record);

private:
    std::filesystem::path m_path;
    int m_fd = -1;
    std::uint64_t m_size = 0;
};

}  // namespace signet
