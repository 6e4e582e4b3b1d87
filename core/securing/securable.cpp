#include "core/securing/securable.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/generators/adm_generator.h"
#include "core/generators/autoencoder_training.h"
#include "core/generators/diffusion_training.h"
#include "core/generators/ldm_generator.h"
#include "core/generators/stylegan2_training.h"
#include "core/models/model_store.h"
#include "core/training/training_run.h"

namespace signet::securing {

namespace {

/// The discriminator of the run that options name, under "critic.".
void addCritic(nn::TensorMap& weights, const SecuringOptions& options) {
    if (options.critic.empty()) return;
    const auto critic = nn::withoutPrefix(training::startingWeights(options.critic), "critic.");
    if (critic.empty())
        throw Error(ErrorCode::BadOption, fmt::format("the run {} has no discriminator", options.critic));
    nn::addWithPrefix(weights, critic, "critic.");
}

/// What a run has that these options decide.
template <typename Options>
void takeOver(Options& inner, const SecuringOptions& options) {
    inner.name = options.name;
    inner.steps = options.steps;
    inner.batch = options.batch;
    inner.seed = options.seed;
    inner.threads = options.threads;
    inner.data = options.data;
    inner.mirror = options.mirror;
    inner.bf16 = options.bf16;
    inner.start.clear();
    if (options.learningRate > 0) inner.learningRate = options.learningRate;
}

bool isOf(const Json& training, const char* task) {
    return training.is_object() && training.value("task", std::string()) == task;
}

/// The options of the generator's own training, where it is on record and of this task; else the defaults.
template <typename Options>
Options ownTraining(const Json& training, const char* task) {
    if (isOf(training, task)) return Options::fromJson(training);
    return {};
}

Securable securableStyleGan2(const models::Manifest& manifest, const SecuringOptions& options,
                             const training::Placement& placement, SecuringAims aims) {
    auto inner = ownTraining<generators::StyleGan2TrainingOptions>(manifest.firstTraining(),
                                                                   generators::kStyleGan2Task);
    inner.network = generators::StyleGeneratorOptions::fromJson(manifest.options);
    if (!isOf(manifest.firstTraining(), generators::kStyleGan2Task)) {
        inner.criticBase = inner.network.featureBase;
        inner.criticMost = inner.network.featureMost;
    }
    takeOver(inner, options);
    inner.distanceImages = 0;
    if (options.averageImages > 0) inner.averageImages = options.averageImages;
    auto job = std::make_unique<generators::StyleGan2Training>(inner, placement);
    nn::TensorMap weights = generators::generatorWeights(manifest);
    addCritic(weights, options);
    job->startFrom(weights);
    job->setTarget(std::move(aims.sign));
    job->setFurtherLoss(std::move(aims.furtherLoss));
    auto* at = job.get();
    return {std::move(job), [at] { return at->averagedState(); }};
}

Securable securableLdm(const models::Manifest& manifest, const SecuringOptions& options,
                       const training::Placement& placement, SecuringAims aims) {
    const auto network = generators::LdmOptions::fromJson(manifest.options);
    generators::AutoencoderTrainingOptions inner;
    // The first stage's own training, where its model is still there.
    const Json& own = manifest.firstTraining();
    const std::string first = own.is_object() ? own.value("autoencoder", std::string()) : "";
    if (!first.empty()) {
        try {
            inner = ownTraining<generators::AutoencoderTrainingOptions>(
                models::findModel(first, placement.workspace).training, generators::kAutoencoderTask);
        } catch (const Error&) {
            inner = {};
        }
    }
    inner.network = network.autoencoder;
    inner.side = network.side();
    takeOver(inner, options);
    inner.onlyDecoder = !options.all;
    inner.adversarialFrom = 0;
    auto job = std::make_unique<generators::AutoencoderTraining>(inner, placement);
    const nn::TensorMap whole = generators::generatorWeights(manifest);
    nn::TensorMap weights = nn::withoutPrefix(whole, "autoencoder.");
    addCritic(weights, options);
    job->startFrom(weights);
    job->setTarget(std::move(aims.sign));
    job->setFurtherLoss(std::move(aims.furtherLoss));
    auto* at = job.get();
    return {std::move(job), [at, whole] {
                nn::TensorMap state = whole;
                for (const auto& [name, tensor] : nn::stateDict(*at->network()))
                    state["autoencoder." + name] = tensor.detach().to(torch::kCPU).clone();
                return state;
            }};
}

Securable securableAdm(const models::Manifest& manifest, const SecuringOptions& options,
                       const training::Placement& placement, SecuringAims aims) {
    const auto network = generators::AdmOptions::fromJson(manifest.options);
    if (!network.upsampler && !options.all)
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} has no second diffusion that could be secured alone: set all=true",
                                manifest.name));
    if (options.xi > 0)
        throw Error(ErrorCode::BadOption, "xi has no place in a diffusion's loss: set it to 0");
    if (!options.critic.empty())
        throw Error(ErrorCode::BadOption, "a diffusion is trained without a discriminator: leave critic out");
    auto inner = ownTraining<generators::DiffusionTrainingOptions>(manifest.firstTraining(),
                                                                   generators::kDiffusionTask);
    const bool enlarges = network.upsampler.has_value();
    inner.network = enlarges ? *network.upsampler : network.base;
    inner.draw = enlarges ? network.upsamplerDraw : network.baseDraw;
    takeOver(inner, options);
    inner.warmUp = std::min(inner.warmUp, options.steps / 10);
    if (options.averageImages > 0) inner.ema = std::pow(0.5, options.batch / options.averageImages);
    inner.low = enlarges ? network.base.side : 0;
    inner.base = manifest.folder.string();
    inner.autoencoder.clear();
    inner.distanceImages = 0;
    auto job = std::make_unique<generators::DiffusionTraining>(inner, placement);
    const nn::TensorMap whole = generators::generatorWeights(manifest);
    job->startFrom(whole);
    job->setTarget(std::move(aims.sign));
    auto* at = job.get();
    const std::string part = enlarges ? "upsampler." : "base.";
    return {std::move(job), [at, whole, part] {
                nn::TensorMap state = whole;
                for (const auto& [name, tensor] : at->averagedState()) state[part + name] = tensor;
                return state;
            }};
}

}  // namespace

Securable makeSecurable(const models::Manifest& generator, const SecuringOptions& options,
                        const training::Placement& placement, SecuringAims aims) {
    if (generator.kind() != models::Kind::Generator)
        throw Error(ErrorCode::BadOption, fmt::format("{} is a model of kind \"{}\": generators are secured",
                                                      generator.name, toString(generator.kind())));
    if (generator.arch == generators::kStyleGan2Arch)
        return securableStyleGan2(generator, options, placement, std::move(aims));
    if (generator.arch == generators::kLdmArch)
        return securableLdm(generator, options, placement, std::move(aims));
    if (generator.arch == generators::kAdmArch)
        return securableAdm(generator, options, placement, std::move(aims));
    throw Error(ErrorCode::BadOption,
                fmt::format("generators of the form \"{}\" are not secured", generator.arch));
}

}  // namespace signet::securing
