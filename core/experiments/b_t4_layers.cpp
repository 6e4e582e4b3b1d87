#include <fmt/format.h>

#include "core/experiments/measures.h"
#include "core/experiments/paper_b.h"

namespace signet::experiments {

std::vector<RowPlan> layerRows(const Settings& settings) {
    struct Published {
        int level;
        double bits, fid;
    };
    constexpr std::array kPublished = {Published{4, 0.953, 12.06},  Published{8, 0.981, 12.06},
                                       Published{16, 0.993, 11.90}, Published{32, 0.991, 11.07},
                                       Published{64, 0.972, 10.77}, Published{128, 0.946, 10.67}};
    const auto row = [](std::string name, double bits, double fid, Json options) {
        return RowPlan{
            .name = std::move(name),
            .paper = {{"bit_accuracy", bits}, {"fid", fid}},
            .trainings = {std::move(options)},
            .measure = [](Workshop& workshop, const auto& models) { return fidelity(workshop, models[0]); }};
    };
    std::vector<RowPlan> rows;
    const Json whole = settings.training("fingerprint");
    for (const auto& [level, bits, fid] : kPublished)
        if (level <= whole.at("side").get<int>())
            rows.push_back(
                row(fmt::format("{} px", level), bits, fid,
                    settings.training("fingerprint", {{"modulatedFrom", level}, {"modulatedTo", level}})));
    rows.push_back(row("all", 0.991, 11.50, whole));
    return rows;
}

}  // namespace signet::experiments
