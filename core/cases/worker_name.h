#pragma once

#include <string>

namespace signet::cases {

/// Names this process for as long as it lives: "host/pid/start time". suffix tells several workers of one
/// process apart.
std::string workerName(const std::string& suffix = {});

/// Whether a worker of that name ran on this machine and its process is over.
bool isDeadHere(const std::string& worker);

}  // namespace signet::cases
