#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/examine/detector.h"
#include "core/models/model_store.h"

namespace signet::examine {

/// Photographs of each kind that a calibration needs: with none of 600 over the threshold the one-sided 95 %
/// upper limit of the false positive rate is 0.5 %.
inline constexpr int kLeastPhotographs = 600;

/// Sets the three thresholds from the scores. worst: the highest unsigned score of each photograph,
/// ascending. Where classes are apart the threshold lies a quarter of the way from the unsigned to the signed
/// and no photograph reaches it; else at most 0.5 % of the photographs do, and what lies between that and the
/// balanced threshold is inconclusive.
void setThresholds(models::Calibration& calibration, const std::vector<float>& worst);

/// Those of a detector whose score is -log10 of a p-value: the set does not move them.
void setThresholds(models::Calibration& calibration, const OwnThresholds& own);

/// Scores of photographs as they lie in two folders, one score a photograph.
struct MeasuredScores {
    std::vector<float> signedScores;
    std::vector<float> unsignedScores;
    std::string setSha256;  ///< FolderScores::setSha256
    int side = 0;           ///< shortest side of any of the photographs, px
};

/// Why no calibration can be made from these; empty: it can.
std::string calibrationProblem(const MeasuredScores& scores);

/// The calibration with a threshold a person chose. The balanced threshold is the policy's; so is the lower
/// one, but never above the threshold. How bits become confidences is kept from the earlier calibration, as
/// the code was not compared here. Throws BadOption where calibrationProblem says why, or the threshold is
/// not finite.
models::Calibration calibrationFrom(const MeasuredScores& scores, double threshold,
                                    const std::optional<models::Calibration>& earlier);

}  // namespace signet::examine
