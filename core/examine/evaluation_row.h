#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/examine/kept_records.h"
#include "core/examine/p_value_shares.h"
#include "core/examine/signing_quality.h"
#include "core/metrics/measured.h"

namespace signet::examine {

/// The rates of one family of images (familyOf), as in EvaluationRow.
struct FamilyRates {
    std::string family;
    metrics::Proportion truePositives, falsePositives;
    std::optional<metrics::Proportion> exactCodeRate, wrongCodeRate;
    std::optional<PValueShares> unsignedP;
};

/// Signed images above the score that at most a share fpr of the calibration's originals exceed.
struct TprAtFpr {
    double fpr = 0;
    int calibrationOriginals = 0;
    std::optional<metrics::Proportion> found;  ///< nothing: the calibration cannot say
    double threshold = 0;                      ///< that score
    std::string reason;                        ///< why it cannot
};

/// Codes with at least as many right bits as chance gives at most a share fpr of unrelated ones.
struct CodeTprAtFpr {
    metrics::Proportion found;
    int matchedBitsNeeded = 0;
    int geometriesTried = 1;
};

/// One attack of an evaluation. The per-image scores behind it stay available for plots; they are not part of
/// its JSON.
struct EvaluationRow {
    std::string attack;
    int grid = 0;  ///< number of the Grid whose attacks the evaluation has, 0: attacks of one's own choice
    std::string model;
    std::string modelSha256;
    std::string imagesSha256;
    std::optional<int> inTraining;  ///< images in the model's list of training files; nothing: it has none
    SigningQuality quality;
    double balancedThreshold = 0;
    double threshold = 0;
    metrics::Proportion presenceAccuracy;  ///< at the balanced threshold, signed and unsigned together
    metrics::Proportion truePositives;     ///< signed images at or above the threshold
    metrics::Proportion falsePositives;    ///< unsigned ones
    double auc = 0;
    metrics::Interval aucCi95;
    std::optional<TprAtFpr> tprAtFpr;  ///< of a calibrated model
    std::optional<metrics::MeanCi95> bitAccuracy;
    std::optional<metrics::Proportion> exactCodeRate;
    std::optional<metrics::Proportion> wrongCodeRate;  ///< another code named (CodeAnswer::wrong)
    std::optional<CodeTprAtFpr> codeTprAtFpr;
    std::optional<PValueShares> unsignedP;  ///< of the unsigned images, where scores are p-values
    std::vector<FamilyRates> families;      ///< sorted by name
    std::vector<float> signedScores;
    std::vector<float> unsignedScores;
};

/// The record that `signet evaluate` prints.
Json toJson(const EvaluationRow& row);
/// attack, threshold and true_positives are needed, the rest keeps its default where it is missing. Throws
/// Json::exception.
EvaluationRow evaluationRowFromJson(const Json& json);

/// All rows of an evaluation together. The images are the same in each, so that n counts treated images, and
/// intervals are those of as many pictures of their own.
struct AllRows {
    int rows = 0;
    std::int64_t images = 0;  ///< in each row
    FamilyRates all;          ///< family is empty
    std::vector<FamilyRates> families;
};
AllRows allRows(const std::vector<EvaluationRow>& rows);
/// {"all_rows": {"rows", "images", "true_positives", ...,"families"}}
Json toJson(const AllRows& all);

void saveEvaluation(const models::Manifest& manifest, const std::vector<EvaluationRow>& rows);
/// None where the model keeps no evaluation. Throws Corrupt.
std::vector<EvaluationRow> loadEvaluation(const models::Manifest& manifest);

}  // namespace signet::examine
