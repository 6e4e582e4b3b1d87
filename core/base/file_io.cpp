#include "core/base/file_io.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/base/visible_text.h"

namespace fs = std::filesystem;

namespace signet {
namespace {

class FileDescriptor {
public:
    explicit FileDescriptor(int fd) : m_fd(fd) {}
    ~FileDescriptor() {
        if (m_fd >= 0) ::close(m_fd);
    }
    FileDescriptor(FileDescriptor&& other) noexcept : m_fd(other.release()) {}
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    int get() const { return m_fd; }
    int release() { return std::exchange(m_fd, -1); }

private:
    int m_fd;
};

}  // namespace

void throwFileError(int error, const fs::path& path, const char* what) {
    const std::string name = visibleName(path);
    switch (error) {
        case ENOENT:
        case ENOTDIR:
            throw Error(ErrorCode::NotFound, fmt::format("{} is not there (cannot {} it)", name, what));
        case EACCES:
        case EPERM:
        case EROFS:
            throw Error(ErrorCode::NoPermission, fmt::format("no permission to {} {}: {}", what, name,
                                                             std::generic_category().message(error)));
        case ENOSPC:
        case EDQUOT:
            throw Error(ErrorCode::DiskFull,
                        fmt::format("no space left to {} {}: free some space and try again", what, name));
        case EISDIR:
            throw Error(ErrorCode::Unsupported, fmt::format("{} is a folder", name));
        default:
            throw Error(ErrorCode::Environment,
                        fmt::format("cannot {} {}: {}", what, name, std::generic_category().message(error)));
    }
}

namespace {

void writeAll(int fd, std::span<const std::uint8_t> bytes, const fs::path& path) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t n = ::write(fd, bytes.data() + done, bytes.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throwFileError(errno, path, "write");
        done += static_cast<std::size_t>(n);
    }
}

}  // namespace

namespace {

/// An input opened without leaving a trace: read-only and, where the system allows it, without touching its
/// access time. Throws as readFile does.
FileDescriptor openInput(const fs::path& path, std::uint64_t* size) {
    // O_NONBLOCK: a FIFO or a device among the inputs must not hang the queue; regular files ignore it.
    constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
    int opened = ::open(path.c_str(), kFlags | O_NOATIME);
    if (opened < 0 && errno == EPERM)
        opened = ::open(path.c_str(), kFlags);  // not the owner: O_NOATIME is refused
    if (opened < 0) throwFileError(errno, path, "open");
    FileDescriptor fd(opened);
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0) throwFileError(errno, path, "read");
    if (S_ISDIR(info.st_mode)) throwFileError(EISDIR, path, "read");
    if (!S_ISREG(info.st_mode)) {
        throw Error(ErrorCode::Unsupported, fmt::format("{} is not a regular file", visibleName(path)));
    }
    *size = static_cast<std::uint64_t>(info.st_size);
    return fd;
}

/// Bytes read into buffer; 0 at the end.
std::size_t readSome(const FileDescriptor& fd, std::span<std::uint8_t> buffer, const fs::path& path) {
    for (;;) {
        const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
        if (n >= 0) return static_cast<std::size_t>(n);
        if (errno != EINTR) throwFileError(errno, path, "read");
    }
}

}  // namespace

Bytes readFile(const fs::path& path, std::uint64_t maxBytes) {
    std::uint64_t size = 0;
    const FileDescriptor fd = openInput(path, &size);
    if (size > maxBytes) {
        throw Error(ErrorCode::TooLarge,
                    fmt::format("{} has {} bytes; the limit is {}", visibleName(path), size, maxBytes));
    }
    Bytes bytes(size);
    std::size_t done = 0;
    while (done < bytes.size()) {
        const std::size_t n = readSome(fd, std::span(bytes).subspan(done), path);
        if (n == 0) break;
        done += n;
    }
    if (done != bytes.size()) {
        throw Error(ErrorCode::Corrupt,
                    fmt::format("{} became shorter while it was read", visibleName(path)));
    }
    return bytes;
}

void readParts(const fs::path& path, const std::function<bool(std::span<const std::uint8_t>)>& onPart) {
    std::uint64_t size = 0;
    const FileDescriptor fd = openInput(path, &size);
    Bytes buffer(1 << 20);
    for (;;) {
        const std::size_t n = readSome(fd, buffer, path);
        if (n == 0 || !onPart(std::span(buffer).first(n))) return;
    }
}

Bytes readStart(const fs::path& path, std::size_t count) {
    std::uint64_t size = 0;
    const FileDescriptor fd = openInput(path, &size);
    Bytes bytes(static_cast<std::size_t>(std::min<std::uint64_t>(size, count)));
    std::size_t done = 0;
    while (done < bytes.size()) {
        const std::size_t n = readSome(fd, std::span(bytes).subspan(done), path);
        if (n == 0) break;
        done += n;
    }
    bytes.resize(done);
    return bytes;
}

std::string readTextFile(const fs::path& path, std::uint64_t maxBytes) {
    const Bytes bytes = readFile(path, maxBytes);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void streamFileAtomically(const fs::path& path, const std::function<void(const WritePart&)>& produce,
                          IfExists ifExists, Readers readers) {
    if (ifExists == IfExists::Refuse && fs::exists(fs::symlink_status(path))) {
        throw Error(
            ErrorCode::Exists,
            fmt::format("{} exists: choose another name or allow replacing it (--force)", visibleName(path)));
    }
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    std::string temporary = (folder / fittingName("." + path.filename().native(), ".XXXXXX")).string();
    FileDescriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));
    if (fd.get() < 0) throwFileError(errno, path, "write");
    try {
        if (readers == Readers::AsUsual) {  // mkostemp's mode is 600
            const mode_t mask = ::umask(0);
            ::umask(mask);
            ::fchmod(fd.get(), 0666 & ~mask);
        }
        produce([&](std::span<const std::uint8_t> part) { writeAll(fd.get(), part, path); });
        if (::fsync(fd.get()) != 0) throwFileError(errno, path, "write");
        if (::close(fd.release()) != 0) throwFileError(errno, path, "write");
        if (ifExists == IfExists::Refuse) {
            // link + unlink instead of rename: never replaces a file that appeared meanwhile.
            if (::link(temporary.c_str(), path.c_str()) == 0) {
                ::unlink(temporary.c_str());
                return;
            }
            if (errno == EEXIST) {
                throw Error(ErrorCode::Exists, fmt::format("{} exists", visibleName(path)));
            }
        }
        if (::rename(temporary.c_str(), path.c_str()) != 0) throwFileError(errno, path, "write");
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
}

void writeFileAtomically(const fs::path& path, std::span<const std::uint8_t> bytes, IfExists ifExists,
                         Readers readers) {
    streamFileAtomically(
        path, [bytes](const WritePart& write) { write(bytes); }, ifExists, readers);
}

void writeFileAtomically(const fs::path& path, std::string_view text, IfExists ifExists, Readers readers) {
    writeFileAtomically(path, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()),
                        ifExists, readers);
}

void flushFolder(const fs::path& folder) {
    const FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0) throwFileError(errno, folder, "open");
    if (::fsync(fd.get()) != 0 && errno != EINVAL) throwFileError(errno, folder, "write");
}

std::string fittingName(std::string_view start, std::string_view end) {
    if (start.size() + end.size() <= kMaxNameBytes) return std::string(start) + std::string(end);
    constexpr std::size_t kHashDigits = 8;
    const std::string mark = "~" + sha256Hex(std::string(start)).substr(0, kHashDigits);
    const std::size_t taken = std::min(mark.size() + end.size(), kMaxNameBytes);
    std::size_t kept = kMaxNameBytes - taken;
    while (kept > 0 && (static_cast<unsigned char>(start[kept]) & 0xC0) == 0x80) --kept;  // whole characters
    return std::string(start.substr(0, kept)) + mark + std::string(end);
}

std::vector<fs::path> filesIn(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
         at.increment(error)) {
        std::error_code ignored;
        if (at->is_regular_file(ignored)) files.push_back(at->path());
    }
    if (error) throwFileError(error.value(), folder, "open");
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace signet
