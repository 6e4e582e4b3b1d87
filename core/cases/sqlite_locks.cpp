#include "core/cases/sqlite_locks.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "core/base/error.h"

namespace signet::cases {
namespace {

/// The descriptions that hold the locks, by file. SQLite may take a lock through one descriptor of a file and
/// give it back through another, so that all of a file's descriptors share one.
class LockHolders {
public:
    int control(int fd, int command, struct flock& lock) {
        const std::lock_guard guard(m_mutex);
        const int holder = holderOf(fd);
        if (holder < 0) return -1;
        lock.l_pid = 0;
        return ::fcntl(holder, command, &lock);
    }

    int close(int fd) {
        const std::lock_guard guard(m_mutex);  // before another thread may be given the same number
        if (const auto file = m_fileOf.find(fd); file != m_fileOf.end()) {
            const auto found = m_holders.find(file->second);
            found->second.users.erase(fd);
            if (found->second.users.empty()) {
                ::close(found->second.fd);
                m_holders.erase(found);
            }
            m_fileOf.erase(file);
        }
        return ::close(fd);
    }

private:
    using File = std::pair<dev_t, ino_t>;
    struct Holder {
        int fd = -1;
        std::set<int> users;  ///< SQLite's descriptors of the file
    };

    int holderOf(int fd) {
        if (const auto known = m_fileOf.find(fd); known != m_fileOf.end())
            return m_holders.at(known->second).fd;
        struct stat status {};
        if (::fstat(fd, &status) != 0) return -1;
        const File file{status.st_dev, status.st_ino};
        Holder& holder = m_holders[file];
        if (holder.fd < 0) holder.fd = openAgain(fd);
        if (holder.fd < 0) {
            m_holders.erase(file);
            return -1;
        }
        holder.users.insert(fd);
        m_fileOf.emplace(fd, file);
        return holder.fd;
    }

    /// Writable where the file is, though fd may not be: a lock to write is refused to a reader's
    /// description.
    static int openAgain(int fd) {
        const int own = ::open(fmt::format("/proc/self/fd/{}", fd).c_str(), O_RDWR | O_CLOEXEC);
        return own >= 0 ? own : ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
    }

    std::mutex m_mutex;
    std::map<File, Holder> m_holders;
    std::map<int, File> m_fileOf;
};

LockHolders& holders() {
    static auto* const kHolders = new LockHolders;  // SQLite may still close files when the process ends
    return *kHolders;
}

int ownFcntl(int fd, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    void* const argument = va_arg(arguments, void*);
    va_end(arguments);
    switch (command) {
        case F_SETLK:
            return holders().control(fd, F_OFD_SETLK, *static_cast<struct flock*>(argument));
        case F_GETLK:
            return holders().control(fd, F_OFD_GETLK, *static_cast<struct flock*>(argument));
        default:
            return ::fcntl(fd, command, argument);
    }
}

int ownClose(int fd) {
    return holders().close(fd);
}

}  // namespace

void useOwnSqliteLocks() {
    static const bool kDone = [] {
        sqlite3_vfs* const files = sqlite3_vfs_find("unix");
        const auto replace = [&](const char* name, auto* call) {
            return files != nullptr &&
                   files->xSetSystemCall(files, name, reinterpret_cast<sqlite3_syscall_ptr>(call)) ==
                       SQLITE_OK;
        };
        if (!replace("fcntl", &ownFcntl) || !replace("close", &ownClose))
            throw Error(ErrorCode::Environment, "this SQLite does not let its file locks be replaced");
        return true;
    }();
    (void)kDone;
}

}  // namespace signet::cases
