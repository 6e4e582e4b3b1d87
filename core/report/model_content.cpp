#include "core/report/model_content.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/report/report_text.h"

namespace fs = std::filesystem;

namespace signet::report {
namespace {

std::string gapText(const metrics::LikelihoodRatioFit& fit, double score) {
    const auto above =
        std::find_if(fit.steps.begin(), fit.steps.end(),
                     [&](const metrics::LikelihoodRatioStep& s) { return score <= s.highest; });
    return fmt::format(
        "the score lies between the calibration's highest unsigned score ({}) and its lowest signed one "
        "({}), where no photograph was measured",
        decimal((above - 1)->highest, 2), decimal(above->lowest, 2));
}

}  // namespace

ModelContent loadModelContent(const std::string& name, const std::string& sha256, const fs::path& workspace) {
    ModelContent m;
    m.name = name;
    m.sha256 = sha256;
    try {
        models::Manifest manifest = models::findModel(name, workspace);
        if (manifest.weightsSha256 != sha256) {
            throw Error(ErrorCode::HashMismatch,
                        fmt::format("the model of that name installed here has weights with SHA-256 {}",
                                    manifest.weightsSha256));
        }
        models::verifyWeights(manifest);
        m.card = models::loadCard(manifest);
        m.calibration = models::loadCalibration(manifest);
        m.manifest = std::move(manifest);
    } catch (const Error& error) {
        m.problem = toUtf8(error.what());
        m.noFit = m.problem;
        return m;
    }
    if (!m.calibration) {
        m.noFit = "the model has no calibration";
        return m;
    }
    try {
        m.fit = metrics::fitLikelihoodRatio(m.calibration->signedScores, m.calibration->unsignedScores,
                                            m.calibration->photographs);
    } catch (const Error& error) {
        m.noFit = toUtf8(error.what());
    }
    return m;
}

LikelihoodResult likelihoodOf(const ModelResult& result, const ModelContent& model,
                              const ExhibitCondition& exhibit, bool intact) {
    LikelihoodResult l;
    if (!model.fit) {
        l.reason = model.noFit;
    } else if (!result.validated) {
        l.reason = "the model is not validated";
    } else if (std::abs(model.calibration->threshold - result.threshold) > 1e-6) {
        l.reason = "the model's calibration is not the one the exhibit was examined with";
    } else if (!intact) {
        l.reason = "the file is no longer the one examined, so that the conditions cannot be checked";
    } else if (const auto outside = outsideConditions(*model.calibration, exhibit, result);
               !outside.empty()) {
        l.reason = fmt::format("the exhibit lies outside the conditions of the calibration ({}): {}",
                               conditionOf(*model.calibration), fmt::join(outside, "; "));
    } else if (const auto ratio = metrics::likelihoodRatioAt(*model.fit, result.score)) {
        l.log10Lr = ratio->log10;
        l.bounded = ratio->bounded;
        l.condition = conditionOf(*model.calibration);
    } else {
        l.reason = gapText(*model.fit, result.score);
    }
    return l;
}

}  // namespace signet::report
