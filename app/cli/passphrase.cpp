#include "app/cli/passphrase.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "app/cli/common.h"
#include "core/base/file_io.h"

namespace signet::cli {
namespace {

constexpr std::uint64_t kMostBytes = 4096;

/// The terminal of the process, without echo until the end.
class Terminal {
public:
    Terminal() : m_fd(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
        if (m_fd < 0 || ::tcgetattr(m_fd, &m_before) != 0) {
            if (m_fd >= 0) ::close(m_fd);
            throw Error(
                ErrorCode::BadOption,
                "a passphrase is needed and there is no terminal to ask at: give --passphrase-file FILE");
        }
        termios silent = m_before;
        silent.c_lflag = (silent.c_lflag & ~static_cast<tcflag_t>(ECHO)) | ECHONL | ICANON | ISIG;
        ::tcsetattr(m_fd, TCSAFLUSH, &silent);
    }
    ~Terminal() {
        ::tcsetattr(m_fd, TCSAFLUSH, &m_before);
        ::close(m_fd);
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    void say(const std::string& text) const {
        if (::write(m_fd, text.data(), text.size()) < 0) throwFileError(errno, "/dev/tty", "write");
    }

    /// A line without its end.
    std::string line(const std::stop_token& stop) const {
        constexpr int kLookMs = 100;
        std::string text;
        for (;;) {
            if (stop.stop_requested()) throw Error(ErrorCode::Cancelled, "interrupted");
            pollfd ready{m_fd, POLLIN, 0};
            if (::poll(&ready, 1, kLookMs) <= 0) continue;  // time is up, or a signal
            char c = 0;
            if (::read(m_fd, &c, 1) != 1 || c == '\n') return text;
            text += c;
        }
    }

private:
    int m_fd;
    termios m_before{};
};

}  // namespace

PassphraseInput::PassphraseInput(std::string file, std::stop_token stop)
    : m_file(std::move(file)), m_stop(std::move(stop)) {}

std::string PassphraseInput::ask(const std::string& ofWhat) const {
    return m_file.empty() ? prompt("Passphrase of " + ofWhat + ": ") : fromFile();
}

std::string PassphraseInput::choose(const std::string& ofWhat) const {
    if (!m_file.empty()) return fromFile();
    std::string chosen = prompt("New passphrase of " + ofWhat + ": ");
    if (prompt("The same again: ") != chosen)
        throw Error(ErrorCode::BadOption, "the two passphrases differ: try again");
    return chosen;
}

std::string PassphraseInput::fromFile() const {
    const std::string text = readTextFile(m_file, kMostBytes);
    struct stat info {};
    if (::stat(m_file.c_str(), &info) == 0 && (info.st_mode & 077) != 0)
        spdlog::warn("others may read the passphrase in {}: chmod 600 it", shown(m_file));
    std::string line = text.substr(0, text.find('\n'));
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty())
        throw Error(ErrorCode::BadOption,
                    fmt::format("the first line of {} is empty; it must be the passphrase", shown(m_file)));
    return line;
}

std::string PassphraseInput::prompt(const std::string& text) const {
    const Terminal terminal;
    terminal.say(text);
    return terminal.line(m_stop);
}

}  // namespace signet::cli
