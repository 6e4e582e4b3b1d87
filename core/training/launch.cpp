#include "core/training/launch.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

#include "core/base/error.h"

namespace signet::training {
namespace {

constexpr int kDefaultPort = 29500;  ///< torchrun's
constexpr int kMostRanks = 1 << 20;

/// The variables of one launcher.
class Reader {
public:
    Reader(const Environment& environment, std::string launcher)
        : m_environment(environment), m_launcher(std::move(launcher)) {}

    std::optional<std::string> text(const char* name) const {
        const char* value = m_environment(name);
        return value && *value ? std::optional<std::string>(value) : std::nullopt;
    }
    std::string required(const char* name) const {
        if (auto value = text(name)) return *value;
        throw Error(ErrorCode::BadOption,
                    fmt::format("this process looks started by {}, but {} is not set; start all ranks by the "
                                "launcher, or unset its variables to train in one process",
                                m_launcher, name));
    }
    int number(const char* name, int low, int high, std::optional<int> otherwise = {}) const {
        if (otherwise && !text(name)) return *otherwise;
        const std::string value = required(name);
        int result = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
        if (error != std::errc() || end != value.data() + value.size() || result < low || result > high)
            throw Error(ErrorCode::BadOption,
                        fmt::format("{} is \"{}\"; it is a number in {}..{}", name, value, low, high));
        return result;
    }

private:
    const Environment& m_environment;
    std::string m_launcher;
};

void readRank(const Reader& read, Launch& launch, const char* rank, const char* size, const char* local) {
    launch.size = read.number(size, 1, kMostRanks);
    launch.rank = read.number(rank, 0, launch.size - 1);
    launch.localRank = read.number(local, 0, kMostRanks, launch.rank);
}

Launch fromTorchrun(const Environment& environment) {
    Launch launch;
    launch.launcher = "torchrun";
    const Reader read(environment, launch.launcher);
    readRank(read, launch, "RANK", "WORLD_SIZE", "LOCAL_RANK");
    if (launch.size == 1) return launch;
    launch.host = read.required("MASTER_ADDR");
    launch.port = static_cast<std::uint16_t>(read.number("MASTER_PORT", 1, 65535));
    launch.storeIsUp = read.text("TORCHELASTIC_USE_AGENT_STORE") == "True";
    launch.attempt = read.text("TORCHELASTIC_RESTART_COUNT").value_or("0");
    return launch;
}

Launch fromOpenMpi(const Environment& environment) {
    Launch launch;
    launch.launcher = "mpirun";
    const Reader read(environment, launch.launcher);
    readRank(read, launch, "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK");
    const bool oneMachine =
        read.number("OMPI_COMM_WORLD_LOCAL_SIZE", 1, kMostRanks, launch.size) == launch.size;
    launch.host = oneMachine ? read.text("MASTER_ADDR").value_or("127.0.0.1") : read.required("MASTER_ADDR");
    launch.port = static_cast<std::uint16_t>(read.number("MASTER_PORT", 1, 65535, kDefaultPort));
    return launch;
}

Launch fromSlurm(const Environment& environment) {
    Launch launch;
    launch.launcher = "srun";
    const Reader read(environment, launch.launcher);
    const bool step = read.text("SLURM_STEP_NUM_TASKS").has_value();
    readRank(read, launch, "SLURM_PROCID", step ? "SLURM_STEP_NUM_TASKS" : "SLURM_NTASKS", "SLURM_LOCALID");
    if (launch.size == 1) return launch;
    auto host = read.text("MASTER_ADDR");
    if (!host) {
        const bool list = read.text("SLURM_STEP_NODELIST").has_value();
        host = firstSlurmNode(read.required(list ? "SLURM_STEP_NODELIST" : "SLURM_NODELIST"));
    }
    launch.host = *host;
    // Jobs and steps that share a machine meet at ports of their own.
    const int job = read.number("SLURM_JOB_ID", 0, 2'000'000'000, 0);
    const int stepId = read.number("SLURM_STEP_ID", 0, 2'000'000'000, 0);
    const int port = 20000 + static_cast<int>((job * 61LL + stepId) % 12000);
    launch.port = static_cast<std::uint16_t>(read.number("MASTER_PORT", 1, 65535, port));
    return launch;
}

}  // namespace

std::optional<Launch> ownLaunch() {
    return launchFrom([](const char* name) -> const char* { return std::getenv(name); });
}

std::string firstSlurmNode(const std::string& list) {
    const auto end = list.find_first_of(",[");
    std::string name = list.substr(0, end);
    if (end == std::string::npos || list[end] == ',') return name;
    const auto first = list.find_first_of("-,]", end);
    name += list.substr(end + 1, first == std::string::npos ? first : first - end - 1);
    const auto close = list.find(']', end);
    if (close == std::string::npos) return name;
    return name + list.substr(close + 1, list.find_first_of(",[", close) - close - 1);
}

std::optional<Launch> launchFrom(const Environment& environment) {
    const auto set = [&](const char* name) { return environment(name) != nullptr; };
    Launch launch;
    if (set("RANK") || set("WORLD_SIZE")) {
        launch = fromTorchrun(environment);
    } else if (set("OMPI_COMM_WORLD_RANK") || set("OMPI_COMM_WORLD_SIZE")) {
        launch = fromOpenMpi(environment);
    } else if (set("SLURM_PROCID") && set("SLURM_STEP_ID")) {
        launch = fromSlurm(environment);  // a batch script outside a step is no rank
    } else {
        return std::nullopt;
    }
    launch.patience =
        std::chrono::seconds(Reader(environment, launch.launcher).number("SIGNET_RANK_TIMEOUT", 1, 3600, 50));
    return launch.size > 1 ? std::optional(launch) : std::nullopt;
}

}  // namespace signet::training
