#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/cases/case_types.h"
#include "core/models/model_store.h"

namespace signet::report {

struct CodeResult {
    std::string hex;
    int bits = 0;
    /// Probability that a bit is right if the image was signed and treated no worse than the calibration's
    /// images, mean over the bits and of the least sure one; nothing where no signature is reported.
    std::optional<double> meanConfidence;
    std::optional<double> lowestConfidence;
};

/// Why a likelihood ratio is given or not. Exactly one of value and reason is there.
struct LikelihoodResult {
    std::optional<double> log10Lr;
    bool bounded = false;   ///< the measurements support no ratio further from 1
    std::string boundedBy;  ///< what they are, as a sentence
    std::string condition;  ///< what the ratio holds for
    std::string reason;     ///< why none is given
};

/// What one model said about one exhibit: the JSON of an examination's record as plain data.
struct ModelResult {
    std::string model;
    std::string sha256;
    std::string presence;  ///< "signature found", "inconclusive", "not found"
    std::optional<bool> isSigned;
    double score = 0;  ///< logit
    double threshold = 0;
    double lowerThreshold = 0;
    double fpr = 0;
    double fprUpper95 = 1;
    int fprPhotographs = 0;  ///< 0: not calibrated
    std::string measuredOn;  ///< the images of that rate; empty in records of earlier versions
    /// Why the exhibit lies outside the calibration's conditions (examine::outsideConditions); nothing in
    /// records of earlier versions.
    std::optional<std::vector<std::string>> outside;
    std::optional<CodeResult> code;
    std::optional<cases::CodeMatch> match;  ///< cases::matchFromJson
    int hypotheses = 1;
    std::array<double, 6> geometry{1, 0, 0, 0, 1, 0};
    int tiles = 0;
    double bestTile = 0;
    bool validated = false;  ///< filled in from the model's manifest
    LikelihoodResult likelihood;
};

/// "matches a registered code" or examine::kUnverified: what a report calls the code of a result.
std::string codeState(const ModelResult& result);

/// Reads the "findings" of a record; what is missing or of the wrong kind keeps its default.
std::vector<ModelResult> modelResults(const Json& record);

}  // namespace signet::report
