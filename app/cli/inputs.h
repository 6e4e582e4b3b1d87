#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/common.h"
#include "core/examine/examine.h"
#include "core/image/find_images.h"

namespace signet::cli {

/// Device, threads and workspace of the command line for core/examine.
examine::Examiner::Options examinerOptions(const CommonOptions& options);

/// Said where nothing is to be done.
inline constexpr const char* kNoImages = "No images there (those in sub-folders count with --recursive).";

/// What was found in folders and is no input: a record each, and a list with its count.
void reportLeftOut(Session& session, const std::vector<image::LeftOut>& leftOut);

/// --frames of a subcommand: "first", "all", or a number.
struct FrameChoice {
    std::string text = "first";

    bool all() const { return text == "all"; }
    int first() const;  ///< the frame to begin with, from 1 on
};
void addFrameOption(CLI::App& sub, FrameChoice& choice, const std::string& help);

std::vector<std::filesystem::path> toPaths(const std::vector<std::string>& texts);

/// Makes folder and what is missing above it. Throws NoPermission, Exists (a file has that name) or DiskFull.
void createFolder(const std::filesystem::path& folder);

/// Where the result of input goes in a folder: under its name with an ending of the format (by the input's
/// content where none is given).
std::filesystem::path outputIn(const std::filesystem::path& folder, const std::filesystem::path& input,
                               std::optional<image::Format> format);

}  // namespace signet::cli
