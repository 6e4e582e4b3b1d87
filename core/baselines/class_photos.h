#pragma once

#include <array>
#include <string>

#include "core/baselines/classifier_options.h"
#include "core/training/photo_set.h"

namespace signet::baselines {

/// What the two classes are called: the names of their folders, with their parents' where these are the same.
std::array<std::string, 2> classNames(const ClassifierTrainingOptions& options);

/// The photographs of both folders that are trained on, or those kept apart (Validation); for other purposes
/// there are none. Apart go the originals whose SHA-256 with the seed is below the share, with all their
/// files in either folder, and at least one of each folder where the share is above 0. Throws NotFound where
/// a class has none.
training::PhotoSet classPhotos(const ClassifierTrainingOptions& options, training::Split split);

}  // namespace signet::baselines
