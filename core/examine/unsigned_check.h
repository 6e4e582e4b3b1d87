#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/examine/kept_records.h"
#include "core/examine/p_value_shares.h"

namespace signet::examine {

struct LoadedModel;

struct UnsignedOptions {
    /// Each with the folders right below it. One image of each original counts (independentImages).
    std::vector<std::filesystem::path> folders;
    int made = 0;   ///< > 0: so many pictures of each of attacks::madeFamilies() as well
    int limit = 0;  ///< > 0: at most this many images of each folder
    /// Every image is signed first, with a key drawn for it: it must not be found with the keys looked for.
    /// Keyed signatures only.
    bool otherKeys = false;
    std::uint64_t seed = 1;  ///< of the made pictures
    bool keep = false;       ///< keep the records with the model (kUnsignedFile)
};

/// What a model says of one family of images that do not carry its signature, as they are.
struct UnsignedFamily {
    std::string set;     ///< the folder's name, "made" of made pictures
    std::string family;  ///< familyOf, or of attacks::madeFamilies()
    bool otherKeys = false;
    std::string model;
    std::string modelSha256;
    std::optional<int> inTraining;  ///< of these images; nothing: the model has no list of its training files
    double threshold = 0;
    metrics::Proportion reported;           ///< at or above the threshold
    double highestScore = 0;                ///< of all
    std::optional<PValueShares> pValues{};  ///< where scores are p-values
};

/// Checks images of which none carries the model's signature, family by family: false positives of the
/// calibrated threshold, and whether p-values hold. Images that cannot be read are left out and named in
/// warnings. Throws NotFound (a folder without an image), BadOption (nothing to check; other keys for a
/// signature without keys; keep: images of the training), Cancelled.
std::vector<UnsignedFamily> checkUnsigned(LoadedModel& model, const UnsignedOptions& options, int threads,
                                          const WorkContext& context, std::vector<std::string>* warnings);

/// Of all families together; set and family are empty.
UnsignedFamily togetherOf(const std::vector<UnsignedFamily>& families);

Json toJson(const UnsignedFamily& family);
/// Throws Json::exception.
UnsignedFamily unsignedFamilyFromJson(const Json& json);

}  // namespace signet::examine
