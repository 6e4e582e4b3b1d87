#pragma once

#include <optional>
#include <string>

#include "core/examine/miss_rate.h"
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
    bool keyed = false;  ///< a keyed signature: its findings are p-values and rest on no calibration
    std::optional<metrics::LikelihoodRatioFit> fit;
    std::string noFit;                 ///< why there is none
    examine::MissRateAnswer missRate;  ///< what bounds the ratios below 1
};

/// Finds the model installed here under name and verifies that its weights are the ones recorded. Never
/// throws for what is wrong with it.
ModelContent loadModelContent(const std::string& name, const std::string& sha256,
                              const std::filesystem::path& workspace);

/// The likelihood ratio of a result, or why there is none. intact: the exhibit is what was examined. The
/// calibration gives the ratio; two things bound it. Above 1, the number of its originals (see
/// LikelihoodRatioFit). Below 1, how often a signed image is missed: the calibration's photographs went
/// through few and mild codecs, but how an exhibit was treated is not known. With m the one-sided 95 % upper
/// limit of the miss rate after the treatment of the evaluation's grid that hides the signature best
/// (examine::worstMissRate), P(not found | signed) <= m and P(not found | not signed) <= 1, so that no ratio
/// below m is given; without a kept evaluation at the calibration's threshold none below 1 is. No ratio is
/// given for an exhibit outside the calibration's conditions, nor for a keyed signature.
LikelihoodResult likelihoodOf(const ModelResult& result, const ModelContent& model, bool intact);

/// The smallest ratio that the calibration and the evaluation of a model support, log10; nothing without a
/// fit.
std::optional<double> log10LowerBound(const ModelContent& model);

}  // namespace signet::report
