#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/training/run_record.h"

// A run's files as those see them who only look: the desktop, the command line. Nothing here writes, holds
// the run's lock or needs Torch; the process that trains may be this one, another or on another machine.
namespace signet::training {

/// What people say of a run, beside run.json, which the process that trains writes alone.
struct RunNotes {
    std::string name;  ///< empty: the run is known by its model's name and the time it was made
    std::string note;
    bool operator==(const RunNotes&) const = default;
};

inline constexpr const char* kNotesFile = "notes.json";

/// Empty where there are none, or none that can be read.
RunNotes readRunNotes(const std::filesystem::path& folder);

/// Writes aside and renames; makes the folder where it is not there. Throws NoPermission, DiskFull.
void writeRunNotes(const std::filesystem::path& folder, const RunNotes& notes);

struct RunListing {
    std::filesystem::path folder;
    RunRecord record;
    RunNotes notes;
    std::string problem;  ///< why run.json could not be read; record is then empty
};

/// The runs in the folders right below parent, newest first. An absent parent has none.
std::vector<RunListing> listRuns(const std::filesystem::path& parent);

/// A folder's name for a new run: "20261124-193000-<name>", made where it is free.
std::filesystem::path newRunFolder(const std::filesystem::path& parent, const std::string& name);

/// New lines of a text file that grows, since the last call. A line that is not whole yet waits. For one
/// thread.
class LinesReader {
public:
    explicit LinesReader(std::filesystem::path path) : m_path(std::move(path)) {}

    struct News {
        bool restarted = false;  ///< the file was replaced (a resumed run): what was read before is void
        std::vector<std::string> lines;
        bool more = false;  ///< there is more than maxBytes: ask again
    };
    /// An absent file is an empty one. Throws NoPermission.
    News read(std::uint64_t maxBytes = 4 << 20);

private:
    std::filesystem::path m_path;
    std::uint64_t m_offset = 0;
    std::uint64_t m_inode = 0;
};

/// All objects of a file of JSON lines; damaged lines are left out, an absent file has none. Throws
/// NoPermission.
std::vector<Json> readJsonLines(const std::filesystem::path& path);

/// A checkpoint file that is there now, with what was noted when it was written.
struct CheckpointFile {
    std::string file;  ///< relative to the run folder
    std::uint64_t step = 0;
    std::uint64_t bytes = 0;
    std::string utc, sha256;
    Json metrics;
};

/// By step, newest first; a file that stands for the last and the best is listed as both.
std::vector<CheckpointFile> listCheckpoints(const std::filesystem::path& folder);

}  // namespace signet::training
