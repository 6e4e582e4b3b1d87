#include "core/fingerprint/fingerprint_training.h"
#include "core/fingerprint/immunisation.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/nn/runtime.h"
#include "core/training/batch_share.h"
#include "core/training/model_folder.h"
#include "core/training/optimiser.h"
#include "core/training/picture_tensors.h"

namespace signet::fingerprint {

using torch::Tensor;

namespace {

constexpr double kBeta2 = 0.99;
constexpr double kPathMemory = 0.99, kAccuracyMemory = 0.98;
constexpr int kSampleLatents = 6, kSampleCodes = 4;
constexpr std::int64_t kDrawnAtOnce = 32;
constexpr std::uint64_t kCodeSetStream = 51, kViewStream = 52, kMiddleStream = 54;
constexpr std::uint64_t kPatience = 1500;  ///< steps after which bits that are not read are worth a word

at::Generator generatorOf(std::uint64_t seed) {
    return at::make_generator<at::CPUGeneratorImpl>(seed);
}

/// Eight-bit pixels, as a file has them, [-1,1].
Tensor asSaved(const Tensor& pictures) {
    return ((pictures.clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1;
}

double shareRight(const Tensor& logits, const Tensor& codes) {
    return ((logits > 0) == (codes > 0.5)).to(torch::kFloat32).mean().item<double>();
}

nn::NamedParameters parametersOf(const torch::nn::Module& module, const char* prefix) {
    nn::NamedParameters parameters;
    nn::addParameters(parameters, module, prefix);
    return parameters;
}

FingerprintNetworks seeded(const FingerprintTrainingOptions& options) {
    options.validate();
    torch::manual_seed(training::seedOf(options));
    return FingerprintNetworks(options.network);
}

}  // namespace

FingerprintTraining::Player::Player(nn::NamedParameters named, double learningRate, int every)
    : parameters(std::move(named)),
      // A step of the regulariser among so many others takes part of the rate (StyleGAN2, appendix B).
      rate(learningRate * every / (every + 1)),
      adam(parameters, {.beta1 = 0, .beta2 = std::pow(kBeta2, every / (every + 1.0))}) {}

FingerprintTraining::FingerprintTraining(FingerprintTrainingOptions options, training::Placement placement)
    : m_options(std::move(options)),
      m_placement(std::move(placement)),
      m_bf16(m_options.bf16 && nn::deviceHasBf16(m_placement.device)),
      m_networks(seeded(m_options)),
      m_critic(nn::ResidualCriticImpl::Shape{m_options.network.side,
                                             {m_options.network.decoderBase, m_options.network.decoderMost}}),
      m_drawing((m_networks.to(m_placement.device), m_networks.drawingParameters()), m_options.learningRate,
                m_options.pathEvery),
      m_decoding(parametersOf(*m_networks.decoder(), "decoder."), m_options.learningRate,
                 m_options.pathEvery),
      m_judging((m_critic->to(m_placement.device), parametersOf(*m_critic, "critic.")),
                m_options.learningRate, m_options.r1Every),
      m_average(m_drawing.parameters, std::pow(0.5, m_options.batch / m_options.averageImages)) {
    training::requireEvenShare(m_options, *m_placement.group);
    if (m_options.bitsFirst > 0) m_spread = m_options.firstSpread;
    if (m_options.codes > 0)
        m_codes = torch::randint(2, {m_options.codes, m_options.network.bits},
                                 generatorOf(mixedSeed(training::seedOf(m_options), kCodeSetStream)),
                                 torch::kFloat32);
}

training::LoaderOptions FingerprintTraining::loaderOptions() const {
    return training::loaderOfShare(m_options, *m_placement.group, m_options.network.side);
}

Tensor FingerprintTraining::drawnCodes(std::int64_t count, const at::Generator& random) const {
    if (m_codes.defined())
        return m_codes.index_select(0, torch::randint(m_codes.size(0), {count}, random, torch::kInt64))
            .to(m_placement.device);
    return torch::randint(2, {count, m_options.network.bits}, random, torch::kFloat32).to(m_placement.device);
}

FingerprintTraining::Draw FingerprintTraining::drawn(std::int64_t count, at::Generator random) const {
    const auto z = torch::randn({count, m_options.network.latent}, random).to(m_placement.device);
    return {gathered(z), drawnCodes(count, random)};
}

Tensor FingerprintTraining::gathered(const Tensor& z) const {
    if (m_spread >= 1) return z;
    const auto middle =
        torch::randn({1, z.size(1)}, generatorOf(mixedSeed(training::seedOf(m_options), kMiddleStream)));
    return z * m_spread + middle.to(z.device()) * std::sqrt(1 - m_spread * m_spread);
}

void FingerprintTraining::countBits(double right) {
    m_bitAccuracy = kAccuracyMemory * m_bitAccuracy + (1 - kAccuracyMemory) * right;
    if (!bitsComeFirst() || m_bitAccuracy < m_options.bitsFirst) return;
    if (m_spread >= 1) m_bitsAreRead = true;
    m_spread = std::min(1.0, m_spread + m_options.spreadStep);
}

void FingerprintTraining::judge(bool learns) {
    for (auto& [name, parameter] : m_judging.parameters) parameter.requires_grad_(learns);
}

void FingerprintTraining::backward(const Tensor& loss, const std::vector<Player*>& players) {
    for (Player* player : players) player->adam.zeroGradient();
    loss.backward();
    auto& group = *m_placement.group;
    if (group.size() == 1) return;
    std::vector<Tensor> gradients, flat;
    for (Player* player : players)
        for (const auto& [name, parameter] : player->parameters)
            if (parameter.grad().defined()) gradients.push_back(parameter.grad());
    for (const Tensor& gradient : gradients) flat.push_back(gradient.flatten());
    const Tensor mean = group.mean(torch::cat(flat));
    std::int64_t at = 0;
    const torch::NoGradGuard guard;
    for (Tensor& gradient : gradients) {
        gradient.copy_(mean.slice(0, at, at + gradient.numel()).view_as(gradient));
        at += gradient.numel();
    }
}

double FingerprintTraining::learn(Player& player) {
    return player.adam.step(player.rate);
}

void FingerprintTraining::note(training::StepResult& result, const char* name, const Tensor& value) const {
    const double mean =
        m_placement.group->mean(value.detach().to(torch::kCPU, torch::kFloat64)).item<double>();
    if (!std::isfinite(mean))
        throw Error(ErrorCode::Internal, std::string("the loss term ") + name + " is not finite");
    result.values.emplace_back(name, mean);
}

void FingerprintTraining::stepDrawing(const Tensor& real, at::Generator numbers, StepRandom& random,
                                      training::StepResult& result, Tensor& fakes) {
    const bool bitsFirst = bitsComeFirst(), judged = isJudged();
    const double bitsWeight = bitsFirst ? m_options.firstBitsWeight : m_options.bitsWeight;
    const double other = bitsFirst ? m_options.firstOtherWeight : 1;
    const double consistency = bitsFirst ? 0 : m_options.consistency;
    judge(false);
    const Draw draw = drawn(real.size(0), numbers);
    Tensor verdict, decodedLatent, logits, again;
    {
        const nn::Bf16Guard guard(m_bf16, m_placement.device.type());
        fakes = m_networks.draw(draw.z, draw.codes, {numbers});
        if (consistency > 0) again = m_networks.draw(draw.z, drawnCodes(real.size(0), numbers), {numbers});
        const auto decoded = m_networks.decode(perturbed(m_options.immunise, fakes, random));
        decodedLatent = decoded.latent;
        logits = decoded.logits;
        if (judged) verdict = m_critic(fakes).to(torch::kFloat32);
    }
    const Tensor latent = (draw.z - decodedLatent).square().mean();
    const Tensor bits = torch::binary_cross_entropy_with_logits(logits, draw.codes);
    Tensor loss = latent * (m_options.latentWeight * other) + bits * bitsWeight;
    if (judged) {
        const Tensor adversarial = torch::softplus(-verdict).mean();
        note(result, "loss_adversarial", adversarial);
        loss = loss + adversarial * (m_options.adversarial * other);
    }
    note(result, "loss_bits", bits);
    note(result, "loss_latent", latent);
    if (again.defined()) {
        const Tensor apart = (fakes - again).to(torch::kFloat32).square().mean();
        note(result, "loss_consistency", apart);
        loss = loss + apart * consistency;
    }
    backward(loss, {&m_drawing, &m_decoding});
    result.values.emplace_back("gradient_norm", learn(m_drawing));
    learn(m_decoding);
    judge(true);
    fakes = fakes.detach();

    const double right =
        m_placement.group->mean(torch::tensor(shareRight(logits, draw.codes), torch::kFloat64))
            .item<double>();
    countBits(right);
    result.values.emplace_back("bit_accuracy", right);
    if (bitsFirst && m_options.firstSpread < 1) result.values.emplace_back("latent_spread", m_spread);
}

void FingerprintTraining::stepPath(std::int64_t count, at::Generator random, training::StepResult& result) {
    const Draw draw = drawn(std::max<std::int64_t>(1, count / 2), random);
    auto inputs = m_networks.inputs(draw.z, draw.codes);
    // A style a layer, so that the gradient is known layer by layer.
    inputs.styles = inputs.styles.contiguous();
    const Tensor pictures = m_networks.draw(inputs, {random});
    const double pixels = static_cast<double>(pictures.size(2) * pictures.size(3));
    const Tensor noise = torch::randn(pictures.sizes(), random).to(m_placement.device) / std::sqrt(pixels);
    const Tensor slope =
        torch::autograd::grad({(pictures * noise).sum()}, {inputs.styles}, {}, true, true)[0];
    const Tensor lengths = slope.square().sum(2).mean(1).sqrt();
    const double mean =
        m_placement.group->mean(lengths.detach().mean().to(torch::kCPU, torch::kFloat64)).item<double>();
    m_pathMean += (1 - kPathMemory) * (mean - m_pathMean);
    const Tensor loss = (lengths - m_pathMean).square().mean();
    note(result, "path_length", lengths.mean());
    backward(loss * (m_options.pathWeight * m_options.pathEvery), {&m_drawing});
    learn(m_drawing);
}

void FingerprintTraining::stepCritic(const Tensor& real, const Tensor& fakes, training::StepResult& result) {
    Tensor ofFakes, ofReal;
    {
        const nn::Bf16Guard guard(m_bf16, m_placement.device.type());
        ofFakes = m_critic(fakes).to(torch::kFloat32);
        ofReal = m_critic(real).to(torch::kFloat32);
    }
    const Tensor loss = torch::softplus(ofFakes).mean() + torch::softplus(-ofReal).mean();
    note(result, "loss_critic", loss);
    backward(loss, {&m_judging});
    learn(m_judging);
    if (m_options.r1 <= 0 || m_done % static_cast<std::uint64_t>(m_options.r1Every) != 0) return;
    const Tensor here = real.detach().clone().requires_grad_(true);
    const Tensor slope = torch::autograd::grad({m_critic(here).sum()}, {here}, {}, true, true)[0];
    const Tensor squared = slope.square().sum({1, 2, 3}).mean();
    note(result, "r1", squared);
    backward(squared * (m_options.r1 / 2 * m_options.r1Every), {&m_judging});
    learn(m_judging);
}

training::StepResult FingerprintTraining::step(const training::Batch& batch) {
    StepRandom random = training::stepRandom(training::seedOf(m_options), m_done);
    const at::Generator numbers =
        generatorOf(mixedSeed(random.bits(), static_cast<std::uint64_t>(m_placement.group->rank())));
    const Tensor real = batch.images.to(m_placement.device);
    training::StepResult result;
    result.learningRate = m_drawing.rate;
    Tensor fakes;
    stepDrawing(real, numbers, random, result, fakes);
    if (m_options.pathWeight > 0 && m_done % static_cast<std::uint64_t>(m_options.pathEvery) == 0)
        stepPath(real.size(0), numbers, result);
    if (isJudged()) stepCritic(real, fakes, result);
    m_average.update();
    result.step = ++m_done;
    return result;
}

nn::SafeTensors FingerprintTraining::state() {
    nn::SafeTensors state;
    const auto add = [&](const nn::TensorMap& part, const std::string& prefix) {
        for (const auto& [name, tensor] : part)
            state.tensors[prefix + name] = tensor.detach().to(torch::kCPU).clone();
    };
    add(m_networks.state(), "net.");
    add(nn::stateDict(*m_critic), "net.critic.");
    add(m_drawing.adam.state(), "adam.drawing.");
    add(m_decoding.adam.state(), "adam.decoding.");
    add(m_judging.adam.state(), "adam.judging.");
    add(m_average.state(), "average.");
    state.tensors["running"] =
        torch::tensor({m_pathMean, m_bitAccuracy, m_bitsAreRead ? 1.0 : 0.0, m_spread}, torch::kFloat64);
    state.metadata["network"] = m_options.network.toJson().dump();
    state.metadata["step"] = std::to_string(m_done);
    return state;
}

void FingerprintTraining::restore(const nn::SafeTensors& state) {
    const Json network = Json::parse(training::stateText(state, "network"), nullptr, false);
    if (FingerprintOptions::fromJson(network) != m_options.network) training::throwOtherNetworks();
    const auto part = [&](const char* prefix) { return nn::withoutPrefix(state.tensors, prefix); };
    const Tensor& running = nn::entryOf(state.tensors, "running", {4}, "checkpoint");
    auto networks = part("net.");
    std::erase_if(networks, [](const auto& entry) { return entry.first.starts_with("critic."); });
    m_networks.load(networks);
    nn::loadStateDict(*m_critic, part("net.critic."));
    m_drawing.adam.load(part("adam.drawing."));
    m_decoding.adam.load(part("adam.decoding."));
    m_judging.adam.load(part("adam.judging."));
    m_average.load(part("average."));
    const auto* values = running.const_data_ptr<double>();
    m_pathMean = values[0];
    m_bitAccuracy = values[1];
    m_bitsAreRead = values[2] > 0;
    m_spread = values[3];
    m_done = std::stoull(training::stateText(state, "step"));
}

void FingerprintTraining::startFrom(const nn::TensorMap& weights) {
    auto networks = weights;  // a run's weights have the discriminator's, a model's have not
    const auto critic = nn::withoutPrefix(weights, "critic.");
    std::erase_if(networks, [](const auto& entry) { return entry.first.starts_with("critic."); });
    m_networks.load(networks);
    if (!critic.empty()) nn::loadStateDict(*m_critic, critic);
    m_average.reset();
}

void FingerprintTraining::setViews(const training::PhotoSet& /*photos*/) {}

std::optional<training::Validation> FingerprintTraining::validate() {
    const torch::NoGradGuard guard;
    const training::WeightAverage::InUse average(&m_average);
    const at::Generator random = generatorOf(mixedSeed(training::seedOf(m_options), kViewStream));
    double right = 0, readBack = 0;
    const std::int64_t count = m_options.validationImages;
    for (std::int64_t done = 0; done < count;) {
        const std::int64_t some = std::min(kDrawnAtOnce, count - done);
        const auto z = torch::randn({some, m_options.network.latent}, random).to(m_placement.device);
        const auto codes =
            torch::randint(2, {some, m_options.network.bits}, random, torch::kFloat32).to(m_placement.device);
        const auto decoded = m_networks.decode(asSaved(m_networks.draw(z, codes, {random})));
        const auto share = static_cast<double>(some) / static_cast<double>(count);
        right += share * shareRight(decoded.logits, codes);
        readBack +=
            share * ((decoded.logits > 0) == (codes > 0.5)).all(1).to(torch::kFloat32).mean().item<double>();
        done += some;
    }
    training::Validation result;
    result.values = {{"val_bit_accuracy", right}, {"val_whole_codes", readBack}};
    result.photographs = static_cast<int>(count);
    return result;
}

std::optional<training::Samples> FingerprintTraining::samples() {
    const torch::NoGradGuard guard;
    const training::WeightAverage::InUse average(&m_average);
    const at::Generator random = generatorOf(mixedSeed(training::seedOf(m_options), kViewStream + 1));
    const auto latents =
        torch::randn({kSampleLatents, m_options.network.latent}, random).to(m_placement.device);
    const auto codes = torch::randint(2, {kSampleCodes, m_options.network.bits}, random, torch::kFloat32)
                           .to(m_placement.device);
    const int side = m_options.network.side;
    training::Samples result{image::makeImage(kSampleCodes * side, kSampleLatents * side, 3),
                             {{"side", side}, {"rows", Json::array()}}};
    for (int row = 0; row < kSampleLatents; ++row) {
        const auto z = latents.slice(0, row, row + 1).expand({kSampleCodes, -1});
        const auto pictures = asSaved(m_networks.draw(z, codes, {}));
        for (int column = 0; column < kSampleCodes; ++column)
            training::paste(result.grid, pictures.slice(0, column, column + 1), column * side, row * side);
        const double right = shareRight(m_networks.decode(pictures).logits, codes);
        result.record["rows"].push_back({{"bit_accuracy", right}});
    }
    return result;
}

std::optional<std::string> FingerprintTraining::advice(const Json& record) {
    if (m_done < kPatience || record.value("bit_accuracy", 1.0) > 0.55 || m_bitAccuracy > 0.55)
        return std::nullopt;
    return "The bits are not read yet. With the paper's weights from the start a small network may not begin "
           "for "
           "thousands of steps: try bitsFirst 0.95, signedBits and mappingRate 1.";
}

void FingerprintTraining::writeModel(const std::filesystem::path& folder, const Json& origin) {
    const training::WeightAverage::InUse average(&m_average);
    models::Manifest model;
    model.folder = folder;
    model.name = model.title = m_options.name;
    model.arch = "fingerprint";
    model.parameters = parameterCount();
    model.resolution = m_options.network.side;
    model.of = models::FingerprintFields{m_options.network.bits, m_options.name};
    model.options = m_options.network.toJson();
    model.training = m_options.toJson();
    model.steps = m_done;
    model.run = origin;
    training::writeModelFolder(
        std::move(model), {{"encoder", "generator", "decoder"}, "signet-fingerprint", m_networks.state()});
}

std::int64_t FingerprintTraining::parameterCount() const {
    std::int64_t count = 0;
    for (const auto& [name, parameter] : m_drawing.parameters) count += parameter.numel();
    for (const auto& [name, parameter] : m_decoding.parameters) count += parameter.numel();
    return count;
}

}  // namespace signet::fingerprint
