#include "core/cases/intake.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/base/visible_text.h"
#include "core/cases/case_files.h"
#include "core/image/decode.h"

namespace fs = std::filesystem;

namespace signet::cases {
namespace {

std::string modifiedUtc(const fs::path& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return {};
    return utcOf(info.st_mtim.tv_sec, info.st_mtim.tv_nsec / 1'000'000);
}

/// The ending of a copy's name: the original's if it is a plain one.
std::string endingOf(const fs::path& path) {
    std::string ending = path.extension().string();
    const bool plain = ending.size() <= 8 && std::all_of(ending.begin(), ending.end(), [](unsigned char c) {
                           return c == '.' || (c < 128 && std::isalnum(c) != 0);
                       });
    if (!plain) return {};
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    return ending;
}

void createFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throwFileError(error.value(), folder, "write");
}

/// One that is there already stays, if it still is what its name says.
void refuseChangedCopy(const fs::path& copy, const std::string& sha256) {
    if (hashFile(copy).sha256 != sha256)
        throw Error(
            ErrorCode::HashMismatch,
            fmt::format("the case holds a copy of this file that was changed since: {}; verify the case",
                        toUtf8(copy.string())));
}

/// Gives the copy its name, as a second one: the first one tells whose it is until the exhibit is recorded.
void nameCopy(const fs::path& incoming, const fs::path& copy, const std::string& sha256) {
    std::error_code error;
    if (fs::exists(copy, error)) return refuseChangedCopy(copy, sha256);
    fs::permissions(incoming, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
    fs::create_hard_link(incoming, copy, error);
    if (error == std::errc::file_exists) return refuseChangedCopy(copy, sha256);
    if (error) fs::rename(incoming, copy, error);  // a file system without links
    if (error) throwFileError(error.value(), copy, "write");
    flushFolder(copy.parent_path());
}

/// How many pictures a file holds that was taken in; 1 where that cannot be told: its examination says why.
int framesOf(const fs::path& file, const std::string& sha256) {
    Bytes bytes;
    try {
        bytes = readFile(file);
        if (sha256Hex(bytes) == sha256) return image::probe(bytes).frames;
    } catch (const Error&) {
        return 1;
    }
    throw Error(ErrorCode::HashMismatch,
                fmt::format("{} was changed while it was taken in", visibleName(file)));
}

}  // namespace

std::vector<IntakeResult> takeIn(CaseStore& store, const fs::path& path, const IntakeOptions& options) {
    Exhibit e;
    e.originalPath = fs::absolute(path).lexically_normal();
    e.modifiedUtc = modifiedUtc(path);
    e.receivedFrom = options.receivedFrom;
    e.note = options.note;
    StreamHash hash;
    fs::path incoming;
    const auto read = [&](const WritePart& write) {
        readParts(path, [&](std::span<const std::uint8_t> part) {
            hash.add(part);
            if (write) write(part);
            return true;
        });
    };
    if (options.copy) {
        createFolder(store.folder() / "evidence");
        incoming = store.folder() / "evidence" / incomingName();
        streamFileAtomically(incoming, read, IfExists::Replace);
    } else {
        read({});
    }
    const StreamHash::Digests digests = hash.finish();
    e.sha256 = digests.sha256;
    e.md5 = digests.md5;
    e.bytes = static_cast<std::int64_t>(digests.bytes);
    int frames = 1;
    try {
        if (options.copy) {
            if (hashFile(incoming).sha256 != e.sha256)
                throw Error(
                    ErrorCode::HashMismatch,
                    fmt::format("the copy of {} does not read back as written: check the disk of the case",
                                visibleName(path)));
            frames = framesOf(incoming, e.sha256);  // before the copy has its name: from there on it is quick
            e.copyPath = fmt::format("evidence/{}/{}{}", e.sha256.substr(0, 2), e.sha256, endingOf(path));
            const fs::path copy = store.folder() / e.copyPath;
            createFolder(copy.parent_path());
            nameCopy(incoming, copy, e.sha256);
        } else {
            frames = framesOf(path, e.sha256);
        }
    } catch (...) {
        std::error_code ignored;
        if (options.copy) fs::remove(incoming, ignored);
        throw;
    }
    std::vector<Exhibit> items(static_cast<std::size_t>(options.allFrames ? frames : 1), e);
    for (std::size_t i = 0; i < items.size(); ++i) items[i].frame = static_cast<int>(i + 1);
    const std::vector<bool> added = store.exhibits().add(items);
    std::error_code ignored;
    if (options.copy) fs::remove(incoming, ignored);
    std::vector<IntakeResult> results;
    for (std::size_t i = 0; i < items.size(); ++i) results.push_back({std::move(items[i]), added[i], frames});
    return results;
}

void recordNotTaken(CaseStore& store, const std::vector<image::LeftOut>& leftOut,
                    const std::vector<NotTaken>& failed) {
    if (leftOut.empty() && failed.empty()) return;
    Json others = Json::array(), failures = Json::array();
    for (const image::LeftOut& file : leftOut) others.push_back(toJson(file));
    for (const NotTaken& file : failed)
        failures.push_back({{"path", toUtf8(file.path.native())}, {"message", toUtf8(file.message)}});
    store.audit().note("not taken in", "case_info:1", {{"left_out", others}, {"failed", failures}});
}

}  // namespace signet::cases
