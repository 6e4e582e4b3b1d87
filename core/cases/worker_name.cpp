#include "core/cases/worker_name.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "core/base/platform.h"

namespace signet::cases {
namespace {

/// Start time of a process with the boot's id; empty where there is none any more.
std::string startOf(const std::string& pid) {
    const ProcessState process = processState(pid);
    if (process.over) return {};
    std::string boot;
    std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), boot);
    return fmt::format("{}.{}", boot.substr(0, 8), process.started);
}

}  // namespace

std::string workerName(const std::string& suffix) {
    return fmt::format("{}/{}/{}{}{}", hostName(), ::getpid(), startOf(std::to_string(::getpid())),
                       suffix.empty() ? "" : "/", suffix);
}

bool isDeadHere(const std::string& worker) {
    std::istringstream parts(worker);
    std::string host, pid, start;
    std::getline(parts, host, '/');
    std::getline(parts, pid, '/');
    std::getline(parts, start, '/');
    if (host != hostName() || pid.empty() || start.empty()) return false;
    return startOf(pid) != start;
}

}  // namespace signet::cases
