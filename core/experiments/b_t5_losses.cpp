#include "core/experiments/measures.h"
#include "core/experiments/paper_b.h"

namespace signet::experiments {

std::vector<RowPlan> lossRows(const Settings& settings) {
    const auto row = [&](std::string name, double bits, double fid, const Json& changes) {
        return RowPlan{
            .name = std::move(name),
            .paper = {{"bit_accuracy", bits}, {"fid", fid}},
            .trainings = {settings.training("fingerprint", changes)},
            .measure = [](Workshop& workshop, const auto& models) { return fidelity(workshop, models[0]); }};
    };
    return {{.name = "adversarial",
             .paper = {{"fid", 9.37}},
             .trainings = {settings.training("generator")},
             .measure = [](Workshop& workshop,
                           const auto& models) { return plainFidelity(workshop, models[0]); }},
            row("and bits", 0.999, 12.84, {{"latentWeight", 0}, {"consistency", 0}}),
            row("and consistency", 0.988, 12.24, {{"latentWeight", 0}}),
            row("and latent", 0.991, 11.50, Json::object())};
}

}  // namespace signet::experiments
