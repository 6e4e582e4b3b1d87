#include <fmt/format.h>

#include "core/experiments/measures.h"
#include "core/experiments/paper_a.h"
#include "core/experiments/picture_sheet.h"
#include "core/experiments/secured_generators.h"

namespace signet::experiments {
namespace {

constexpr int kShownPictures = 6;

/// Figure 4: what both draw of the same random numbers, and ten times the difference.
std::string drawnBeforeAndAfter(Workshop& workshop, const std::string& name,
                                generators::GeneratorModel& before, generators::GeneratorModel& after) {
    PictureSheet sheet(3, kShownPictures, before.side());
    std::vector<image::Image> first;
    drawerOf(workshop, before, kTestSeed)(kShownPictures,
                                          [&](const image::Image& picture) { first.push_back(picture); });
    int row = 0;
    drawerOf(workshop, after, kTestSeed)(kShownPictures, [&](const image::Image& picture) {
        sheet.place(first[static_cast<std::size_t>(row)], 0, row);
        sheet.place(picture, 1, row);
        sheet.placeDifference(first[static_cast<std::size_t>(row)], picture, kShownDifference, 2, row);
        ++row;
    });
    return sheet.write(workshop, fmt::format("A.F4-{}.png", name));
}

}  // namespace

std::vector<RowPlan> securedRows(const Settings& settings) {
    std::vector<RowPlan> rows;
    for (const auto& generator : generatorsOfTable()) {
        const Json signature = settings.training("signature");
        rows.push_back(
            {.name = generator.name,
             .paper = {{"fid_before", generator.fid},
                       {"fid", generator.fidSecured},
                       {"accuracy", generator.accuracy}},
             .trainings = {signature, settings.training(generator.training), securing(settings, generator)},
             .measure = [name = std::string(generator.name)](Workshop& workshop, const auto& models) {
                 MeasuredSignature signature(workshop, models[0]);
                 auto before = generatorModel(workshop, models[1]);
                 auto after = generatorModel(workshop, models[2]);
                 const auto code = signature.code(signature.codes());
                 Json ours = scoresOfDrawn(workshop, signature, after, code).report();
                 ours["accuracy_before"] =
                     scoresOfDrawn(workshop, signature, before, code).report()["accuracy"];
                 const Json distance = distanceOf(workshop, before);
                 ours["fd_efflite0_before"] = distance["fd_efflite0"];
                 ours.update(distanceOf(workshop, after));
                 ours["picture"] = drawnBeforeAndAfter(workshop, name, before, after);
                 return ours;
             }});
    }
    return rows;
}

}  // namespace signet::experiments
