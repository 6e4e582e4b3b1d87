#include "core/removal/attackers.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/examine/loaded_models.h"
#include "core/generators/autoencoder_model.h"
#include "core/nn/runtime.h"
#include "core/removal/regeneration.h"
#include "core/removal/remover_model.h"
#include "core/removal/surrogate_attacker.h"
#include "core/removal/white_box_attacker.h"

namespace signet::removal {
namespace {

using Attackers = std::vector<std::unique_ptr<examine::Attacker>>;

/// evaluation.md 6.1 and 6.4.
const std::vector<int> kUsualSteps{40, 100, 200};
const std::vector<int> kUsualEps{2, 4, 8, 12};
constexpr int kMostSteps = 1000, kMostEps = 64;

void requireBetween(const char* option, const std::vector<int>& values, int most) {
    for (const int value : values)
        if (value < 1 || value > most)
            throw Error(ErrorCode::BadOption,
                        fmt::format("{} lies between 1 and {}, not at {}", option, most, value));
}

const std::vector<int>& orUsual(const std::vector<int>& values, const std::vector<int>& usual) {
    return values.empty() ? usual : values;
}

void addRegeneration(Attackers& all, const models::Manifest& model, const std::vector<int>& steps,
                     torch::Device device, int threads) {
    if (model.kind() != models::Kind::Autoencoder) {
        const std::shared_ptr<generators::Generator> generator = generators::loadGenerator(model);
        for (const int strength : orUsual(steps, kUsualSteps))
            all.push_back(std::make_unique<Regeneration>(model, generator, strength, device, threads));
        return;
    }
    if (!steps.empty())
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} is an autoencoder, which has no steps: leave --steps out", model.name));
    all.push_back(std::make_unique<Regeneration>(model, generators::loadAutoencoder(model), device, threads));
}

}  // namespace

bool AttackerOptions::any() const {
    return !remover.empty() || !generator.empty() || !surrogate.empty() || whiteBox;
}

void AttackerOptions::validate() const {
    if (!steps.empty() && generator.empty())
        throw Error(ErrorCode::BadOption, "--steps says how much --regenerate changes: name a model with it");
    if (!eps.empty() && surrogate.empty() && !whiteBox)
        throw Error(ErrorCode::BadOption,
                    "--eps says how far --surrogate and --white-box go: give one of them");
    requireBetween("--steps", steps, kMostSteps);
    requireBetween("--eps", eps, kMostEps);
}

Attackers makeAttackers(const AttackerOptions& options, const models::Manifest& signature,
                        const examine::Examiner::Options& setup) {
    options.validate();
    const int threads = examine::threadsOf(setup);
    const torch::Device device = nn::deviceFromName(setup.device);
    const auto modelOf = [&](const std::string& name) { return models::findModel(name, setup.workspace); };
    Attackers all;
    if (!options.remover.empty())
        all.push_back(std::make_unique<RemoverModel>(modelOf(options.remover), setup.device, threads));
    if (!options.generator.empty())
        addRegeneration(all, modelOf(options.generator), options.steps, device, threads);
    if (!options.surrogate.empty()) {
        const auto model = modelOf(options.surrogate);
        const std::shared_ptr<baselines::Classifier> classifier = baselines::Classifier::load(model.folder);
        for (const int eps : orUsual(options.eps, kUsualEps))
            all.push_back(std::make_unique<SurrogateAttacker>(model, classifier, PgdOptions{.eps = eps},
                                                              device, threads));
    }
    if (options.whiteBox) {
        const std::shared_ptr<WhiteBox> box = whiteBoxOf(signature, device);
        for (const Aim aim : {Aim::Removal, Aim::Spoofing})
            for (const int eps : orUsual(options.eps, kUsualEps))
                all.push_back(std::make_unique<WhiteBoxAttacker>(signature, box, aim, PgdOptions{.eps = eps},
                                                                 device, threads));
    }
    return all;
}

}  // namespace signet::removal
