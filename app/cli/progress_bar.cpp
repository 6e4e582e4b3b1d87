#include "app/cli/progress_bar.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/cli/table.h"

namespace signet::cli {
namespace {

constexpr auto kRedrawInterval = std::chrono::milliseconds(100);
constexpr int kBarColumns = 24;

int terminalColumns() {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

std::string remaining(double seconds) {
    const long whole = std::lround(seconds);
    if (whole >= 3600) return fmt::format("{}:{:02}:{:02} left", whole / 3600, whole / 60 % 60, whole % 60);
    return fmt::format("{}:{:02} left", whole / 60, whole % 60);
}

}  // namespace

ProgressBar::ProgressBar(bool wanted) : m_enabled(wanted && isatty(STDERR_FILENO)) {}

void ProgressBar::show(std::uint64_t done, std::uint64_t total, const std::string& what) {
    if (!m_enabled) return;
    const std::lock_guard lock(m_mutex);
    const auto now = Clock::now();
    if (now - m_drawn < kRedrawInterval) return;
    m_drawn = now;
    std::string line;
    if (total > 0) {
        const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
        const auto full = static_cast<std::size_t>(share * kBarColumns);
        line = fmt::format("[{}{}] {}/{}", std::string(full, '#'), std::string(kBarColumns - full, '.'), done,
                           total);
        const double spent = std::chrono::duration<double>(now - m_started).count();
        if (share > 0 && share < 1 && spent > 1) line += "  " + remaining(spent * (1 - share) / share);
        line += "  ";
    }
    line = truncateColumns(line + what, static_cast<std::size_t>(terminalColumns()) - 1);
    fmt::print(stderr, "\r{}\x1b[K", line);
    std::fflush(stderr);
    m_visible = true;
}

void ProgressBar::clear() {
    const std::lock_guard lock(m_mutex);
    if (!m_visible) return;
    fmt::print(stderr, "\r\x1b[K");
    std::fflush(stderr);
    m_visible = false;
    m_drawn = {};
}

}  // namespace signet::cli
