#include "core/report/model_content.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/attacks/treatment_words.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/examine/conditions.h"
#include "core/examine/keyed_detector.h"
#include "core/report/report_text.h"

namespace fs = std::filesystem;

namespace signet::report {
namespace {

constexpr const char* kNoRatioOfKeyed =
    "findings of keyed signatures are p-values of each image, which rest on no calibration";

std::string gapText(const metrics::LikelihoodRatioFit& fit, double score) {
    const auto above =
        std::find_if(fit.steps.begin(), fit.steps.end(),
                     [&](const metrics::LikelihoodRatioStep& s) { return score <= s.highest; });
    return fmt::format(
        "the score lies between the calibration's highest unsigned score ({}) and its lowest signed one "
        "({}), where no photograph was measured",
        decimal((above - 1)->highest, 2), decimal(above->lowest, 2));
}

/// What bounds a ratio below 1.
std::string missText(const examine::MissRate& rate) {
    return fmt::format(
        "how often a signed image is missed: after {}, which of the {} treatments evaluated hides the "
        "signature "
        "best, {} of {} signed photographs were not found, one-sided 95 % upper limit {:.1f} %",
        rate.attack == "none" ? "no treatment"
                              : "the treatment \u201c" + attacks::inWords(rate.attack) + "\u201d",
        rate.attacks, rate.missed, rate.n, 100 * rate.upper95);
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
        m.keyed = examine::isKeyed(manifest);
        m.manifest = std::move(manifest);
    } catch (const Error& error) {
        m.problem = toUtf8(error.what());
        m.noFit = m.problem;
        return m;
    }
    if (m.keyed) {
        m.noFit = kNoRatioOfKeyed;
        return m;
    }
    if (!m.calibration) {
        m.noFit = "the model has no calibration";
        return m;
    }
    try {
        m.fit = metrics::fitLikelihoodRatio(m.calibration->signedScores, m.calibration->unsignedScores,
                                            m.calibration->independent());
        m.missRate = examine::worstMissRate(*m.manifest, *m.calibration);
    } catch (const Error& error) {
        m.noFit = toUtf8(error.what());
    }
    return m;
}

LikelihoodResult likelihoodOf(const ModelResult& result, const ModelContent& model, bool intact) {
    LikelihoodResult l;
    if (result.finding.keyed) {
        l.reason = kNoRatioOfKeyed;
    } else if (!model.fit) {
        l.reason = model.noFit;
    } else if (!result.validated) {
        l.reason = "the model is not validated";
    } else if (std::abs(model.calibration->threshold - result.finding.threshold) > 1e-6) {
        l.reason = "the model's calibration is not the one the exhibit was examined with";
    } else if (!intact) {
        l.reason = "the file is no longer the one examined";
    } else if (!result.finding.outside) {
        l.reason =
            "the examination, made by an earlier version, does not record whether the exhibit lies inside "
            "the "
            "conditions of the calibration; examine it again";
    } else if (!result.finding.outside->empty()) {
        l.reason =
            fmt::format("the exhibit lies outside the conditions of the calibration ({}): {}",
                        examine::conditionOf(*model.calibration), fmt::join(*result.finding.outside, "; "));
    } else if (const auto ratio = metrics::likelihoodRatioAt(*model.fit, result.finding.scoreLogit); !ratio) {
        l.reason = gapText(*model.fit, result.finding.scoreLogit);
    } else if (ratio->log10 < 0 && !model.missRate.rate) {
        l.reason = fmt::format("how often a signed image is missed is not known: {}", model.missRate.reason);
    } else {
        l.log10Lr = ratio->log10;
        l.condition = examine::conditionOf(*model.calibration);
        if (ratio->bounded) {
            l.bounded = true;
            l.boundedBy = fmt::format("the number of independent calibration photographs ({})",
                                      model.calibration->independent());
        }
        if (ratio->log10 < *log10LowerBound(model)) {
            l.log10Lr = log10LowerBound(model);
            l.bounded = true;
            l.boundedBy = missText(*model.missRate.rate);
        }
    }
    return l;
}

std::optional<double> log10LowerBound(const ModelContent& model) {
    if (!model.fit) return std::nullopt;
    if (!model.missRate.rate) return 0;
    return std::max(model.fit->log10Lower, std::log10(model.missRate.rate->upper95));
}

}  // namespace signet::report
