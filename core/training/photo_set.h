#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/models/training_list.h"

namespace signet::training {

enum class Split { Train, Validation, Calibration, All };

/// Photographs of a folder and the part of them that a purpose may use.
struct PhotoSet {
    std::filesystem::path folder;
    std::vector<std::filesystem::path> files;  ///< sorted by name
    /// What each file was cut from: its original_path, or its own name where that is not recorded.
    std::vector<std::string> originalOf;
    std::string sha256;  ///< of the sorted file names, one a line: names the list in cards and records
    int originals = 0;   ///< distinct originals among them

    /// Where the photographs are of classes: the folder of each class (folder is empty then), and the class
    /// of each file.
    std::vector<std::filesystem::path> classFolders = {};
    std::vector<int> classOf = {};

    const std::filesystem::path& folderOf(std::size_t file) const {
        return classFolders.empty() ? folder : classFolders[static_cast<std::size_t>(classOf[file])];
    }
};

/// Lists a folder's images. Where it has a manifest.csv with the columns file and original_path, files are
/// divided by the SHA-256 of original_path (all crops of one photograph fall into one part): 26 %
/// calibration, 4 % validation, 70 % training; without one, by file name. Throws NotFound when the folder is
/// absent or has no image.
PhotoSet listPhotos(const std::filesystem::path& folder, Split split);

/// Reads every file to give its SHA-256 (empty where it cannot be read), name and original.
std::vector<models::ListedFile> listedFiles(const PhotoSet& photos);

}  // namespace signet::training
