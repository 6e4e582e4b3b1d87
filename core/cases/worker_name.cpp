#include "core/cases/worker_name.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>

namespace signet::cases {
namespace {

/// Start time of a process in clock ticks since boot (proc(5), field 22), with the boot's id; empty where
/// there is no such process. Process ids come again, this does not.
std::string startOf(long pid) {
    std::ifstream stat(fmt::format("/proc/{}/stat", pid));
    std::string text;
    std::getline(stat, text);
    const auto end = text.rfind(')');  // the command's name may hold anything
    if (end == std::string::npos) return {};
    std::istringstream fields(text.substr(end + 2));
    std::string field;
    for (int i = 3; i <= 22; ++i) {
        fields >> field;
        if (i == 3 && (field == "Z" || field == "X")) return {};  // over, and not yet collected
    }
    std::string boot;
    std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), boot);
    return fmt::format("{}.{}", boot.substr(0, 8), field);
}

}  // namespace

std::string hostName() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
    return name.data();
}

std::string workerName(const std::string& suffix) {
    return fmt::format("{}/{}/{}{}{}", hostName(), ::getpid(), startOf(::getpid()), suffix.empty() ? "" : "/",
                       suffix);
}

bool isDeadHere(const std::string& worker) {
    std::istringstream parts(worker);
    std::string host, pid, start;
    std::getline(parts, host, '/');
    std::getline(parts, pid, '/');
    std::getline(parts, start, '/');
    if (host != hostName() || pid.empty() || start.empty()) return false;
    return startOf(std::stol(pid)) != start;
}

}  // namespace signet::cases
