#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace signet::models {

/// The codec condition of photographs that were measured as they lay in a folder.
inline constexpr const char* kAsTheyAre = "as they are";

/// One codec condition of a calibration set and its unsigned scores.
struct Calibration {
    std::string imagesSha256;  ///< SHA-256 of the sorted file list the scores were taken on
    std::vector<std::string>
        codecs;           ///< attack specs the unsigned photographs went through, e.g. "none", "jpeg:75"
    int photographs = 0;  ///< files of each kind
    /// Files without a signature, where they are more. 0: photographs.
    int unsignedPhotographs = 0;
    /// Distinct originals that the unsigned files were cut from: what rates are counted of and ratios bounded
    /// by, as crops of one photograph are not independent. 0: not recorded, each file is taken for one.
    int originals = 0;
    /// px: each was reduced and cropped to a square of this side; for kAsTheyAre the shortest side of any
    int side = 256;
    std::vector<float> unsignedScores;  ///< presence logits, every photograph through every codec, ascending
    std::vector<float>
        signedScores;  ///< presence logits of the same photographs signed, same codecs, ascending
    /// The highest unsigned score of each original, over its crops and codecs, ascending; empty: not
    /// recorded.
    std::vector<float> unsignedMaxima;
    double threshold = 0;  ///< logit: at or above it a signature is reported
    /// Logit at which misses and false alarms of the set are fewest together: accuracies are measured there.
    double balancedThreshold = 0;
    double lowerThreshold =
        0;  ///< logit: below it none is reported; between the two the answer is inconclusive

    /// Originals with at least one score >= threshold among their crops and codec versions (the unit of the
    /// rate is the original).
    int falsePositives = 0;
    double bitTemperature =
        1;  ///< factor on bit logits that makes their sigmoid the measured share of right bits

    /// What falsePositives are counted of.
    int negatives() const {
        return originals > 0 ? originals : unsignedPhotographs > 0 ? unsignedPhotographs : photographs;
    }
    /// Independent photographs of each kind: what likelihood ratios are bounded by.
    int independent() const { return originals > 0 ? std::min(originals, photographs) : photographs; }
    /// Whether the photographs were measured as they lay in folders, not reduced and sent through codecs.
    bool isAsTheyAre() const { return codecs.size() == 1 && codecs.front() == kAsTheyAre; }
};

/// What models/<name>/manifest.json says. Plain data.
struct Manifest {
    std::string name;
    std::string title;  ///< one line for people
    std::string kind;   ///< "signature"
    std::string arch;   ///< "compact-v1", "paper-a"
    std::string weightsSha256;
    std::int64_t parameters = 0;
    int bits = 0;        ///< code length; 1 = presence only
    int resolution = 0;  ///< working size, px
    /// Calibrated, and evaluated at that threshold (examine::evaluate with keep), on photographs outside its
    /// list of training files.
    bool validated = false;
    double nominalPsnrDb = 0;  ///< PSNR at strength 1 the model was trained for
    Json options;              ///< the network's options struct
    std::filesystem::path folder;
};

/// Names and manifests of all models under the data folder's models/ and the workspace's models/. Broken ones
/// are left out and named in warnings (may be null).
std::vector<Manifest> listModels(const std::filesystem::path& workspace,
                                 std::vector<std::string>* warnings = nullptr);

/// A model by name, or by the path of its folder. Throws NotFound (with the names there are), Corrupt.
Manifest findModel(const std::string& nameOrFolder, const std::filesystem::path& workspace);

/// calibration.json beside the manifest; nothing when the model has none. Throws Corrupt.
std::optional<Calibration> loadCalibration(const Manifest& manifest);

/// card.md as text; empty when there is none.
std::string loadCard(const Manifest& manifest);

/// Reads the weights and compares their SHA-256 with the manifest's. Throws HashMismatch, NotFound.
void verifyWeights(const Manifest& manifest);

/// JSON records of `signet model list|show`.
Json toJson(const Manifest& manifest);

void saveManifest(const Manifest& manifest);
void saveCalibration(const Manifest& manifest, const Calibration& calibration);

/// saveCalibration that keeps what was there as calibration-<UTC>.json beside it. Returns the path of that
/// copy, empty where there was none. Throws NoPermission with what to do about it, DiskFull.
std::filesystem::path replaceCalibration(const Manifest& manifest, const Calibration& calibration);

}  // namespace signet::models
