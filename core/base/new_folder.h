#pragma once

#include <filesystem>

namespace signet {

/// A folder that is made whole beside its place before it takes it, and goes again unless it is kept: others
/// see all of it or nothing, also when the process is killed (a hidden folder may then stay).
class NewFolder {
public:
    /// Of a folder to be; made() does not exist yet, and its parents do not have to. Throws Exists where
    /// something is there already.
    explicit NewFolder(const std::filesystem::path& place);
    ~NewFolder();
    NewFolder(const NewFolder&) = delete;
    NewFolder& operator=(const NewFolder&) = delete;

    /// Where the folder is now: it is to be made and filled there.
    const std::filesystem::path& made() const { return m_made; }
    /// What it will be called.
    std::string name() const { return m_place.filename().string(); }
    /// Takes its place. Throws Exists where there is something of that name by now, NoPermission, DiskFull.
    void put();
    /// It stays, where it was put.
    void keep() { m_made.clear(); }

private:
    std::filesystem::path m_place, m_made;
};

}  // namespace signet
