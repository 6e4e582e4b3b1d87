#include "core/training/run_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"

namespace fs = std::filesystem;

namespace signet::training {

RunNotes readRunNotes(const fs::path& folder) {
    std::error_code error;
    if (!fs::exists(folder / kNotesFile, error)) return {};
    try {
        const Json json = Json::parse(readTextFile(folder / kNotesFile));
        return {json.value("name", ""), json.value("note", "")};
    } catch (const std::exception&) {
        return {};  // the run is worth more than what is said of it
    }
}

void writeRunNotes(const fs::path& folder, const RunNotes& notes) {
    std::error_code error;
    fs::create_directories(folder, error);  // writing says what is wrong
    writeFileAtomically(folder / kNotesFile, Json{{"name", notes.name}, {"note", notes.note}}.dump(2) + "\n",
                        IfExists::Replace);
}

std::vector<RunListing> listRuns(const fs::path& parent) {
    std::vector<RunListing> runs;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(parent, error)) {
        if (!fs::exists(entry.path() / kRecordFile, error)) continue;
        RunListing run{entry.path(), {}, readRunNotes(entry.path()), {}};
        try {
            run.record = readRunRecord(entry.path());
        } catch (const Error& failure) {
            run.problem = failure.what();
        }
        runs.push_back(std::move(run));
    }
    std::sort(runs.begin(), runs.end(), [](const RunListing& a, const RunListing& b) {
        return std::tie(a.record.createdUtc, a.folder) > std::tie(b.record.createdUtc, b.folder);
    });
    return runs;
}

fs::path newRunFolder(const fs::path& parent, const std::string& name) {
    std::string stamp = utcNow().substr(0, 19);
    std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
    stamp[stamp.find('T')] = '-';
    std::string plain;
    for (const char c : name) plain += std::isalnum(static_cast<unsigned char>(c)) || c == '-' ? c : '_';
    const std::string stem = fmt::format("{}-{}", stamp, plain.substr(0, 60));
    fs::path folder = parent / stem;
    std::error_code error;
    fs::create_directories(parent, error);
    // create_directory is what decides: two programs may ask in the same second.
    for (int number = 2; !fs::create_directory(folder, error); ++number) {
        if (error)
            throw Error(ErrorCode::NoPermission,
                        fmt::format("cannot create {}: {}", toUtf8(folder.string()), error.message()));
        folder = parent / fmt::format("{}-{}", stem, number);
    }
    return folder;
}

LinesReader::News LinesReader::read(std::uint64_t maxBytes) {
    News news;
    const int fd = ::open(m_path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ENOENT) return news;
        throwFileError(errno, m_path, "read");
    }
    struct stat info {};
    ::fstat(fd, &info);
    if (m_inode != 0 && (m_inode != info.st_ino || static_cast<std::uint64_t>(info.st_size) < m_offset)) {
        news.restarted = true;
        m_offset = 0;
    }
    m_inode = info.st_ino;
    const std::uint64_t left = static_cast<std::uint64_t>(info.st_size) - m_offset;
    std::string text(std::min(left, maxBytes), '\0');
    const ssize_t n = ::pread(fd, text.data(), text.size(), static_cast<off_t>(m_offset));
    ::close(fd);
    text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    const auto whole = text.rfind('\n');
    if (whole == std::string::npos) return news;
    text.resize(whole + 1);
    m_offset += text.size();
    news.more = text.size() < left && left > maxBytes;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = text.find('\n', begin);
        news.lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return news;
}

std::vector<Json> readJsonLines(const fs::path& path) {
    std::vector<Json> records;
    LinesReader reader(path);
    for (bool more = true; more;) {
        const auto news = reader.read();
        more = news.more;
        for (const auto& line : news.lines) {
            if (Json record = Json::parse(line, nullptr, false); record.is_object())
                records.push_back(std::move(record));
        }
    }
    return records;
}

std::vector<CheckpointFile> listCheckpoints(const fs::path& folder) {
    std::map<std::string, CheckpointFile> newest;
    const auto note = [&](const Json& record) {
        for (const Json& name : record.at("files")) {
            const auto file = name.get<std::string>();
            if (file == "checkpoint.safetensors" && newest.contains(file)) {
                newest["checkpoint.previous.safetensors"] = newest[file];
                newest["checkpoint.previous.safetensors"].file = "checkpoint.previous.safetensors";
            }
            newest[file] = {file,
                            record.at("step"),
                            record.at("bytes"),
                            record.at("utc"),
                            record.at("sha256"),
                            record.at("metrics")};
        }
    };
    for (const Json& record : readJsonLines(folder / kCheckpointLogFile)) {
        try {
            note(record);
        } catch (const Json::exception&) {  // a line of another program's making
        }
    }
    std::vector<CheckpointFile> list;
    std::error_code error;
    for (auto& [file, checkpoint] : newest) {
        if (fs::exists(folder / file, error)) list.push_back(std::move(checkpoint));
    }
    std::sort(list.begin(), list.end(), [](const CheckpointFile& a, const CheckpointFile& b) {
        return a.step != b.step ? a.step > b.step : a.file < b.file;
    });
    return list;
}

}  // namespace signet::training
