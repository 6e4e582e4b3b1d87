#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/base/file_io.h"
#include "core/base/random.h"
#include "core/experiments/measures.h"
#include "core/experiments/paper_b.h"
#include "core/fingerprint/residual.h"
#include "core/image/encode.h"

namespace signet::experiments {
namespace {

constexpr int kLatents = 6;
constexpr double kMagnified = 5;  ///< as in the paper's figure

void place(const image::Image& picture, int column, int row, image::Image& sheet) {
    const std::size_t width = static_cast<std::size_t>(picture.width) * 3;
    for (int y = 0; y < picture.height; ++y)
        std::copy_n(
            picture.data.begin() + static_cast<std::ptrdiff_t>(y) * picture.width * 3, width,
            sheet.data.begin() + (static_cast<std::ptrdiff_t>(row * picture.height + y) * sheet.width +
                                  static_cast<std::ptrdiff_t>(column) * picture.width) *
                                     3);
}

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
    image::Image sheet = image::makeImage(3 * side, kLatents * side, 3);
    double sum = 0;
    for (int row = 0; row < kLatents; ++row) {
        const auto i = static_cast<std::size_t>(row);
        place(one[i], 0, row, sheet);
        place(other[i], 1, row, sheet);
        place(fingerprint::magnifiedResidual(one[i], other[i], kMagnified), 2, row, sheet);
        for (std::size_t k = 0; k < one[i].data.size(); ++k)
            sum += std::abs(one[i].data[k] - other[i].data[k]);
    }
    writeFileAtomically(workshop.resultsFolder() / "B.F7.png", image::encode(sheet, {}), IfExists::Replace);
    return {{"mean_absolute_difference", sum / (kLatents * side * side * 3.0)},
            {"unit", "grey levels of 255"},
            {"latents", kLatents},
            {"picture", "B.F7.png"}};
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
