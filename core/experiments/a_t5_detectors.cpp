#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/baselines/classifier_model.h"
#include "core/experiments/measures.h"
#include "core/experiments/paper_a.h"
#include "core/experiments/secured_generators.h"

namespace fs = std::filesystem;

namespace signet::experiments {
namespace {

constexpr const char* kAnotherGenerator = "another-generator";

/// A passive detector of table 5: whose pictures it learns beside real ones, and the paper's accuracy on the
/// generators of table 3, in their order.
struct PassiveDetector {
    const char* name;
    const char* training;  ///< by the preset's name
    enum class Learns { FromAll, FromTheOthers, FromAnother } learns;
    std::array<double, 3> accuracy;
};
using Learns = PassiveDetector::Learns;
constexpr PassiveDetector kPassiveDetectors[] = {
    {"seen", "baseline-detector", Learns::FromAll, {0.999, 0.997, 0.999}},
    {"unseen", "baseline-detector", Learns::FromTheOthers, {0.516, 0.498, 0.499}},
    {"Wang 2020", "wang-detector", Learns::FromAnother, {0.504, 0.499, 0.667}},
    {"Gragnaniello 2021", "gragnaniello-detector", Learns::FromAnother, {0.502, 0.499, 0.978}}};

Json reportWithCurve(const SignatureScores& scores) {
    Json ours = scores.report();
    ours["roc"] = scores.curve();  // figure 5
    return ours;
}

/// A classifier that learns real pictures and those of some generators, asked about another's, or one of
/// them.
Json detectedPassively(Workshop& workshop, const std::string& training, const std::vector<fs::path>& seen,
                       const fs::path& tested) {
    std::vector<fs::path> drawn;
    drawn.reserve(seen.size());
    for (const fs::path& generator : seen) drawn.push_back(drawnPictures(workshop, generator));
    auto generator = generatorModel(workshop, tested);
    baselines::ClassifierModel classifier(
        workshop.trained(workshop.settings().training(
            training, {{"class0", realPictures(workshop, generator.side()).string()},
                       {"class1", workshop.together(drawn).string()}})),
        workshop.device(), workshop.threads());
    return reportWithCurve(scoresOfDrawn(workshop, generator, {1}, [&](const image::Image& picture) {
        signature::Detection said;
        said.presenceLogit = classifier.logit(picture);
        return said;
    }));
}

}  // namespace

std::vector<RowPlan> detectorRows(const Settings& settings) {
    const auto& generators = generatorsOfTable();
    const Json signature = settings.training("signature");
    std::vector<RowPlan> rows;
    for (std::size_t k = 0; k < generators.size(); ++k) {
        const auto& tested = generators[k];
        for (const PassiveDetector& detector : kPassiveDetectors) {
            std::vector<Json> trainings = {settings.training(tested.training)};
            if (detector.learns == Learns::FromAnother) {
                trainings.push_back(settings.training(kAnotherGenerator));
            } else {
                for (const auto& other : generators)
                    if (&other != &tested) trainings.push_back(settings.training(other.training));
            }
            const std::ptrdiff_t firstSeen = detector.learns == Learns::FromAll ? 0 : 1;
            rows.push_back({.name = fmt::format("{}: {}", tested.name, detector.name),
                            .paper = {{"accuracy", detector.accuracy[k]}},
                            .trainings = std::move(trainings),
                            .setting = {{"detector", trainingKey(settings.training(detector.training))}},
                            .measure = [training = detector.training, firstSeen](Workshop& workshop,
                                                                                 const auto& models) {
                                const std::vector<fs::path> seen(models.begin() + firstSeen, models.end());
                                return detectedPassively(workshop, training, seen, models[0]);
                            }});
        }
        rows.push_back({.name = fmt::format("{}: ours", tested.name),
                        .paper = {{"accuracy", tested.accuracy}},
                        .trainings = {signature, securing(settings, tested)},
                        .measure = [](Workshop& workshop, const auto& models) {
                            MeasuredSignature reader(workshop, models[0]);
                            auto generator = generatorModel(workshop, models[1]);
                            return reportWithCurve(
                                scoresOfDrawn(workshop, reader, generator, reader.code(reader.codes())));
                        }});
    }
    return rows;
}

}  // namespace signet::experiments
