#include "core/examine/calibration_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace signet::examine {
namespace {

constexpr double kLostShare =
    0.01;  ///< of the signed scores that a threshold without any false positive may lose
constexpr double kFalseShare =
    0.005;  ///< of the photographs that may reach the threshold where that is not to be had
constexpr double kGapShare =
    0.25;  ///< signed images will meet harder attacks than these codecs, unsigned ones will hardly change

/// The logit at which signed scores below and unsigned scores at or above it are fewest together: the middle
/// of the interval of such logits, so that neither class has all of the room. Both lists ascending.
double balancedThreshold(const models::Calibration& c) {
    std::vector<double> edges(c.signedScores.begin(), c.signedScores.end());
    edges.insert(edges.end(), c.unsignedScores.begin(), c.unsignedScores.end());
    std::sort(edges.begin(), edges.end());
    const auto below = [](const std::vector<float>& scores, double limit) {
        return static_cast<std::size_t>(std::lower_bound(scores.begin(), scores.end(), limit) -
                                        scores.begin());
    };
    double best = 0;
    std::size_t fewest = edges.size() + 1;
    for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
        if (edges[i] == edges[i + 1]) continue;
        const double middle = (edges[i] + edges[i + 1]) / 2;
        const auto errors =
            below(c.signedScores, middle) + c.unsignedScores.size() - below(c.unsignedScores, middle);
        if (errors < fewest) {
            fewest = errors;
            best = middle;
        }
    }
    return best;
}

}  // namespace

void setThresholds(models::Calibration& c, const std::vector<float>& worst) {
    const double highest = static_cast<double>(worst.back());
    const double lowestSigned = static_cast<double>(
        c.signedScores[static_cast<std::size_t>(kLostShare * static_cast<double>(c.signedScores.size()))]);
    const auto rounded = [](double value) { return std::round(value * 100) / 100; };
    if (highest < lowestSigned) {
        c.threshold = std::max(rounded(highest + kGapShare * (lowestSigned - highest)), highest + 0.01);
        c.balancedThreshold = c.threshold;
        c.lowerThreshold = std::min(rounded(highest), c.threshold);
        return;
    }
    const auto allowed = static_cast<std::size_t>(kFalseShare * static_cast<double>(worst.size()));
    c.balancedThreshold = rounded(balancedThreshold(c));
    c.threshold =
        std::max(std::ceil((static_cast<double>(worst[worst.size() - 1 - allowed]) + 0.005) * 100) / 100,
                 c.balancedThreshold);
    c.lowerThreshold = std::min(c.balancedThreshold, c.threshold);
}

void setThresholds(models::Calibration& c, const OwnThresholds& own) {
    c.threshold = c.balancedThreshold = own.present;
    c.lowerThreshold = own.inconclusive;
}

std::string calibrationProblem(const MeasuredScores& scores) {
    const auto few = [](std::size_t n) { return n < static_cast<std::size_t>(kLeastPhotographs); };
    if (few(scores.signedScores.size()) || few(scores.unsignedScores.size())) {
        return fmt::format(
            "a calibration needs at least {} photographs of each kind; there are {} signed and {} "
            "unsigned ones",
            kLeastPhotographs, scores.signedScores.size(), scores.unsignedScores.size());
    }
    const auto bad = [](const std::vector<float>& list) {
        return std::any_of(list.begin(), list.end(), [](float s) { return !std::isfinite(s); });
    };
    if (bad(scores.signedScores) || bad(scores.unsignedScores)) return "a score is not a finite number";
    return {};
}

models::Calibration calibrationFrom(const MeasuredScores& scores, double threshold,
                                    const std::optional<models::Calibration>& earlier) {
    if (const std::string problem = calibrationProblem(scores); !problem.empty())
        throw Error(ErrorCode::BadOption, problem);
    if (!std::isfinite(threshold)) throw Error(ErrorCode::BadOption, "the threshold is not a finite number");
    models::Calibration c;
    c.imagesSha256 = scores.setSha256;
    c.codecs = {models::kAsTheyAre};
    c.side = scores.side;
    c.signedScores = scores.signedScores;
    c.unsignedScores = scores.unsignedScores;
    std::sort(c.signedScores.begin(), c.signedScores.end());
    std::sort(c.unsignedScores.begin(), c.unsignedScores.end());
    c.photographs = static_cast<int>(std::min(c.signedScores.size(), c.unsignedScores.size()));
    c.unsignedPhotographs = static_cast<int>(c.unsignedScores.size());
    setThresholds(c, c.unsignedScores);
    c.threshold = threshold;
    c.lowerThreshold = std::min(c.lowerThreshold, threshold);
    c.falsePositives =
        static_cast<int>(std::count_if(c.unsignedScores.begin(), c.unsignedScores.end(),
                                       [&](float s) { return static_cast<double>(s) >= threshold; }));
    if (earlier) c.bitTemperature = earlier->bitTemperature;
    return c;
}

}  // namespace signet::examine
