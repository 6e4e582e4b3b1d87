#include "core/base/file_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>
#include <utility>

#include "core/base/error.h"
#include "core/base/text.h"

namespace fs = std::filesystem;

namespace signet {
namespace {

constexpr std::chrono::milliseconds kBetweenTries{5};

}  // namespace

FileLock::FileLock(const fs::path& path, const std::string& what, std::chrono::milliseconds patience)
    : m_fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
    const std::string name = toUtf8(path.string());
    if (m_fd < 0) {
        const int error = errno;
        throw Error(error == ENOENT ? ErrorCode::NotFound : ErrorCode::NoPermission,
                    fmt::format("cannot open {}: {}", name, std::generic_category().message(error)));
    }
    using Clock = std::chrono::steady_clock;
    const Clock::time_point end = Clock::now() + patience;
    int error = 0;
    do {
        if (error != 0) std::this_thread::sleep_for(kBetweenTries);
        if (::flock(m_fd, LOCK_EX | LOCK_NB) == 0) return;
        error = errno;
    } while ((error == EWOULDBLOCK || error == EINTR) && Clock::now() < end);
    ::close(m_fd);
    if (error == EWOULDBLOCK)
        throw Error(ErrorCode::Exists, fmt::format("{} is in use by another process", what));
    throw Error(ErrorCode::Environment,
                fmt::format("cannot lock {}: {}", name, std::generic_category().message(error)));
}

FileLock::~FileLock() {
    if (m_fd >= 0) ::close(m_fd);
}

FileLock::FileLock(FileLock&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}

bool FileLock::isHeld(const fs::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool held = ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(fd);
    return held;
}

}  // namespace signet
