#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace signet::models {

/// The codec condition of photographs that were measured as they lay in a folder.
inline constexpr const char* kAsTheyAre = "as they are";

/// What a calibration's negatives are unless it says otherwise.
inline constexpr const char* kUnsignedPhotographs = "photographs without a signature";

/// What a model's thresholds and rates rest on: the scores of images with and without what it looks for, what
/// these were, how many, and the condition they were measured under. Plain data.
struct Calibration {
    std::string negatives = kUnsignedPhotographs;  ///< what the images are that it should not report
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
    int negativeCount() const {
        return originals > 0 ? originals : unsignedPhotographs > 0 ? unsignedPhotographs : photographs;
    }
    /// Independent photographs of each kind: what likelihood ratios are bounded by.
    int independent() const { return originals > 0 ? std::min(originals, photographs) : photographs; }
    /// Whether the photographs were measured as they lay in folders, not reduced and sent through codecs.
    bool isAsTheyAre() const { return codecs.size() == 1 && codecs.front() == kAsTheyAre; }
};

/// In this version's form or an earlier one. Throws Json::exception for what is missing or of the wrong kind,
/// BadOption for a number that is no int, Corrupt for a score beyond a float's range.
Calibration calibrationFromJson(const Json& json);
/// Scores are rounded to 0.001.
Json toJson(const Calibration& calibration);

}  // namespace signet::models
