#include <fmt/format.h>

#include "core/attacks/perturbation.h"
#include "core/experiments/measures.h"
#include "core/experiments/paper_b.h"

namespace signet::experiments {
namespace {

constexpr double kWorks = 0.75;  ///< bit accuracy of a working range

struct Family {
    const char* immunise;  ///< the training's choice
    const char* name;
    std::vector<const char*> specs;  ///< weakest first
};

const std::vector<Family>& families() {
    static const std::vector<Family> list = {
        {"crop",
         "crop and resize",
         {"none", "cropresize:0.9", "cropresize:0.8", "cropresize:0.7", "cropresize:0.6", "cropresize:0.5",
          "cropresize:0.4", "cropresize:0.3", "cropresize:0.2"}},
        {"blur",
         "Gaussian blur",
         {"none", "blur:0.25", "blur:0.5", "blur:0.75", "blur:1", "blur:1.5", "blur:2", "blur:3"}},
        {"jpeg",
         "JPEG",
         {"none", "jpeg:95", "jpeg:90", "jpeg:80", "jpeg:70", "jpeg:50", "jpeg:30", "jpeg:10"}},
        {"noise",
         "noise",
         {"none", "noise:0.02", "noise:0.05", "noise:0.1", "noise:0.15", "noise:0.2", "noise:0.3",
          "noise:0.4"}},
        {"all",
         "all four together",
         {"none", "cropresize:0.95+blur:0.25+noise:0.02+jpeg:95",
          "cropresize:0.9+blur:0.5+noise:0.05+jpeg:80", "cropresize:0.8+blur:0.75+noise:0.08+jpeg:60",
          "cropresize:0.7+blur:1+noise:0.1+jpeg:40"}},
    };
    return list;
}

Json curveOf(Workshop& workshop, const std::filesystem::path& folder, const Family& family) {
    auto model = fingerprintModel(workshop, folder);
    Json curve = Json::array();
    std::string strongest;
    bool works = true;
    for (const char* spec : family.specs) {
        const auto perturbation = attacks::parsePerturbation(spec);
        BitCount count;
        std::uint64_t number = 0;
        model.draw(kTestSeed, workshop.settings().number("robustnessPictures"), workshop.context(),
                   [&](const std::vector<std::uint8_t>& code, const image::Image& picture) {
                       count.add(code, model.decode(attacks::apply(picture, perturbation, number++)));
                   });
        workshop.checkStop();
        Json point = count.report();
        point["perturbation"] = spec;
        curve.push_back(point);
        works = works && count.mean() >= kWorks;
        if (works) strongest = spec;
    }
    return {{"curve", curve}, {"works_up_to", strongest}};
}

}  // namespace

std::vector<RowPlan> robustnessRows(const Settings& settings) {
    std::vector<RowPlan> rows;
    const auto add = [&](const Family& family, const std::string& immunise, const std::string& name,
                         Json paper) {
        rows.push_back({.name = fmt::format("{}: {}", family.name, name),
                        .paper = std::move(paper),
                        .trainings = {settings.training("fingerprint", {{"immunise", immunise}})},
                        .measure = [&family](Workshop& workshop, const auto& models) {
                            return curveOf(workshop, models[0], family);
                        }});
    };
    for (const Family& family : families()) {
        add(family, "none", "plain", Json::object());
        add(family, family.immunise, "immunised", Json::object());
        if (family.immunise != std::string("all"))
            add(family, "all", "immunised against all", Json::object());
    }
    // The only ranges that the paper's text gives.
    for (RowPlan& row : rows) {
        if (row.name == "Gaussian blur: plain") row.paper = {{"works", "kernel 0-7 px of 128"}};
        if (row.name == "JPEG: plain") row.paper = {{"works", "quality 80-100"}};
        if (row.name == "crop and resize: immunised") row.paper = {{"works", "60-128 of 128 px"}};
        if (row.name == "noise: immunised") row.paper = {{"works", "standard deviation 0-0.4"}};
    }
    return rows;
}

}  // namespace signet::experiments
