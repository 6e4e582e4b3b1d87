#pragma once

#include <string>
#include <vector>

#include "core/cases/verify.h"

namespace signet::cases {

/// Compares the files in the case's folder with the records: one that no exhibit, no evidence map and no
/// report is recorded for is a problem of kind "file". Files of an intake or examination that goes on, or was
/// cut off, are named in found.underWay instead. Links are not followed. Writes nothing.
void checkFolder(CaseStore& store, Verification& found);

/// Throws Exists where a file that is to be written is the case, or one of its files or of its exhibits'.
void refuseCaseFile(CaseStore& store, const std::filesystem::path& output);

/// Lets go of what processes of this machine held when they died: exhibits wait again, half-made copies and
/// maps are removed.
void removeLeftovers(CaseStore& store);

/// What a copy is called until its exhibit is recorded: a name no other intake has, from which its process
/// can be told. In "evidence".
std::string incomingName();

/// Of the maps that a worker makes of an exhibit, below the case's folder: "artifacts/3-0123456789ab".
std::string mapFolder(RowId exhibit, const std::string& worker, const std::string& startedUtc);

/// Takes a folder away again unless it is kept.
class UnrecordedFolder {
public:
    explicit UnrecordedFolder(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    ~UnrecordedFolder();
    UnrecordedFolder(const UnrecordedFolder&) = delete;
    UnrecordedFolder& operator=(const UnrecordedFolder&) = delete;
    const std::filesystem::path& path() const { return m_folder; }
    void keep() { m_kept = true; }

private:
    std::filesystem::path m_folder;
    bool m_kept = false;
};

}  // namespace signet::cases
