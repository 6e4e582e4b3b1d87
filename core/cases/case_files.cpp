#include "core/cases/case_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <set>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/cases/case_connection.h"
#include "core/cases/worker_name.h"

namespace fs = std::filesystem;

namespace signet::cases {
namespace {

constexpr std::string_view kIncoming = "incoming ";
constexpr std::string_view kMaps = "artifacts/";

/// Whether a file of "evidence" is a copy that is being made; not even whole under a name with a dot.
bool isIncoming(std::string_view name) {
    if (name.starts_with('.')) name.remove_prefix(1);
    return name.starts_with(kIncoming);
}

std::string workerOf(std::string incoming) {
    if (incoming.starts_with('.')) incoming.erase(0, 1);
    std::replace(incoming.begin(), incoming.end(), ' ', '/');
    return incoming.substr(kIncoming.size());
}

/// "artifacts/3-0123456789ab/x.png" -> 3; 0 for another name.
RowId exhibitOfMap(std::string_view name) {
    RowId id = 0;
    if (!name.starts_with(kMaps)) return 0;
    const char* const end = name.data() + name.size();
    const auto [at, error] = std::from_chars(name.data() + kMaps.size(), end, id);
    return error == std::errc{} && at != end && *at == '-' ? id : 0;
}

bool isSameFile(const fs::path& a, const fs::path& b) {
    std::error_code ignored;
    return fs::equivalent(a, b, ignored);
}

class FolderCheck {
public:
    FolderCheck(CaseStore& store, Verification& found) : m_store(store), m_found(found) {}

    /// The files are listed before the records are read: what was finished meanwhile is in both.
    void run() {
        list(m_store.folder());
        readRecords();
        for (const std::string& name : m_names) {
            if (m_recorded.contains(name) || isOwn(name)) continue;
            if (isUnderWay(name)) {
                m_found.underWay.push_back(name);
                continue;
            }
            std::error_code ignored;
            if (!fs::exists(fs::symlink_status(m_store.folder() / name, ignored))) continue;  // gone by now
            problem(name,
                    "the file is in the case's folder, but the case knows nothing of it: it was put "
                    "there past the program");
        }
    }

private:
    void problem(const std::string& name, const std::string& message) {
        m_found.problems.push_back({"file", toUtf8(name), message});
    }

    /// A folder that is gone by now was that of an examination which was given up.
    void list(const fs::path& folder) {
        std::error_code error;
        for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
            std::error_code ignored;
            if (fs::is_directory(at->symlink_status(ignored))) {
                list(at->path());
                continue;
            }
            const fs::path name = at->path().lexically_relative(m_store.folder());
            m_names.insert(name.string());
            if (name.parent_path() == "evidence" && isIncoming(name.filename().string()))
                m_incoming.push_back(at->path());
        }
        if (error && error != std::errc::no_such_file_or_directory)
            problem(folder.string(), fmt::format("the folder cannot be read ({}): there may be files in it "
                                                 "that the case does not know",
                                                 error.message()));
    }

    void readRecords() {
        Database& database = m_store.connection().database;
        database.read([&] {
            m_recorded.clear();
            m_running.clear();
            for (const char* query : {"SELECT copy_path FROM evidence WHERE copy_path <> ''",
                                      "SELECT original_path FROM evidence WHERE copy_path = ''",
                                      "SELECT path FROM artifact", "SELECT path FROM report"})
                eachRow(m_store.connection().sql(), query, {}, [&](RowReader& row) {
                    const fs::path path = row.text();
                    m_recorded.insert(path.is_absolute() ? path.lexically_relative(m_store.folder()).string()
                                                         : path.string());
                });
            eachRow(m_store.connection().sql(), "SELECT evidence_id FROM work WHERE state = 'running'", {},
                    [&](RowReader& row) { m_running.insert(row.integer()); });
        });
    }

    /// The database itself may have been put into the folder.
    bool isOwn(const std::string& name) const {
        if (m_store.connection().database.dialect() != Dialect::Sqlite) return false;
        const fs::path database = fs::absolute(m_store.location());
        const fs::path file = m_store.folder() / name;
        return file.parent_path() == database.parent_path() &&
               file.filename().string().starts_with(database.filename().string());
    }

    bool isUnderWay(const std::string& name) const {
        const fs::path file = m_store.folder() / name;
        if (name.starts_with("evidence/"))
            return std::any_of(m_incoming.begin(), m_incoming.end(),
                               [&](const fs::path& incoming) { return isSameFile(file, incoming); });
        return m_running.contains(exhibitOfMap(name));
    }

    CaseStore& m_store;
    Verification& m_found;
    std::set<std::string> m_names;  ///< relative to the case's folder
    std::vector<fs::path> m_incoming;
    std::set<std::string> m_recorded;
    std::set<RowId> m_running;
};

/// Maps of an examination that died. One whose record was committed in its last moment stays.
void removeMaps(CaseStore& store, const std::set<RowId>& exhibits) {
    std::set<std::string> recorded;
    for (const Artifact& artifact : store.results().artifacts())
        recorded.insert(fs::path(artifact.path).parent_path().string());
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(store.folder() / kMaps, error)) {
        const std::string name = std::string(kMaps) + entry.path().filename().string();
        std::error_code ignored;
        if (exhibits.contains(exhibitOfMap(name)) && !recorded.contains(name))
            fs::remove_all(entry.path(), ignored);
    }
}

}  // namespace

std::string incomingName() {
    static std::atomic<int> count = 0;
    std::string name = std::string(kIncoming) + workerName(std::to_string(++count));
    std::replace(name.begin(), name.end(), '/', ' ');
    return name;
}

std::string mapFolder(RowId exhibit, const std::string& worker, const std::string& startedUtc) {
    return fmt::format("{}{}-{}", kMaps, exhibit, sha256Hex(worker + startedUtc).substr(0, 12));
}

UnrecordedFolder::~UnrecordedFolder() {
    std::error_code ignored;
    if (!m_kept) fs::remove_all(m_folder, ignored);
}

void checkFolder(CaseStore& store, Verification& found) {
    FolderCheck(store, found).run();
}

void refuseCaseFile(CaseStore& store, const fs::path& output) {
    std::error_code ignored;
    bool refused =
        isSameFile(output, store.location()) ||
        fs::absolute(output).lexically_normal().string().starts_with(store.folder().string() + "/");
    if (!refused && fs::exists(output, ignored)) {
        const std::vector<Exhibit> all = store.exhibits().all();
        refused = std::any_of(all.begin(), all.end(),
                              [&](const Exhibit& e) { return isSameFile(output, e.originalPath); });
    }
    if (refused)
        throw Error(ErrorCode::Exists, fmt::format("{} belongs to the case; choose another folder or name",
                                                   toUtf8(output.string())));
}

void removeLeftovers(CaseStore& store) {
    if (const std::set<RowId> back = store.work().releaseFromDead(); !back.empty()) removeMaps(store, back);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(store.folder() / "evidence", error)) {
        const std::string name = entry.path().filename().string();
        if (!isIncoming(name) || !isDeadHere(workerOf(name))) continue;
        // A second name means that the copy was made, but perhaps not recorded. It stays until the same
        // bytes are taken in again: another process may be about to record it.
        std::error_code ignored;
        if (fs::hard_link_count(entry.path(), ignored) > 1) {
            Verification left;
            checkFolder(store, left);
            const bool unrecorded =
                std::any_of(left.underWay.begin(), left.underWay.end(), [&](const std::string& other) {
                    const fs::path file = store.folder() / other;
                    return file != entry.path() && isSameFile(file, entry.path());
                });
            if (unrecorded) continue;
        }
        fs::remove(entry.path(), ignored);
    }
}

}  // namespace signet::cases
