#include "app/cli/python_reference.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "core/base/error.h"
#include "core/base/platform.h"

extern char** environ;

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

constexpr const char* kPython = "signet/python-torch-2.11.0/bin/python";  // as in installer/setup_python

fs::path cacheFolder() {
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache) return cache;
    const char* home = std::getenv("HOME");
    return fs::path(home ? home : "/") / ".cache";
}

/// Both ends close in a child of ours.
std::array<int, 2> makePipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(ErrorCode::Environment, "no pipe could be made");
    return ends;
}

}  // namespace

fs::path torchPython() {
    fs::path python = cacheFolder() / kPython;
    if (!fs::exists(python))
        throw Error(ErrorCode::Environment,
                    python.string() +
                        " is missing: the comparison needs Python with PyTorch, which "
                        "installer/setup_python installs");
    return python;
}

std::filesystem::path benchScript(const std::string& name) {
    const auto script = dataFolder() / "tests/bench" / name;
    if (!std::filesystem::exists(script))
        throw Error(ErrorCode::Environment,
                    script.string() + " is missing: the comparison runs from a checkout");
    return script;
}

LineProcess::LineProcess(const std::vector<std::string>& command) : m_name(command.at(0)) {
    const auto toChild = makePipe();
    const auto fromChild = makePipe();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, toChild[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fromChild[1], STDOUT_FILENO);
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    const int failed = posix_spawn(&m_process, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(toChild[0]);
    close(fromChild[1]);
    m_in = fdopen(toChild[1], "w");
    m_out = fdopen(fromChild[0], "r");
    if (failed) {
        m_process = -1;
        throw Error(ErrorCode::Environment, m_name + " cannot be started");
    }
}

LineProcess::~LineProcess() {
    std::fclose(m_in);  // the end of its input is what it waits for
    std::fclose(m_out);
    if (m_process > 0) waitpid(m_process, nullptr, 0);
}

Json LineProcess::receive() {
    char* line = nullptr;
    std::size_t size = 0;
    const auto length = getline(&line, &size, m_out);
    Json answer = length > 0
                      ? Json::parse(std::string_view(line, static_cast<std::size_t>(length)), nullptr, false)
                      : Json(Json::value_t::discarded);
    std::free(line);
    if (answer.is_discarded())
        throw Error(ErrorCode::Environment, m_name + " ended or did not answer as expected (see above)");
    return answer;
}

Json LineProcess::ask(const Json& question) {
    std::fputs((question.dump() + "\n").c_str(), m_in);
    std::fflush(m_in);
    return receive();
}

}  // namespace signet::cli
