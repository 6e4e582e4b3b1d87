#include "ui/shell/startup_time.h"

#include <unistd.h>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>

namespace signet::ui {

double millisecondsSinceProcessStart() {
    std::ifstream file("/proc/self/stat");
    std::string line;
    if (!std::getline(file, line)) return -1;
    const auto afterName = line.rfind(')');  // the name may hold spaces
    if (afterName == std::string::npos) return -1;
    std::istringstream fields(line.substr(afterName + 1));
    std::string field;
    for (int number = 3; number <= 22 && fields >> field; ++number) {
    }
    if (!fields) return -1;
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    const double nowMs = 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
    return nowMs - 1e3 * std::stod(field) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace signet::ui
