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
    const char* plainPaper = "";     ///< the paper's working range of the plain model, where its text has one
    const char* immunisedPaper = "";
};

const std::vector<Family>& families() {
    static const std::vector<Family> list = {
        {"crop",
         "crop and resize",
         {"none", "cropresize:0.9", "cropresize:0.8", "cropresize:0.7", "cropresize:0.6", "cropresize:0.5",
          "cropresize:0.4", "cropresize:0.3", "cropresize:0.2"},
         "",
         "60-128 of 128 px"},
        {"blur",
         "Gaussian blur",
         {"none", "blur:0.25", "blur:0.5", "blur:0.75", "blur:1", "blur:1.5", "blur:2", "blur:3"},
         "kernel 0-7 px of 128"},
        {"jpeg",
         "JPEG",
         {"none", "jpeg:95", "jpeg:90", "jpeg:80", "jpeg:70", "jpeg:50", "jpeg:30", "jpeg:10"},
         "quality 80-100"},
        {"noise",
         "noise",
         {"none", "noise:0.02", "noise:0.05", "noise:0.1", "noise:0.15", "noise:0.2", "noise:0.3",
          "noise:0.4"},
         "",
         "standard deviation 0-0.4"},
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
        fingerprint::BitTally count;
        std::uint64_t number = 0;
        model.draw(kTestSeed, workshop.settings().number("robustnessPictures"), workshop.context(),
                   [&](const std::vector<std::uint8_t>& code, const image::Image& picture) {
                       count.add(code, model.decode(attacks::apply(picture, perturbation, number++)));
                   });
        workshop.checkStop();
        Json point = shareOf(count);
        point["perturbation"] = spec;
        curve.push_back(point);
        works = works && count.accuracy() >= kWorks;
        if (works) strongest = spec;
    }
    return {{"curve", curve}, {"works_up_to", strongest}};
}

}  // namespace

std::vector<RowPlan> robustnessRows(const Settings& settings) {
    std::vector<RowPlan> rows;
    const auto add = [&](const Family& family, const std::string& immunise, const std::string& name,
                         const std::string& paper = {}) {
        rows.push_back({.name = fmt::format("{}: {}", family.name, name),
                        .paper = paper.empty() ? Json::object() : Json{{"works", paper}},
                        .trainings = {settings.training("fingerprint", {{"immunise", immunise}})},
                        .measure = [&family](Workshop& workshop, const auto& models) {
                            return curveOf(workshop, models[0], family);
                        }});
    };
    for (const Family& family : families()) {
        add(family, "none", "plain", family.plainPaper);
        add(family, family.immunise, "immunised", family.immunisedPaper);
        if (family.immunise != std::string("all")) add(family, "all", "immunised against all");
    }
    return rows;
}

}  // namespace signet::experiments
