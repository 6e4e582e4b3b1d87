#include "core/generators/autoencoder_training.h"

#include <torch/torch.h>

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/generators/adversary.h"
#include "core/generators/autoencoder_model.h"
#include "core/metrics/feature_weights.h"
#include "core/nn/batch_norm.h"
#include "core/nn/image_random.h"
#include "core/nn/runtime.h"
#include "core/nn/torch_checkpoint.h"
#include "core/training/batch_share.h"
#include "core/training/model_folder.h"
#include "core/training/optimiser.h"
#include "core/training/picture_tensors.h"

namespace signet::generators {

using torch::Tensor;

namespace {

constexpr double kBeta1 = 0.5, kBeta2 = 0.9;
constexpr double kLeastGradient = 1e-4, kMostWeight = 1e4;
constexpr std::size_t kPairRows = 4, kPairColumns = 3;  ///< of pairs
constexpr std::uint64_t kBackStream = 63;
constexpr const char* kCriticPart = "critic.";

nn::Autoencoder seededAutoencoder(const AutoencoderTrainingOptions& options) {
    options.validate();
    torch::manual_seed(training::seedOf(options));
    return nn::Autoencoder(options.network);
}

/// What learns: all of it, or what paper A's stage 2 fine-tunes.
nn::NamedParameters learning(nn::Autoencoder& network, bool onlyDecoder) {
    if (!onlyDecoder) return parametersOf(*network, "");
    for (auto& parameter : network->parameters()) parameter.set_requires_grad(false);
    nn::NamedParameters parameters;
    nn::addParameters(parameters, *network->decoder, "decoder.");
    nn::addParameters(parameters, *network->post_quant_conv, "post_quant_conv.");
    for (auto& [name, parameter] : parameters) parameter.set_requires_grad(true);
    return parameters;
}

Tensor levelsOf(const Tensor& pictures) {
    return (pictures * 127.5 + 0.5) / 128;  // 0..255 as (x - 127) / 128
}

}  // namespace

AutoencoderTraining::AutoencoderTraining(AutoencoderTrainingOptions options, training::Placement placement)
    : m_options(std::move(options)),
      m_placement(std::move(placement)),
      m_bf16(m_options.bf16 && nn::deviceHasBf16(m_placement.device)),
      m_network(seededAutoencoder(m_options)),
      m_critic(m_options.criticWidth, m_options.criticHalvings),
      m_coding((m_network->to(m_placement.device), learning(m_network, m_options.onlyDecoder)),
               {.rate = m_options.learningRate, .beta1 = kBeta1, .beta2 = kBeta2}),
      m_judging((m_critic->to(m_placement.device), parametersOf(*m_critic, kCriticPart)),
                {.rate = m_options.learningRate, .beta1 = kBeta1, .beta2 = kBeta2}) {
    training::requireEvenShare(m_options, *m_placement.group);
    m_network->eval();
    if (m_placement.group->size() > 1) nn::joinBatchNorm(*m_critic, m_placement.group);
    if (m_network->quantize) m_used = torch::zeros({m_options.network.codes}, torch::kInt64);
    if (m_options.perceptual <= 0) return;
    const auto weights = metrics::findFeatureWeights(m_placement.workspace);
    if (weights.empty()) {
        m_noFeatures =
            "There is no perceptual term: the weights of EfficientNet-Lite0 are not installed "
            "(installer/setup_features), or set perceptual to 0.";
        return;
    }
    auto tensors = nn::loadTorchCheckpoint(weights, metrics::kFeatureWeightsSha256);
    for (auto& [name, tensor] : tensors) tensor = tensor.to(m_placement.device);
    m_features.emplace(std::move(tensors));
}

training::LoaderOptions AutoencoderTraining::loaderOptions() const {
    auto loader = training::loaderOfShare(m_options, *m_placement.group, m_options.side);
    loader.draw = {.crops = false, .mirrors = m_options.mirror};
    return loader;
}

Tensor AutoencoderTraining::targetOf(const Tensor& pictures) const {
    const torch::NoGradGuard guard;
    return m_target ? m_target(pictures) : pictures;
}

void AutoencoderTraining::countCodes(const Tensor& indices, const Tensor& latents,
                                     const at::Generator& random) {
    if (m_options.restartEvery <= 0 || m_options.onlyDecoder) return;
    const torch::NoGradGuard guard;
    Tensor counts = torch::bincount(indices.to(torch::kCPU), {}, m_options.network.codes);
    if (m_placement.group->size() > 1) m_placement.group->sum(counts);
    m_used += counts;
    if ((m_done + 1) % static_cast<std::uint64_t>(m_options.restartEvery) != 0) return;
    const Tensor dead = (m_used == 0).nonzero().flatten();
    m_used.zero_();
    if (dead.numel() == 0) return;
    const Tensor rows = latents.permute({0, 2, 3, 1}).flatten(0, 2);
    const Tensor chosen = torch::randint(rows.size(0), {dead.numel()}, random, torch::kInt64);
    Tensor fresh = rows.index_select(0, chosen.to(rows.device())).detach().to(torch::kFloat32);
    // All ranks restart them alike.
    if (m_placement.group->rank() != 0) fresh.zero_();
    if (m_placement.group->size() > 1) m_placement.group->sum(fresh);
    m_network->quantize->codebook().index_copy_(0, dead.to(rows.device()), fresh);
}

AutoencoderTraining::Latent AutoencoderTraining::latentOf(const Tensor& pictures,
                                                          const at::Generator& random) {
    const Tensor encoded = m_network->encode(pictures);
    if (m_network->quantize) {
        auto quantised = m_network->quantize(encoded);
        return {quantised.latent, quantised.loss * m_options.codebook, encoded, quantised.indices};
    }
    const Tensor noise = torch::randn(encoded.chunk(2, 1)[0].sizes(), random).to(encoded.device());
    const auto [drawn, divergence] = nn::drawnLatent(encoded, noise);
    return {drawn, divergence * m_options.divergence, encoded, {}};
}

Tensor AutoencoderTraining::errorOf(const Tensor& pictures, const Tensor& target) {
    Tensor error = (target - pictures).abs().mean();
    if (m_features)
        error =
            error + m_options.perceptual * m_features->distance(levelsOf(pictures), levelsOf(target)).mean();
    return error;
}

double AutoencoderTraining::verdictWeight(const Tensor& error, const Tensor& verdict) const {
    const Tensor last = m_network->decoder->lastWeight();
    const auto length = [&](const Tensor& loss) {
        return torch::autograd::grad({loss}, {last}, {}, true)[0].norm();
    };
    return (length(error) / (length(verdict) + kLeastGradient)).clamp(0, kMostWeight).item<double>() *
           m_options.adversarial;
}

void AutoencoderTraining::learnCritic(const Tensor& real, const Tensor& drawn, training::StepResult& result) {
    Tensor loss;
    {
        const nn::Bf16Guard bf16(m_bf16, m_placement.device.type());
        // Half of the hinge loss, as published.
        loss = 0.5 * (torch::relu(1 - m_critic(real)).mean() + torch::relu(1 + m_critic(drawn)).mean());
    }
    backward(loss, {&m_judging}, *m_placement.group);
    m_judging.learn();
    note(result, "loss_critic", loss, *m_placement.group);
}

training::StepResult AutoencoderTraining::step(const training::Batch& batch) {
    StepRandom random = training::stepRandom(training::seedOf(m_options), m_done);
    auto& group = *m_placement.group;
    const at::Generator numbers =
        generatorOf(mixedSeed(random.bits(), static_cast<std::uint64_t>(group.rank())));
    const Tensor pictures = batch.images.to(m_placement.device);
    const Tensor target = targetOf(pictures);
    training::StepResult result;
    result.learningRate = m_options.learningRate;
    m_network->train();
    nn::reseedDropout(*m_network, random.bits(), group.rank() * pictures.size(0));
    Latent latent;
    Tensor back;
    {
        const nn::Bf16Guard bf16(m_bf16, m_placement.device.type());
        {
            const torch::AutoGradMode learns(!m_options.onlyDecoder);
            latent = latentOf(pictures, numbers);
        }
        back = m_network->decode(latent.planes);
    }
    m_network->eval();
    if (latent.indices.defined()) countCodes(latent.indices, latent.encoded, numbers);
    const Tensor error = errorOf(back, target);
    note(result, "loss_error", error, group);
    note(result, "loss_latent", latent.loss, group);
    Tensor loss = error;
    if (!m_options.onlyDecoder) loss = loss + latent.loss;
    if (m_furtherLoss) {
        const Tensor further = m_furtherLoss(back);
        note(result, "loss_signature", further, group);
        loss = loss + further;
    }
    const bool judged =
        m_options.adversarial > 0 && m_done >= static_cast<std::uint64_t>(m_options.adversarialFrom);
    if (judged) {
        for (auto& [name, parameter] : m_judging.parameters) parameter.set_requires_grad(false);
        Tensor verdict;
        {
            const nn::Bf16Guard bf16(m_bf16, m_placement.device.type());
            verdict = -m_critic(back).mean();
        }
        // All ranks weigh it alike.
        const double weight =
            group.mean(torch::tensor(verdictWeight(error, verdict), torch::kFloat64)).item<double>();
        note(result, "loss_adversarial", verdict, group);
        result.values.emplace_back("adversarial_weight", weight);
        loss = loss + weight * verdict;
    }
    backward(loss, {&m_coding}, group);
    result.values.emplace_back("gradient_norm", m_coding.learn());
    for (auto& [name, parameter] : m_judging.parameters) parameter.set_requires_grad(true);
    if (judged) learnCritic(target, back.detach(), result);
    result.step = ++m_done;
    return result;
}

nn::SafeTensors AutoencoderTraining::state() {
    nn::SafeTensors state;
    nn::addWithPrefix(state.tensors, nn::stateDict(*m_network), "net.");
    nn::addWithPrefix(state.tensors, nn::stateDict(*m_critic), std::string("net.") + kCriticPart);
    nn::addWithPrefix(state.tensors, m_coding.adam.state(), "adam.coding.");
    nn::addWithPrefix(state.tensors, m_judging.adam.state(), "adam.judging.");
    if (m_used.defined()) state.tensors["used"] = m_used;
    for (auto& [name, tensor] : state.tensors) tensor = tensor.detach().to(torch::kCPU).clone();
    state.metadata["network"] = toJson(m_options.network).dump();
    state.metadata["step"] = std::to_string(m_done);
    return state;
}

void AutoencoderTraining::restore(const nn::SafeTensors& state) {
    const Json network = Json::parse(training::stateText(state, "network"), nullptr, false);
    if (autoencoderOptionsFrom(network) != m_options.network) training::throwOtherNetworks();
    const auto part = [&](const char* prefix) { return nn::withoutPrefix(state.tensors, prefix); };
    if (m_used.defined())
        m_used = nn::entryOf(state.tensors, "used", {m_options.network.codes}, "checkpoint").clone();
    nn::loadStateDict(*m_network, withoutCritic(part("net.")));
    nn::loadStateDict(*m_critic, part("net.critic."));
    m_coding.adam.load(part("adam.coding."));
    m_judging.adam.load(part("adam.judging."));
    m_done = training::stateNumber(state, "step");
}

void AutoencoderTraining::startFrom(const nn::TensorMap& weights) {
    nn::loadStateDict(*m_network, withoutCritic(weights));
    const auto critic = nn::withoutPrefix(weights, kCriticPart);
    if (!critic.empty()) nn::loadStateDict(*m_critic, critic);
}

void AutoencoderTraining::setViews(const training::PhotoSet& photos) {
    m_views = training::readSquares(photos.files, m_options.validationImages, m_options.side);
}

std::optional<training::Validation> AutoencoderTraining::validate() {
    if (m_views.empty()) return std::nullopt;
    const torch::NoGradGuard guard;
    const at::Generator random = generatorOf(mixedSeed(training::seedOf(m_options), kBackStream));
    double psnr = 0, perceptual = 0;
    std::vector<Tensor> indices;
    for (const Tensor& view : m_views) {
        const Tensor pictures = view.to(m_placement.device);
        const Tensor target = targetOf(pictures);
        const Latent latent = latentOf(pictures, random);
        const Tensor back = training::asSaved(m_network->decode(latent.planes));
        psnr += training::psnrDb(target.to(torch::kCPU), back.to(torch::kCPU));
        if (m_features) perceptual += m_features->distance(levelsOf(back), levelsOf(target)).item<double>();
        if (latent.indices.defined()) indices.push_back(latent.indices);
    }
    const auto n = static_cast<double>(m_views.size());
    training::Validation result;
    result.photographs = static_cast<int>(m_views.size());
    result.values = {{"val_psnr_db", psnr / n}};
    if (m_features) result.values.emplace_back("val_perceptual", perceptual / n);
    if (!indices.empty()) {
        const Tensor used = torch::bincount(torch::cat(indices).to(torch::kCPU), {}, m_options.network.codes);
        result.values.emplace_back("val_codes_used", (used > 0).to(torch::kFloat64).mean().item<double>());
    }
    return result;
}

std::optional<training::Samples> AutoencoderTraining::samples() {
    const std::size_t count = std::min(kPairRows * kPairColumns, m_views.size());
    if (count == 0) return std::nullopt;
    const torch::NoGradGuard guard;
    const at::Generator random = generatorOf(mixedSeed(training::seedOf(m_options), kBackStream));
    const int side = m_options.side;
    const auto rows = (count + kPairColumns - 1) / kPairColumns;
    training::Samples result{
        image::makeImage(static_cast<int>(2 * kPairColumns) * side, static_cast<int>(rows) * side, 3),
        {{"side", side}, {"rows", Json::array()}}};
    for (std::size_t i = 0; i < count; ++i) {
        const Tensor pictures = m_views[i].to(m_placement.device);
        const int x = static_cast<int>(2 * (i % kPairColumns)) * side;
        const int y = static_cast<int>(i / kPairColumns) * side;
        training::paste(result.grid, targetOf(pictures), x, y);
        training::paste(result.grid, m_network->decode(latentOf(pictures, random).planes), x + side, y);
        if (i % kPairColumns == 0) result.record["rows"].push_back(Json::object());
    }
    return result;
}

std::optional<std::string> AutoencoderTraining::advice(const Json& /*record*/) {
    if (m_noFeatures.empty()) return std::nullopt;
    return std::exchange(m_noFeatures, {});
}

void AutoencoderTraining::writeModel(const std::filesystem::path& folder, const Json& origin) {
    models::Manifest model;
    model.folder = folder;
    model.name = model.title = m_options.name;
    model.arch = kAutoencoderRole;
    model.parameters = parameterCount();
    model.resolution = m_options.side;
    model.of = models::AutoencoderFields{m_options.network.factor()};
    model.options = toJson(m_options.network);
    model.training = m_options.toJson();
    model.steps = m_done;
    model.run = origin;
    training::writeModelFolder(std::move(model),
                               {{kAutoencoderRole}, "signet-autoencoder", nn::stateDict(*m_network)});
}

std::int64_t AutoencoderTraining::parameterCount() const {
    return nn::parameterCount(*m_network);
}

}  // namespace signet::generators
