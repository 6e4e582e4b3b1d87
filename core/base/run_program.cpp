#include "core/base/run_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "core/base/error.h"

extern char** environ;

namespace fs = std::filesystem;

namespace signet {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kKeptBytes = 1 << 16;  ///< of stderr; a pipe holds as much
constexpr int kLookMs = 20;                  ///< between looks whether a silent program has ended
constexpr int kClosedLookMs = 2;             ///< the same once it has closed its stderr, as its end does

struct Descriptor {
    ~Descriptor() { close(); }
    void close() {
        if (number >= 0) ::close(number);
        number = -1;
    }
    int number = -1;
};

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(ErrorCode::Environment, "no pipe could be made");
        read.number = ends[0];
        write.number = ends[1];
        fcntl(read.number, F_SETFL, O_NONBLOCK);
    }
    Descriptor read, write;
};

/// What a child starts with: a process group of its own, no signals blocked, none ignored that ends programs.
struct Start {
    explicit Start(int errors) {
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
        posix_spawnattr_init(&attributes);
        sigset_t none, usual;
        sigemptyset(&none);
        sigemptyset(&usual);
        for (const int number : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&usual, number);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &usual);
        posix_spawnattr_setpgroup(&attributes, 0);
        posix_spawnattr_setflags(&attributes,
                                 POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Start() {
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
    }
    Start(const Start&) = delete;
    Start& operator=(const Start&) = delete;

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
};

/// This process's environment in the C locale.
std::vector<std::string> plainEnvironment() {
    std::vector<std::string> variables;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        if (!std::string_view(*variable).starts_with("LC_ALL=")) variables.emplace_back(*variable);
    }
    variables.emplace_back("LC_ALL=C");
    return variables;
}

std::vector<char*> pointersTo(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

/// Adds what there is to read now. False at the end of it.
bool takeErrors(int descriptor, std::string& errors) {
    std::array<char, kKeptBytes> part;
    const ssize_t count = read(descriptor, part.data(), part.size());
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    errors.append(part.data(), static_cast<std::size_t>(count));
    if (errors.size() > kKeptBytes) errors.erase(0, errors.size() - kKeptBytes);
    return count > 0;
}

int statusFrom(int waited) {
    return WIFEXITED(waited) ? WEXITSTATUS(waited) : 128 + WTERMSIG(waited);
}

ProgramEnd awaitEnd(pid_t process, int errorsFrom, const std::string& name,
                    std::chrono::milliseconds timeout) {
    const auto deadline = Clock::now() + timeout;
    ProgramEnd end;
    bool isOpen = true;
    for (;;) {
        isOpen = isOpen && takeErrors(errorsFrom, end.errors);
        int waited = 0;
        const pid_t ended = waitpid(process, &waited, WNOHANG);
        if (ended == process) {
            if (isOpen) takeErrors(errorsFrom, end.errors);
            end.status = statusFrom(waited);
            return end;
        }
        if (ended < 0 && errno != EINTR)
            throw Error(ErrorCode::Environment, fmt::format("{} cannot be waited for: {}", name,
                                                            std::generic_category().message(errno)));
        if (Clock::now() >= deadline) {
            kill(-process, SIGKILL);
            while (waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
            }
            throw Error(ErrorCode::Environment,
                        fmt::format("{} was not done within {:.1f} s and was stopped", name,
                                    static_cast<double>(timeout.count()) / 1000));
        }
        pollfd errorsComing{isOpen ? errorsFrom : -1, POLLIN, 0};
        poll(&errorsComing, 1, isOpen ? kLookMs : kClosedLookMs);
    }
}

}  // namespace

fs::path findProgram(const std::string& name) {
    const auto isProgram = [](const fs::path& path) {
        std::error_code ignored;
        return fs::is_regular_file(path, ignored) && access(path.c_str(), X_OK) == 0;
    };
    if (name.empty()) return {};
    if (name.find('/') != std::string::npos) return isProgram(name) ? fs::path(name) : fs::path();
    const char* set = std::getenv("PATH");
    const std::string folders = set ? set : "/usr/bin:/bin";
    for (std::size_t begin = 0; begin <= folders.size();) {
        const std::size_t end = std::min(folders.find(':', begin), folders.size());
        const fs::path folder = folders.substr(begin, end - begin);
        // An empty entry of PATH is the working folder: nothing is started from wherever that may be.
        if (!folder.empty() && isProgram(folder / name)) return folder / name;
        begin = end + 1;
    }
    return {};
}

ProgramEnd runProgram(const std::vector<std::string>& command, std::chrono::milliseconds timeout) {
    const std::string& name = command.at(0);
    const fs::path program = findProgram(name);
    if (program.empty()) throw Error(ErrorCode::Environment, name + " is not installed");
    Pipe errors;
    const Start start(errors.write.number);
    const auto variables = plainEnvironment();
    pid_t process = -1;
    const int problem = posix_spawn(&process, program.c_str(), &start.actions, &start.attributes,
                                    pointersTo(command).data(), pointersTo(variables).data());
    if (problem != 0)
        throw Error(ErrorCode::Environment, fmt::format("{} cannot be started: {}", program.string(),
                                                        std::generic_category().message(problem)));
    errors.write.close();
    return awaitEnd(process, errors.read.number, name, timeout);
}

}  // namespace signet
