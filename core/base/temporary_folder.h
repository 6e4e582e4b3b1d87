#pragma once

#include <filesystem>
#include <string>

namespace signet {

/// A folder below the system's temporary one that only this user can look into, for as long as it is needed.
class TemporaryFolder {
public:
    /// what: in its name, "bench". Throws Environment where none can be made.
    explicit TemporaryFolder(const std::string& what);
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

}  // namespace signet
