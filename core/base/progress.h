#pragma once

#include <functional>
#include <stop_token>
#include <string>

namespace signet {

/// Called from the working thread: done of total units, and what is being done. total 0 means unknown.
using ProgressSink = std::function<void(std::uint64_t done, std::uint64_t total, const std::string& what)>;

/// What a long piece of work is handed: how to be stopped and where to say how far it is.
struct WorkContext {
    std::stop_token stop;
    ProgressSink progress;

    void report(std::uint64_t done, std::uint64_t total, const std::string& what) const {
        if (progress) progress(done, total, what);
    }
};

}  // namespace signet
