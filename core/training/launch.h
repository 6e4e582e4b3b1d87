#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace signet::training {

/// What a launcher says about the processes it started together, from this process's view.
struct Launch {
    std::string launcher;  ///< "torchrun", "mpirun" or "srun"
    int rank = 0;
    int size = 1;
    int localRank = 0;       ///< among this machine's ranks
    std::string host;        ///< where the ranks meet
    std::uint16_t port = 0;  ///< and at which port
    bool storeIsUp = false;  ///< the launcher's agent keeps the meeting place; else rank 0 opens it
    std::string attempt;     ///< a new name a start, where a meeting place outlives its processes
    std::chrono::seconds patience{50};  ///< how long a rank waits for the others before it gives up
};

/// A variable's value; null where it is not set. std::getenv in the program.
using Environment = std::function<const char*(const char*)>;

/// Reads the variables of torchrun (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT, TORCHELASTIC_*), else of Open
/// MPI's mpirun (OMPI_COMM_WORLD_*), else of srun (SLURM_PROCID within a step). mpirun on one machine and
/// srun need no MASTER_ADDR and MASTER_PORT; mpirun on several needs MASTER_ADDR. SIGNET_RANK_TIMEOUT
/// (seconds, 1..3600) sets patience. Nothing when the process was started alone or is the only rank. Throws
/// BadOption naming a variable that is missing or no number in its range.
std::optional<Launch> launchFrom(const Environment& environment);

/// What this process's launcher says, by its environment.
std::optional<Launch> ownLaunch();

/// The first host name of a Slurm node list: "gpu[03-05,9],login" -> "gpu03".
std::string firstSlurmNode(const std::string& list);

}  // namespace signet::training
