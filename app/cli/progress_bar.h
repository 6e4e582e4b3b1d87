#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace signet::cli {

/// One line on stderr that is redrawn in place, at most ten times a second; nothing at all where stderr is
/// not a terminal. Thread-safe.
class ProgressBar {
public:
    explicit ProgressBar(bool wanted);
    ~ProgressBar() { clear(); }
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// done of total units; total 0 means unknown. what: what is being done, UTF-8.
    void show(std::uint64_t done, std::uint64_t total, const std::string& what);

    /// Takes the bar off the screen before other output; the next show() draws it again.
    void clear();

private:
    using Clock = std::chrono::steady_clock;

    const bool m_enabled;
    const Clock::time_point m_started = Clock::now();
    std::mutex m_mutex;
    Clock::time_point m_drawn{};
    bool m_visible = false;
};

}  // namespace signet::cli
