#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace signet::ui {

struct DesktopOptions {
    std::vector<std::filesystem::path> files;  ///< files and folders for the Inspect page
    std::filesystem::path workspace;           ///< empty: the platform's data folder
    /// Not empty: open the samples, wait until all is done, write a PNG of each page in both themes and two
    /// window sizes there, and quit (the pictures of the README).
    std::filesystem::path screenshotFolder;
};

/// Runs the desktop until its window is closed; returns the exit status. With SIGNET_STARTUP_TIME=1 in the
/// environment it prints "startup_ms: N" to stderr: from the start of the process to the first usable window.
int runDesktop(int argc, char** argv, const DesktopOptions& options);

}  // namespace signet::ui
