#include "core/experiments/measures.h"
#include "core/experiments/paper_a.h"
#include "core/experiments/secured_generators.h"

namespace fs = std::filesystem;

namespace signet::experiments {
namespace {

/// The injector against a detector that learnt to tell a generator's pictures from real ones, and stays.
Json againstFixed(Workshop& workshop, const std::vector<fs::path>& models) {
    const Settings& settings = workshop.settings();
    const int side = generatorModel(workshop, models[0]).side();
    const Json detector =
        settings.training("baseline-detector", {{"class0", realPictures(workshop, side).string()},
                                                {"class1", drawnPictures(workshop, models[0]).string()}});
    const Json signature = settings.training("signature", {{"freezeDetector", true}, {"start", detector}});
    return signatureQuality(workshop, workshop.trained(signature));
}

}  // namespace

std::vector<RowPlan> jointRows(const Settings& settings) {
    return {{.name = "W and F jointly",
             .paper = {{"psnr_db", 51.4}, {"fid", 0.52}, {"accuracy", 1.0}},
             .trainings = {settings.training("signature")},
             .measure = [](Workshop& workshop,
                           const auto& models) { return signatureQuality(workshop, models[0]); }},
            {.name = "W against a fixed F",
             .paper = {{"psnr_db", 23.4}, {"fid", 140}, {"accuracy", 0.501}},
             .trainings = {settings.training("generator-to-secure")},
             .measure = againstFixed}};
}

}  // namespace signet::experiments
