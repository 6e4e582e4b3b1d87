#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "core/baselines/classifier_options.h"
#include "core/training/photo_set.h"

namespace signet::baselines {

/// Folders of photographs, one a class, and how much of them is kept apart for validation.
struct ClassFolders {
    std::vector<std::filesystem::path> folders;  ///< in the order of the classes
    double validationShare = 0.1;                ///< 0..1, of the originals
    int seed = 1;                                ///< decides which
};

/// The folders right below one, sorted by name; those that begin with a dot are none. Throws NotFound where
/// it is no folder, BadOption where there are fewer than two in it.
std::vector<std::filesystem::path> foldersIn(const std::filesystem::path& parent);

/// What classes are called: the names of their folders, with their parents' where two are the same.
std::vector<std::string> classNames(const std::vector<std::filesystem::path>& folders);

/// The photographs of all classes that are trained on, or those kept apart (Validation); for other purposes
/// there are none. Apart go the originals whose SHA-256 with the seed is below the share, with all their
/// files in any folder, and at least one of each folder where the share is above 0. Throws NotFound where
/// a class has none.
training::PhotoSet classPhotos(const ClassFolders& classes, training::Split split);

/// The same of the two folders that a classifier's options name.
std::array<std::string, 2> classNames(const ClassifierTrainingOptions& options);
training::PhotoSet classPhotos(const ClassifierTrainingOptions& options, training::Split split);

}  // namespace signet::baselines
