#include "core/training/neighbours.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace signet::training {
namespace {

constexpr int kLooks = 10;
constexpr std::chrono::milliseconds kBetweenLooks{50};

/// State and start time of a process, as /proc/<id>/stat has them; '-' when there is none.
struct ProcessState {
    char state = '-';
    std::string started;
};

ProcessState stateOf(const std::string& id) {
    std::ifstream file("/proc/" + id + "/stat");
    std::string text;
    if (!std::getline(file, text)) return {};
    std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
    ProcessState result;
    constexpr int kStartTime = 22, kFirst = 3;  // numbers of the fields in proc(5)
    fields >> result.state;
    for (int field = kFirst + 1; field <= kStartTime; ++field) fields >> result.started;
    return result;
}

struct Place {
    std::string machine, process, started;
};

Place parse(const std::string& text) {
    std::istringstream fields(text);
    Place place;
    fields >> place.machine >> place.process >> place.started;
    return place;
}

bool ended(const Place& place) {
    const auto now = stateOf(place.process);
    return now.state == '-' || now.state == 'Z' || now.state == 'X' || now.started != place.started;
}

}  // namespace

std::string describePlace() {
    char host[256] = {};
    ::gethostname(host, sizeof host - 1);
    std::error_code error;
    const auto space = std::filesystem::read_symlink("/proc/self/ns/pid", error).string();
    const auto id = std::to_string(::getpid());
    return fmt::format("{}/{} {} {}", host, space, id, stateOf(id).started);
}

std::string endedNeighbours(const std::vector<std::string>& places, int ownRank) {
    if (places.empty()) return {};
    const auto own = parse(places[static_cast<std::size_t>(ownRank)]);
    for (int look = 0; look < kLooks; ++look) {
        if (look > 0) std::this_thread::sleep_for(kBetweenLooks);
        std::vector<std::string> found;
        for (std::size_t rank = 0; rank < places.size(); ++rank) {
            const auto place = parse(places[rank]);
            if (place.machine == own.machine && ended(place))
                found.push_back(fmt::format("rank {} (process {})", rank, place.process));
        }
        if (!found.empty())
            return fmt::format("{} {} ended", fmt::join(found, ", "), found.size() == 1 ? "has" : "have");
    }
    return {};
}

}  // namespace signet::training
