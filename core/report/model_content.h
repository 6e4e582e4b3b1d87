#pragma once

#include <optional>
#include <string>

#include "core/metrics/likelihood_ratio.h"
#include "core/models/model_store.h"
#include "core/report/model_result.h"

namespace signet::report {

/// A model that examined an exhibit of the report.
struct ModelContent {
    std::string name;
    std::string sha256;   ///< of the weights, as recorded by the examinations
    std::string problem;  ///< why its card and calibration cannot be given; empty: they can
    std::optional<models::Manifest> manifest;  ///< only where the weights installed are the ones recorded
    std::string card;
    std::optional<models::Calibration> calibration;
    std::optional<metrics::LikelihoodRatioFit> fit;
    std::string noFit;  ///< why there is none
};

/// Finds the model installed here under name and verifies that its weights are the ones recorded. Never
/// throws for what is wrong with it.
ModelContent loadModelContent(const std::string& name, const std::string& sha256,
                              const std::filesystem::path& workspace);

/// The likelihood ratio of a result, or why there is none. intact: the exhibit is what was examined.
LikelihoodResult likelihoodOf(const ModelResult& result, const ModelContent& model,
                              const ExhibitCondition& exhibit, bool intact);

}  // namespace signet::report
