#include <algorithm>
#include <cmath>

#include "core/experiments/paper_a.h"
#include "core/experiments/picture_sheet.h"
#include "core/experiments/signature_measures.h"

namespace signet::experiments {
namespace {

constexpr int kMaps = 6;

/// Length over the colours of what was added, divided by its greatest in the picture (papers.md 1.8).
image::Image kappaMap(const image::Image& picture, const image::Image& marked, double& peak) {
    const auto pixels = picture.data.size() / 3;
    std::vector<double> lengths(pixels);
    peak = 0;
    for (std::size_t i = 0; i < pixels; ++i) {
        double sum = 0;
        for (std::size_t c = 0; c < 3; ++c)
            sum += std::pow(static_cast<double>(marked.data[3 * i + c]) - picture.data[3 * i + c], 2);
        lengths[i] = std::sqrt(sum);
        peak = std::max(peak, lengths[i]);
    }
    image::Image map = image::makeImage(picture.width, picture.height, 3);
    for (std::size_t i = 0; i < pixels; ++i)
        std::fill_n(map.data.begin() + static_cast<std::ptrdiff_t>(3 * i), 3,
                    static_cast<std::uint8_t>(std::lround(255 * lengths[i] / std::max(peak, 1e-9))));
    return map;
}

}  // namespace

std::vector<RowPlan> kappaRows(const Settings& settings) {
    return {{.name = "what W adds",
             .paper = {{"peaks", {15.59, 33.08}}},
             .trainings = {settings.training("signature")},
             .measure = [](Workshop& workshop, const auto& models) {
                 MeasuredSignature signature(workshop, models[0]);
                 PictureSheet sheet(3, kMaps, signature.side());
                 Json peaks = Json::array();
                 int row = 0;
                 workshop.heldOutDrawer(signature.side())(kMaps, [&](const image::Image& picture) {
                     const auto marked = signature.marked(picture, signature.code(signature.codes()));
                     double peak = 0;
                     sheet.place(picture, 0, row);
                     sheet.place(marked, 1, row);
                     sheet.place(kappaMap(picture, marked, peak), 2, row++);
                     peaks.push_back(peak);
                 });
                 return Json{{"peaks", peaks},
                             {"unit", "grey levels of 255"},
                             {"picture", sheet.write(workshop, "A.F3.png")}};
             }}};
}

}  // namespace signet::experiments
