#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace signet {

/// How a program ended, and what it said.
struct ProgramEnd {
    int status = 0;      ///< its exit status; of one that a signal ended 128 + the signal's number
    std::string errors;  ///< what it wrote on stderr, of much the last 64 KiB
};

/// The file that a program's name stands for, looked for along PATH; a name with a slash is a path. Empty
/// where there is no such program.
std::filesystem::path findProgram(const std::string& name);

/// Runs a program, without a shell, and waits for its end. command: its name (as findProgram has it), then
/// its arguments. It has nothing on its stdin, what it writes on stdout is dropped, and it speaks English (C
/// locale). One that takes longer than the timeout is killed with all it has started. Thread-safe. Throws
/// Environment where it is not there, cannot be started or takes longer; a status other than 0 is no error.
ProgramEnd runProgram(const std::vector<std::string>& command, std::chrono::milliseconds timeout);

}  // namespace signet
