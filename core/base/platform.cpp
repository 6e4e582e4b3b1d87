#include "core/base/platform.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/base/error.h"
#include "core/base/text.h"

namespace fs = std::filesystem;

namespace signet {
namespace {

fs::path environmentPath(const char* name) {
    const char* value = std::getenv(name);
    return value && *value ? fs::path(value) : fs::path();
}

}  // namespace

fs::path dataFolder() {
    if (fs::path set = environmentPath("SIGNET_DATA_DIR"); !set.empty()) return set;
    std::error_code error;
    const fs::path executable = fs::read_symlink("/proc/self/exe", error);
    // build/bin/signet -> the checkout; /usr/bin/signet -> /usr/share/signet
    for (fs::path at = executable.parent_path(); at.has_relative_path(); at = at.parent_path()) {
        if (fs::is_directory(at / "share/signet/models", error)) return at / "share/signet";
        if (fs::is_directory(at / "models", error) && fs::is_directory(at / "resources", error)) return at;
    }
    throw Error(ErrorCode::Environment,
                "models/ and resources/ were not found beside the program; set SIGNET_DATA_DIR to the folder "
                "that holds them");
}

fs::path defaultWorkspace() {
    if (const fs::path set = environmentPath("XDG_DATA_HOME"); !set.empty()) return set / "signet";
    const fs::path home = environmentPath("HOME");
    return (home.empty() ? fs::temp_directory_path() : home / ".local/share") / "signet";
}

double peakRssMiB() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

void forgetPeakRss() {
    std::ofstream("/proc/self/clear_refs") << "5";  // proc(5)
}

double currentRssMiB() {
    std::ifstream statm("/proc/self/statm");
    double total = 0;
    double resident = 0;
    statm >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double processCpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void lowerThreadPriority() {
    constexpr int kNice = 10;
    // On Linux the nice value is a thread's own; 0 is the calling one.
    setpriority(PRIO_PROCESS, 0, kNice);
}

std::string hostName() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
    return toUtf8(name.data());
}

ProcessState processState(const std::string& id) {
    std::ifstream file("/proc/" + id + "/stat");
    std::string text;
    if (!std::getline(file, text)) return {};
    // the command's name before the last ')' may hold anything
    std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
    constexpr int kStartTime = 22, kFirst = 3;  // numbers of the fields in proc(5)
    char state = 'X';
    ProcessState result;
    fields >> state;
    for (int field = kFirst + 1; field <= kStartTime; ++field) fields >> result.started;
    result.over = state == 'Z' || state == 'X';
    return result;
}

std::string processorName() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        if (line.starts_with("model name")) {
            const auto colon = line.find(':');
            return colon == std::string::npos ? line : line.substr(colon + 2);
        }
    }
    return "unknown";
}

}  // namespace signet
