#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/common.h"
#include "core/examine/examine.h"

namespace signet::cli {

/// Device, threads and workspace of the command line for core/examine.
examine::Examiner::Options examinerOptions(const CommonOptions& options);

/// Said where nothing is to be done.
inline constexpr const char* kNoImages = "No images there (those in sub-folders count with --recursive).";

std::vector<std::filesystem::path> toPaths(const std::vector<std::string>& texts);

/// Makes folder and what is missing above it. Throws NoPermission, Exists (a file has that name) or DiskFull.
void createFolder(const std::filesystem::path& folder);

/// Where the result of input goes: out itself for one input when out is no folder and its ending names an
/// image format, else out/<stem of input><extension> (an empty extension keeps the input's name).
std::filesystem::path outputFor(const std::filesystem::path& input, const std::filesystem::path& out,
                                bool outIsFile, const std::string& extension);

}  // namespace signet::cli
