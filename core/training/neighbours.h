#pragma once

#include <string>
#include <vector>

namespace signet::training {

/// Where this process runs: host name, PID namespace, process id and its start time, for the other ranks.
std::string describePlace();

/// Of the ranks on this machine (places as describePlace gave them, in rank order), those whose process has
/// ended, e.g. "rank 1 (process 4711) has ended"; empty when there is none. A process that is just ending is
/// waited for, up to half a second.
std::string endedNeighbours(const std::vector<std::string>& places, int ownRank);

}  // namespace signet::training
