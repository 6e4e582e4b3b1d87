#include "core/experiments/signature_measures.h"

#include <algorithm>
#include <cmath>

#include "core/experiments/measures.h"
#include "core/metrics/quality.h"
#include "core/metrics/roc.h"
#include "core/models/manifest.h"

namespace signet::experiments {

namespace {

constexpr double kHalfRange = 127.5;  ///< levels in a unit of [-1,1]
constexpr std::size_t kCurvePoints = 100;

/// Mean squared error of a signed picture to the original where every level is first passed through.
template <typename Rounding>
double errorOf(const image::Image& picture, const image::Planes& residual, const Rounding& rounding) {
    const auto pixels = static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height);
    double sum = 0;
    for (std::size_t i = 0; i < pixels; ++i)
        for (std::size_t c = 0; c < 3; ++c) {
            const double level = picture.data[3 * i + c];
            const double marked = std::clamp(
                level + kHalfRange * static_cast<double>(residual.data[c * pixels + i]), 0.0, 255.0);
            const double apart = rounding(marked) - level;
            sum += apart * apart;
        }
    return sum / (3.0 * static_cast<double>(pixels));
}

}  // namespace

MeasuredSignature::MeasuredSignature(const Workshop& workshop, const std::filesystem::path& folder)
    : m_threads(workshop.threads()) {
    const auto manifest = models::readManifest(folder);
    const auto& weights = manifest.weightsFor("detector");
    m_model = std::make_unique<signature::Model>(manifest.options, manifest.pathOf(weights), weights.sha256,
                                                 workshop.device(), workshop.threads());
}

std::vector<std::uint8_t> MeasuredSignature::code(std::uint64_t number) const {
    std::vector<std::uint8_t> code;
    for (int bit = bits() - 1; bit >= 0; --bit) code.push_back((number >> bit) & 1);
    return code;
}

image::Planes MeasuredSignature::residual(const image::Image& picture,
                                          const std::vector<std::uint8_t>& code) {
    return m_model->residual(picture, code, {.strength = 1, .informed = false});
}

image::Image MeasuredSignature::marked(const image::Image& picture, const std::vector<std::uint8_t>& code) {
    return image::addResidual(picture, residual(picture, code), 1, m_threads, nullptr);
}

void SignatureScores::addMarked(const signature::Detection& detection,
                                const std::vector<std::uint8_t>& code) {
    marked.push_back(detection.presenceLogit);
    bits += static_cast<std::int64_t>(code.size());
    if (detection.bitLogits.empty()) {
        right += detection.presenceLogit > 0;
        return;
    }
    for (std::size_t i = 0; i < code.size(); ++i) right += (detection.bitLogits[i] > 0) == (code[i] > 0);
}

void SignatureScores::addClean(const signature::Detection& detection, int bitsAsked) {
    clean.push_back(detection.presenceLogit);
    bits += bitsAsked;
    if (detection.bitLogits.empty()) {
        right += detection.presenceLogit <= 0;
        return;
    }
    for (const float logit : detection.bitLogits) right += logit <= 0;
}

Json SignatureScores::report() const {
    Json report = shareOf(right, bits);
    std::vector<double> scores = marked;
    scores.insert(scores.end(), clean.begin(), clean.end());
    std::vector<int> labels(marked.size(), 1);
    labels.resize(scores.size(), 0);
    const auto roc = metrics::computeRoc(scores, labels);
    report["auc"] = roc.auc;
    report["auc_ci95"] = {roc.aucCi95.lower, roc.aucCi95.upper};
    report["n_marked"] = marked.size();
    report["n_clean"] = clean.size();
    return report;
}

Json SignatureScores::curve() const {
    std::vector<double> scores = marked;
    scores.insert(scores.end(), clean.begin(), clean.end());
    std::vector<int> labels(marked.size(), 1);
    labels.resize(scores.size(), 0);
    const auto roc = metrics::computeRoc(scores, labels);
    Json fpr = Json::array(), tpr = Json::array();
    const std::size_t stride = std::max<std::size_t>(1, roc.points.size() / kCurvePoints);
    for (std::size_t i = 0; i < roc.points.size(); ++i) {
        if (i % stride != 0 && i + 1 != roc.points.size()) continue;
        fpr.push_back(roc.points[i].fpr);
        tpr.push_back(roc.points[i].tpr);
    }
    return {{"fpr", fpr}, {"tpr", tpr}};
}

SignatureScores scoresOf(
    Workshop& workshop, MeasuredSignature& signature,
    const std::function<image::Image(const image::Image& picture, std::uint64_t number)>& change) {
    SignatureScores scores;
    std::uint64_t number = 0;
    workshop.heldOutDrawer(
        signature.side())(workshop.settings().number("signatureTests"), [&](const image::Image& picture) {
        const auto code = signature.code(1 + number % signature.codes());
        const auto seen = [&](const image::Image& shown) { return change ? change(shown, number) : shown; };
        scores.addMarked(signature.read(seen(signature.marked(picture, code))), code);
        scores.addClean(signature.read(seen(picture)), signature.bits());
        ++number;
    });
    workshop.checkStop();
    return scores;
}

Json signatureQuality(Workshop& workshop, const std::filesystem::path& folder) {
    MeasuredSignature signature(workshop, folder);
    std::vector<double> rounded, truncated, unrounded;
    const auto forEach = [&](const std::function<void(const image::Image& picture,
                                                      const std::vector<std::uint8_t>& code)>& work) {
        std::uint64_t number = 0;
        workshop.heldOutDrawer(signature.side())(
            workshop.settings().number("signatureTests"), [&](const image::Image& picture) {
                work(picture, signature.code(1 + number++ % signature.codes()));
            });
        workshop.checkStop();
    };
    forEach([&](const image::Image& picture, const std::vector<std::uint8_t>& code) {
        const auto residual = signature.residual(picture, code);
        const auto db = [&](const auto& rounding) {
            return metrics::psnrFromMse(errorOf(picture, residual, rounding));
        };
        rounded.push_back(db([](double level) { return std::round(level); }));
        truncated.push_back(db([](double level) { return std::floor(level); }));
        unrounded.push_back(db([](double level) { return level; }));
    });
    const auto psnr = metrics::meanAndCi95(rounded);
    Json ours = {{"psnr_db", psnr.mean},
                 {"psnr_db_ci95", {psnr.ci95.lower, psnr.ci95.upper}},
                 {"psnr_truncated_db", metrics::meanAndCi95(truncated).mean},
                 {"psnr_unrounded_db", metrics::meanAndCi95(unrounded).mean}};
    ours.update(scoresOf(workshop, signature).report());
    std::uint64_t number = 0;
    ours.update(workshop.distance(signature.side(), [&](std::int64_t count, const OnPicture& onPicture) {
        workshop.heldOutDrawer(signature.side())(count, [&](const image::Image& picture) {
            onPicture(signature.marked(picture, signature.code(1 + number++ % signature.codes())));
        });
    }));
    return ours;
}

}  // namespace signet::experiments
