#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/experiments/measures.h"
#include "core/experiments/paper_a.h"
#include "core/experiments/secured_generators.h"
#include "core/generators/compressed_generator.h"
#include "core/models/manifest.h"

namespace signet::experiments {
namespace {

/// What the signature's detector and the distance say of what is left of a generator.
Json measuredOf(Workshop& workshop, const std::filesystem::path& signatureFolder,
                generators::GeneratorModel generator) {
    MeasuredSignature signature(workshop, signatureFolder);
    Json ours = scoresOfDrawn(workshop, signature, generator, signature.code(signature.codes())).report();
    ours.update(distanceOf(workshop, generator));
    return ours;
}

/// The attack by training: one run on clean pictures, whose checkpoints are the rows. Its discriminator is
/// that of the generator's own training, as where it was secured: a strong attacker's.
Json restoring(const Settings& settings, const GeneratorOfTable& generator,
               const std::vector<std::int64_t>& steps) {
    std::int64_t every = 0;
    for (const std::int64_t after : steps) every = std::gcd(every, after);
    return securing(settings, generator,
                    {{"clean", true},
                     {"generator", securing(settings, generator)},
                     {"xi", 0.0},
                     {"steps", *std::max_element(steps.begin(), steps.end())},
                     {"keepEvery", every}});
}

}  // namespace

std::vector<RowPlan> restoredRows(const Settings& settings) {
    const Json signature = settings.training("signature");
    const auto steps = settings.numbers("restoringSteps");
    std::vector<RowPlan> rows;
    for (const auto& generator : generatorsOfTable()) {
        const Json secured = securing(settings, generator);
        const auto addCompressed = [&](const std::string& how, const Json& setting,
                                       const generators::Compression& compression) {
            rows.push_back({.name = fmt::format("{}: {}", generator.name, how),
                            .trainings = {signature, secured},
                            .setting = setting,
                            .measure = [compression](Workshop& workshop, const auto& models) {
                                return measuredOf(workshop, models[0],
                                                  generators::compressedGenerator(
                                                      models::readManifest(models[1]), compression,
                                                      workshop.device(), workshop.threads()));
                            }});
        };
        addCompressed("as it was secured", Json::object(), {});
        const Json attack = restoring(settings, generator, steps);
        for (const std::int64_t after : steps)
            rows.push_back({.name = fmt::format("{}: {} steps on clean pictures", generator.name, after),
                            .trainings = {signature, attack},
                            .setting = {{"steps", after}},
                            .measure = [attack, after](Workshop& workshop, const auto& models) {
                                const auto folder =
                                    workshop.trainedFor(attack, static_cast<std::uint64_t>(after));
                                return measuredOf(workshop, models[0], generatorModel(workshop, folder));
                            }});
        for (const double share : settings.reals("pruneShares"))
            addCompressed(fmt::format("{:g} % of the weights pruned", 100 * share), {{"pruned", share}},
                          {.prunedShare = share});
        for (const std::int64_t bits : settings.numbers("quantiseBits"))
            addCompressed(fmt::format("weights of {} bits", bits), {{"bits", bits}},
                          {.bits = static_cast<int>(bits)});
    }
    return rows;
}

}  // namespace signet::experiments
