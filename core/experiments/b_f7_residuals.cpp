#include <cmath>
#include <cstdlib>

#include "core/base/random.h"
#include "core/experiments/measures.h"
#include "core/experiments/paper_b.h"
#include "core/experiments/picture_sheet.h"

namespace signet::experiments {
namespace {

constexpr int kLatents = 6;
constexpr double kMagnified = 5;  ///< as in the paper's figure

std::vector<image::Image> drawn(Workshop& workshop, fingerprint::FingerprintModel& model,
                                const std::vector<std::uint8_t>& code) {
    std::vector<image::Image> pictures;
    auto instance = model.instance(code);
    (void)instance.sample(
        {.seed = kTestSeed, .count = kLatents}, workshop.context(),
        [&](std::uint64_t, image::Image picture) { pictures.push_back(std::move(picture)); });
    workshop.checkStop();
    return pictures;
}

/// Rows: a latent each. Columns: one fingerprint, the other, their difference magnified.
Json residualSheet(Workshop& workshop, const std::filesystem::path& folder) {
    auto model = fingerprintModel(workshop, folder);
    StepRandom random(kTestSeed, 1, 0);
    const auto code = [&] { return drawnBits(model.bits(), [&] { return random.bits(); }); };
    const auto one = drawn(workshop, model, code());
    const auto other = drawn(workshop, model, code());
    const int side = model.side();
    PictureSheet sheet(3, kLatents, side);
    double sum = 0;
    for (int row = 0; row < kLatents; ++row) {
        const auto i = static_cast<std::size_t>(row);
        sheet.place(one[i], 0, row);
        sheet.place(other[i], 1, row);
        sheet.placeDifference(one[i], other[i], kMagnified, 2, row);
        for (std::size_t k = 0; k < one[i].data.size(); ++k)
            sum += std::abs(one[i].data[k] - other[i].data[k]);
    }
    return {{"mean_absolute_difference", sum / (kLatents * side * side * 3.0)},
            {"unit", "grey levels of 255"},
            {"latents", kLatents},
            {"picture", sheet.write(workshop, "B.F7.png")}};
}

}  // namespace

std::vector<RowPlan> residualRows(const Settings& settings) {
    return {{.name = "two random fingerprints",
             .trainings = {settings.training("fingerprint")},
             .measure = [](Workshop& workshop, const auto& models) {
                 return residualSheet(workshop, models[0]);
             }}};
}

}  // namespace signet::experiments
