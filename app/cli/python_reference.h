#pragma once

#include <sys/types.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace signet::cli {

/// The Python with PyTorch that installer/setup_python installs. Throws Environment naming that command where
/// it is not there.
std::filesystem::path torchPython();

/// A script of tests/bench. Throws Environment where the program does not run from a checkout.
std::filesystem::path benchScript(const std::string& name);

/// A program that answers each line of JSON on its stdin with one on its stdout; ended with this object.
class LineProcess {
public:
    /// Throws Environment where it cannot be started.
    explicit LineProcess(const std::vector<std::string>& command);
    ~LineProcess();
    LineProcess(const LineProcess&) = delete;
    LineProcess& operator=(const LineProcess&) = delete;

    /// The next line of its stdout. Throws Environment when it has ended or said something else.
    Json receive();
    /// Sends a line and waits for the answer.
    Json ask(const Json& question);

private:
    std::string m_name;
    pid_t m_process = -1;
    std::FILE* m_in = nullptr;
    std::FILE* m_out = nullptr;
};

}  // namespace signet::cli
