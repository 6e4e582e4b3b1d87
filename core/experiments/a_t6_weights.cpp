#include <fmt/format.h>

#include "core/experiments/paper_a.h"
#include "core/experiments/picture_sheet.h"
#include "core/experiments/signature_measures.h"

namespace signet::experiments {
namespace {

struct Weight {
    double lambda, psnrDb, fid, accuracy;  ///< the paper's, of FFHQ
};
constexpr Weight kWeights[] = {{1.0, 37.5, 9.33, 1},      {0.1, 42.8, 3.16, 1},   {0.05, 51.4, 0.52, 1},
                               {0.01, 52.1, 0.46, 1},     {0.005, 52.7, 0.44, 1}, {0.001, 54.9, 0.39, 1},
                               {1e-5, 63.0, 0.06, 0.996}, {0.0, 67.5, 0.02, 0.5}};

constexpr int kShown = 6;

/// Figure A: the first pictures, signed, and ten times what was added.
std::string weightSamples(Workshop& workshop, const std::filesystem::path& folder, double lambda) {
    MeasuredSignature signature(workshop, folder);
    PictureSheet sheet(3, kShown, signature.side());
    int row = 0;
    workshop.heldOutDrawer(signature.side())(kShown, [&](const image::Image& picture) {
        const auto marked = signature.marked(picture, signature.code(1));
        sheet.place(picture, 0, row);
        sheet.place(marked, 1, row);
        sheet.placeDifference(picture, marked, kShownDifference, 2, row++);
    });
    return sheet.write(workshop, fmt::format("A.FA-{:g}.png", lambda));
}

}  // namespace

std::vector<RowPlan> weightRows(const Settings& settings) {
    std::vector<RowPlan> rows;
    const double scale = settings.real("lambdaScale");
    const auto steps = settings.number("weightSteps");
    for (const Weight& weight : kWeights)
        rows.push_back(
            {.name = fmt::format("lambda {:g}", weight.lambda),
             .paper = {{"psnr_db", weight.psnrDb}, {"fid", weight.fid}, {"accuracy", weight.accuracy}},
             .trainings = {settings.training("signature",
                                             {{"lambda", weight.lambda * scale}, {"steps", steps}})},
             .setting = {{"lambda", weight.lambda * scale}},
             .measure = [lambda = weight.lambda](Workshop& workshop, const auto& models) {
                 Json ours = signatureQuality(workshop, models[0]);
                 ours["picture"] = weightSamples(workshop, models[0], lambda);
                 return ours;
             }});
    return rows;
}

}  // namespace signet::experiments
