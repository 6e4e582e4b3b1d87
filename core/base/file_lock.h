#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace signet {

/// The sole right to write somewhere, held across processes: an advisory lock (flock) on a file, which the
/// system releases when the holder ends, however it ends. The file itself stays.
class FileLock {
public:
    /// Creates the file if needed, and waits up to patience for another holder. Throws Exists where that one
    /// still has it (message: what is in use), NoPermission, NotFound (folder).
    FileLock(const std::filesystem::path& path, const std::string& what,
             std::chrono::milliseconds patience = {});
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
