#pragma once

#include <filesystem>
#include <string>

namespace signet {

/// The sole right to write somewhere, held across processes: an advisory lock (flock) on a file, which the
/// system releases when the holder ends, however it ends. The file itself stays.
class FileLock {
public:
    /// Creates the file if needed. Throws Exists where another holder has it (message: what is in use),
    /// NoPermission, NotFound (folder).
    FileLock(const std::filesystem::path& path, const std::string& what);
    ~FileLock();
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    FileLock(const FileLock&) = delete;

    /// Whether somebody holds the lock now. False where there is no such file.
    static bool isHeld(const std::filesystem::path& path);

private:
    int m_fd;
};

}  // namespace signet
