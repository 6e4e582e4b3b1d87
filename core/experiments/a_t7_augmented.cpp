#include <fmt/format.h>

#include "core/attacks/perturbation.h"
#include "core/experiments/measures.h"
#include "core/experiments/paper_a.h"
#include "core/experiments/secured_generators.h"

namespace signet::experiments {
namespace {

/// The paper gives no strengths (papers.md 1.6): these are the ends of its training's ranges.
struct ChangeOfTable {
    const char* name;
    const char* spec;
};
constexpr ChangeOfTable kChanges[] = {
    {"blur", "blur:1"}, {"flip", "flip"}, {"rotation by 15 degrees", "rotate:15"}};

}  // namespace

std::vector<RowPlan> augmentedRows(const Settings& settings) {
    std::vector<RowPlan> rows;
    for (const auto& generator : generatorsOfTable())
        for (const auto& change : kChanges)
            rows.push_back({.name = fmt::format("{}: {}", generator.name, change.name),
                            .paper = {{"accuracy", 1.0}},
                            .trainings = {settings.training("signature"), securing(settings, generator)},
                            .setting = {{"change", change.spec}},
                            .measure = [spec = change.spec](Workshop& workshop, const auto& models) {
                                MeasuredSignature signature(workshop, models[0]);
                                auto generator = generatorModel(workshop, models[1]);
                                const auto perturbation = attacks::parsePerturbation(spec);
                                return scoresOfDrawn(workshop, signature, generator,
                                                     signature.code(signature.codes()),
                                                     [&](const image::Image& picture, std::uint64_t number) {
                                                         return attacks::apply(picture, perturbation, number);
                                                     })
                                    .report();
                            }});
    return rows;
}

}  // namespace signet::experiments
