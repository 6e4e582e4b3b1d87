#include "core/examine/miss_rate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/attacks/perturbation.h"
#include "core/base/text.h"
#include "core/examine/evaluation_row.h"
#include "core/examine/grid.h"
#include "core/metrics/intervals.h"

namespace signet::examine {
namespace {

/// The kept rows, or why they say nothing about the model as it is calibrated.
struct Kept {
    std::vector<EvaluationRow> rows;
    std::string reason;
};

/// For a file of which anything may be wrong.
Kept keptRows(const models::Manifest& manifest, const models::Calibration& calibration) {
    Kept kept;
    try {
        kept.rows = loadEvaluation(manifest);
    } catch (const std::exception& error) {
        return {{},
                fmt::format("the evaluation kept with the model cannot be read ({})", toUtf8(error.what()))};
    }
    if (kept.rows.empty()) return {{}, "the model keeps no evaluation"};
    for (const EvaluationRow& row : kept.rows) {
        if (row.modelSha256 != manifest.weightsSha256)
            return {{}, "the evaluation kept with the model is of other weights"};
        if (std::abs(row.threshold - calibration.threshold) > 1e-6)
            return {{}, "the evaluation kept with the model was made at another threshold"};
    }
    return kept;
}

/// The first attack of the rows' grid that they lack; empty: none.
std::string lackingAttack(const std::vector<EvaluationRow>& rows, const Grid& grid) {
    for (const auto& attack : attacks::parsePerturbationList(grid.attacks)) {
        std::string spec = attacks::toSpec(attack);
        if (std::none_of(rows.begin(), rows.end(),
                         [&](const EvaluationRow& row) { return row.attack == spec; }))
            return spec;
    }
    return {};
}

}  // namespace

MissRateAnswer worstMissRate(const models::Manifest& manifest, const models::Calibration& calibration) {
    const Kept kept = keptRows(manifest, calibration);
    if (!kept.reason.empty()) return {std::nullopt, kept.reason};
    MissRate worst{{}, 0, 0, 0, 0};
    for (const EvaluationRow& row : kept.rows) {
        const auto& [k, n] = row.truePositives;
        if (k < 0 || k > n)
            return {std::nullopt, "the evaluation kept with the model counts more than there are"};
        const double upper = metrics::clopperPearsonUpper(n - k, n);
        if (upper > worst.upper95)
            worst = {row.attack, static_cast<int>(n - k), static_cast<int>(n), upper, 0};
    }
    worst.attacks = static_cast<int>(kept.rows.size());
    return {worst, {}};
}

std::string whyNotValidated(const models::Manifest& manifest, const models::Calibration& calibration) {
    const Kept kept = keptRows(manifest, calibration);
    if (!kept.reason.empty())
        return fmt::format("{}: signet evaluate {} --images FOLDER --keep", kept.reason, manifest.name);
    const int number = kept.rows.front().grid;
    const Grid* grid = findGrid(number);
    if (grid == nullptr)
        return fmt::format("its evaluation is not by a grid that this version knows (\"grid\": {})", number);
    if (const std::string lacking = lackingAttack(kept.rows, *grid); !lacking.empty())
        return fmt::format("its evaluation lacks {} of grid {}", lacking, number);
    const auto all = allRows(kept.rows);
    if (all.all.unsignedP && !all.all.unsignedP->hold(all.images))
        return "unsigned images of its evaluation have small p-values too often";
    if (all.all.unsignedP && !pValueShares(calibration.unsignedScores).hold(calibration.negativeCount()))
        return "unsigned images of its calibration have small p-values too often";
    for (const EvaluationRow& row : kept.rows) {
        if (row.grid != number) return "the rows of its evaluation are not of one grid";
        if (!row.inTraining)
            return "it is not recorded that the images of its evaluation lie outside its training";
        if (*row.inTraining > 0) return "images of its evaluation are in its list of training files";
    }
    return {};
}

}  // namespace signet::examine
