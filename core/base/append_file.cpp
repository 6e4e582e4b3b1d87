#include "core/base/append_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace signet {

AppendFile::AppendFile(const std::filesystem::path& path, Readers readers)
    : m_path(path),
      m_fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                  readers == Readers::OwnerOnly ? 0600 : 0666)) {
    if (m_fd < 0) throwFileError(errno, path, "write");
    const auto end = ::lseek(m_fd, 0, SEEK_END);
    m_size = end > 0 ? static_cast<std::uint64_t>(end) : 0;
}

AppendFile::~AppendFile() {
    if (m_fd >= 0) ::close(m_fd);
}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : m_path(std::move(other.m_path)), m_fd(std::exchange(other.m_fd, -1)), m_size(other.m_size) {}

AppendFile& AppendFile::operator=(AppendFile&& other) noexcept {
    std::swap(m_path, other.m_path);
    std::swap(m_fd, other.m_fd);
    std::swap(m_size, other.m_size);
    return *this;
}

void AppendFile::append(std::string_view record) {
    std::size_t done = 0;
    while (done < record.size()) {
        const ssize_t n = ::write(m_fd, record.data() + done, record.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            const int error = errno;
            if (::ftruncate(m_fd, static_cast<off_t>(m_size)) != 0) throwFileError(errno, m_path, "write");
            throwFileError(error, m_path, "write");
        }
        done += static_cast<std::size_t>(n);
    }
    m_size += record.size();
}

}  // namespace signet
