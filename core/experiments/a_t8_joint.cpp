#include <fmt/format.h>

#include "core/experiments/measures.h"
#include "core/experiments/paper_a.h"
#include "core/experiments/signature_measures.h"

namespace fs = std::filesystem;

namespace signet::experiments {
namespace {

/// The injector against a detector that learnt to tell a generator's pictures from real ones, and stays.
Json againstFixed(Workshop& workshop, const std::vector<fs::path>& models) {
    const Settings& settings = workshop.settings();
    auto generator = generatorModel(workshop, models[0]);
    const int side = generator.side();
    const auto count = settings.number("detectorPictures");
    const fs::path real = workshop.pictures(fmt::format("real-{}-{}-{}", workshop.dataKey(), side, count),
                                            count, workshop.trainedOnDrawer(side));
    const fs::path drawn =
        workshop.pictures(fmt::format("drawn-{}-{}", models[0].parent_path().filename().string(), count),
                          count, drawerOf(workshop, generator, kTestSeed + 2));
    const Json detector =
        settings.training("baseline-detector", {{"class0", real.string()}, {"class1", drawn.string()}});
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
