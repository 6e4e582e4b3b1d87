#include "core/examine/model_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/attacks/treatment_words.h"
#include "core/base/error.h"
#include "core/examine/card_sections.h"
#include "core/examine/card_text.h"
#include "core/examine/evaluation_row.h"
#include "core/examine/generator_card.h"
#include "core/fingerprint/fingerprint_card.h"
#include "core/metrics/blurred_difference.h"
#include "core/metrics/intervals.h"
#include "core/models/model_store.h"

namespace signet::examine {
namespace {

using metrics::Proportion;
using Rows = std::vector<EvaluationRow>;

constexpr std::string_view kSeveral = "several of these together";
/// Kinds of treatment that share a line of the summary; any other has a line of its own.
constexpr std::array<std::array<std::string_view, 5>, 10> kTogether{
    {{"flip", "flip-vertical"},
     {"rotate", "rotate-any", "rotate-out", "rotate-out-any", "turn"},
     {"crop", "cropresize"},
     {"crop-at", "crop-aspect"},
     {"resize", "scale"},
     {"stretch", "perspective"},
     {"brightness", "contrast", "gamma"},
     {"grey", "saturation", "hue"},
     {"equalise", "posterise", "palette"},
     {"webp", "avif"}}};

/// Names the line of the summary that a treatment belongs to.
std::string lineOf(const std::string& spec) {
    std::string kind = spec.substr(0, spec.find(':'));
    if (spec.find('+') != std::string::npos || kind.starts_with("paper-")) return std::string(kSeveral);
    for (const auto& together : kTogether)
        if (std::find(together.begin(), together.end(), kind) != together.end())
            return std::string(together.front());
    return kind;
}

/// One line a kind of treatment, the worst of its strengths: for the reader of a report.
std::string summary(const Rows& rows, bool code) {
    struct Group {
        std::string line;
        std::vector<std::string> specs;
        std::vector<const EvaluationRow*> rows;
    };
    std::vector<Group> groups;
    for (const EvaluationRow& row : rows) {
        const std::string line = lineOf(row.attack);
        auto group =
            std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.line == line; });
        if (group == groups.end()) group = groups.insert(groups.end(), Group{line, {}, {}});
        group->specs.push_back(row.attack);
        group->rows.push_back(&row);
    }
    std::stable_partition(groups.begin(), groups.end(), [](const Group& g) { return g.line != kSeveral; });
    const auto worst = [](const Group& group, auto&& of, bool highest) {
        const auto less = [&](const EvaluationRow* a, const EvaluationRow* b) {
            return of(*a).value() < of(*b).value();
        };
        return of(**(highest ? std::max_element(group.rows.begin(), group.rows.end(), less)
                             : std::min_element(group.rows.begin(), group.rows.end(), less)));
    };
    const bool pValues = rows.front().unsignedP.has_value();
    std::vector<std::string> titles{
        pValues ? fmt::format("signed, p ≤ 1e-{:g}", rows.front().threshold) : std::string("signed, found"),
        "unsigned, reported"};
    if (code) titles.push_back("all bits right");
    const bool wrong = code && rows.front().wrongCodeRate;
    if (wrong) titles.push_back("wrong code named");
    std::vector<std::vector<std::string>> lines;
    for (const Group& group : groups) {
        auto& line = lines.emplace_back();
        line.push_back(group.line == kSeveral ? group.line : attacks::inWords(group.specs));
        line.push_back(percent(std::optional(worst(
            group, [](const EvaluationRow& r) { return r.truePositives; }, false))));
        line.push_back(percent(std::optional(worst(
            group, [](const EvaluationRow& r) { return r.falsePositives; }, true))));
        if (code)
            line.push_back(percent(std::optional(worst(
                group, [](const EvaluationRow& r) { return r.exactCodeRate.value_or(Proportion{}); },
                false))));
        if (wrong)
            line.push_back(percent(std::optional(worst(
                group, [](const EvaluationRow& r) { return r.wrongCodeRate.value_or(Proportion{}); },
                true))));
    }
    return tableOf("treated", titles, lines);
}

/// Every row with every rate.
std::string fullTable(const Rows& rows, bool code) {
    std::vector<AttackColumn<EvaluationRow>> columns{
        {"presence", [](const EvaluationRow& r) { return percent(std::optional(r.presenceAccuracy)); }},
        {"found", [](const EvaluationRow& r) { return percent(std::optional(r.truePositives)); }},
        {"false positives", [](const EvaluationRow& r) { return percent(std::optional(r.falsePositives)); }},
        {"TPR",
         [](const EvaluationRow& r) { return percent(r.tprAtFpr ? r.tprAtFpr->found : std::nullopt); }}};
    if (code) {
        columns.push_back({"bits", [](const EvaluationRow& r) { return percent(r.bitAccuracy); }});
        columns.push_back({"code TPR", [](const EvaluationRow& r) {
                               return percent(r.codeTprAtFpr ? std::optional(r.codeTprAtFpr->found)
                                                             : std::nullopt);
                           }});
        columns.push_back({"all bits", [](const EvaluationRow& r) { return percent(r.exactCodeRate); }});
        columns.push_back({"wrong code", [](const EvaluationRow& r) { return percent(r.wrongCodeRate); }});
    }
    columns.push_back({"AUC", [](const EvaluationRow& r) { return fmt::format("{:.5f}", r.auc); }});
    return attackTable("attack", std::move(columns), rows);
}

std::string whatItDetects(const models::Manifest& manifest, const models::Calibration& calibration,
                          const EvaluationRow& first) {
    const SigningQuality& q = first.quality;
    std::string text =
        "Whether an image carries the signature of this model, a pattern that its injector added to the "
        "pixels";
    text += manifest.bits() > 1 ? fmt::format("; the {} bits of its code are read as well.", manifest.bits())
                                : ".";
    text += " Signatures of other models and programs are not found.\n\n";
    text += fmt::format(
        "- Signed images, {0}×{0} after 8-bit rounding: PSNR {1:.2f} dB (95 % interval of the mean "
        "{2:.2f}–{3:.2f}, n = {4}), SSIM {5:.4f}.\n",
        calibration.side, q.psnrDb.mean, q.psnrDb.ci95.lower, q.psnrDb.ci95.upper, q.psnrDb.n, q.ssim.mean);
    text += fmt::format(
        "- Visible difference (CIEDE2000 after the eye's low-pass, {:g} pixels a degree; means over {} "
        "photographs): 99 % of an image\n  within {:.1f}, 99.9 % within {:.1f}; over 1, from where a "
        "difference can be seen, on {:.1f} % of it.\n",
        q.pixelsPerDegree, first.truePositives.n, q.visibleP99.mean, q.visibleP999.mean,
        100 * q.visibleShareOver1.mean);
    if (std::isfinite(q.psnrDb.worst))
        text += fmt::format(
            "- Of the same photographs 5 % have no more than {:.2f} dB, the worst {:.2f} dB; SSIM {:.4f} and "
            "{:.4f}; visible difference of 99 % of the image {:.1f} and {:.1f}.\n",
            q.psnrDb.worst5, q.psnrDb.worst, q.ssim.worst5, q.ssim.worst, q.visibleP99.worst5,
            q.visibleP99.worst);
    if (q.blurredP99.n > 0)
        text += fmt::format(
            "- CIEDE2000 after one Gaussian ({:g} px where the longer side has {}, in proportion elsewhere): "
            "99 % of an image within {:.2f}, 99.9 % within {:.2f}, over 1 on {:.1f} %\n  (means; the worst "
            "photograph {:.2f}, {:.2f}, {:.1f} %). Energy in the middle quarter {:.2f} times an even "
            "spread.\n",
            metrics::kBlurredSigma, metrics::kBlurredSide, q.blurredP99.mean, q.blurredP999.mean,
            100 * q.blurredShareOver1.mean, q.blurredP99.worst, q.blurredP999.worst,
            100 * q.blurredShareOver1.worst, q.middleEnergy.mean);
    if (q.perceptual.n > 0)
        text += fmt::format(
            "- EffLite0-dist (features of EfficientNet-Lite0; not LPIPS, whose networks are others): {:.4f} "
            "in "
            "the mean, 95 % up to {:.4f}, the worst {:.4f}.\n",
            q.perceptual.mean, q.perceptual.worst5, q.perceptual.worst);
    if (q.visibleP99.mean > 1)
        text +=
            "  **These weights can be seen:** beside its original a signed image shows faint clouds, spots "
            "of colour or a mottle, most of all in even areas such as skies.\n";
    return text;
}

std::string thresholdsText(const models::Calibration& c, bool pValues) {
    const int n = c.negativeCount();
    const char* counted = c.originals > 0 ? "originals" : "photographs";
    const std::string set = fmt::format(
        "{} photographs of {} {} that were used neither in training nor in the rates below, reduced to "
        "{}×{}, each through\n  {}.",
        c.photographs, n, counted, c.side, c.side, attacks::inWords(c.codecs));
    const std::string falsePositives = fmt::format(
        "False positives: {} of {} {}; one-sided 95 % upper limit {:.2f} %. An original counts "
        "once, by the highest score of its crops and codecs.",
        c.falsePositives, n, counted, 100 * metrics::clopperPearsonUpper(c.falsePositives, n));
    if (pValues)
        return fmt::format(
            "- Thresholds: fixed, whatever is shown. A score is −log10 of a p-value: how rarely a key of "
            "which this very picture knows nothing fits it as well.\n  A signature is reported from p ≤ "
            "1e-{:g} on; between that and 1e-{:g} the answer is inconclusive.\n- Beside it, {} {} Of all of "
            "them {}.\n",
            c.threshold, c.lowerThreshold, set, falsePositives, shareText(pValueShares(c.unsignedScores)));
    return fmt::format(
        "- Thresholds: {} A signature is reported from a score of {}; between {} and that the answer\n  is "
        "inconclusive. {}\n",
        set, c.threshold, c.lowerThreshold, falsePositives);
}

std::string whatItWasMeasuredOn(const models::Calibration& c, const Rows& rows, bool code) {
    return thresholdsText(c, rows.front().unsignedP.has_value()) +
           fmt::format(
               "- Rates: {} photographs never seen, one an original, signed and unsigned alike through each "
               "treatment. Per cent with 95 % intervals\n  (Clopper–Pearson); where a line names several "
               "strengths, the worst of them.\n\n",
               rows.front().truePositives.n) +
           summary(rows, code);
}

std::string evaluationText(const models::Manifest& manifest, const models::Calibration& c,
                           const EvaluationRow& first) {
    std::string text = fmt::format(
        "`signet evaluate {} --images FOLDER --keep`: the same thresholds for all rows, {}. Values in "
        "per\ncent with their 95 % intervals (Clopper–Pearson; bits: Student's t "
        "over images, exact where all images agree). Presence: right answers, signed and unsigned together, "
        "at the\nbalanced threshold {}. Found and false positives: at the threshold {} at which a signature "
        "is reported.\n",
        manifest.name, first.unsignedP ? "fixed" : "set on the calibration set", c.balancedThreshold,
        c.threshold);
    if (first.tprAtFpr && first.tprAtFpr->found)
        text += fmt::format(
            "TPR: share of signed images above the score that a share of {:g} of the calibration's originals "
            "exceeds.",
            first.tprAtFpr->fpr);
    else if (first.tprAtFpr)
        text += fmt::format("No TPR at a false positive rate of {:g}: {} originals do not support it.",
                            first.tprAtFpr->fpr, first.tprAtFpr->calibrationOriginals);
    if (first.codeTprAtFpr)
        text += fmt::format(
            " Code TPR: at least {} bits as embedded: one in a thousand for one code, corrected for the up "
            "to "
            "{} geometries tried.",
            first.codeTprAtFpr->matchedBitsNeeded, first.codeTprAtFpr->geometriesTried);
    return text + "\n";
}

std::string signatureCard(const models::Manifest& manifest) {
    const auto calibration = models::loadCalibration(manifest);
    if (!calibration)
        throw Error(ErrorCode::NotFound,
                    fmt::format("{0} is not calibrated: signet evaluate {0} --images FOLDER --calibrate",
                                manifest.name));
    const Rows rows = loadEvaluation(manifest);
    if (rows.empty())
        throw Error(ErrorCode::NotFound,
                    fmt::format("{0} keeps no evaluation: signet evaluate {0} --images FOLDER --keep",
                                manifest.name));
    const bool code = manifest.bits() > 1;
    const EvaluationRow& first = rows.front();
    return fmt::format("# {}\n\n{}.\n", manifest.name, manifest.title) +
           section("## What it detects", whatItDetects(manifest, *calibration, first)) +
           section("## What it was measured on", whatItWasMeasuredOn(*calibration, rows, code)) +
           section("## Limits", noteOf(manifest, kLimitsFile)) +
           section("## Training and evaluation in full",
                   fmt::format("Networks: `{}`, {} parameters, injector at {} px; weights SHA-256 `{}`.\n",
                               manifest.arch, grouped(manifest.parameters), manifest.resolution,
                               manifest.weightsSha256)) +
           section("### Training", noteOf(manifest, kHistoryFile)) +
           section("### Calibration",
                   fmt::format("`signet evaluate {} --images FOLDER --calibrate`; file list SHA-256 `{}`.\n",
                               manifest.name, calibration->imagesSha256)) +
           section("### Evaluation", evaluationText(manifest, *calibration, first)) + "\n" +
           fullTable(rows, code) +
           fmt::format(
               "\nAttacks as `signet attack --help` explains them; they are grid {} of `signet "
               "evaluate`.\n",
               first.grid) +
           section("### All rows together", togetherText(rows)) +
           section("### Images without the signature", unsignedText(manifest)) +
           section("### Forged signatures", forgeryText(manifest)) +
           section("### Attackers", removalText(manifest));
}

}  // namespace

std::string modelCard(const models::Manifest& manifest) {
    switch (manifest.kind()) {
        case models::Kind::Signature:
            return signatureCard(manifest);
        case models::Kind::Fingerprint:
            return fingerprint::fingerprintCard(manifest);
        case models::Kind::Generator:
        case models::Kind::Autoencoder:
            return generatorCard(manifest);
        default:
            throw Error(ErrorCode::BadOption, fmt::format("{} is a model of kind \"{}\", of which no card is "
                                                          "written",
                                                          manifest.name, toString(manifest.kind())));
    }
}

}  // namespace signet::examine
