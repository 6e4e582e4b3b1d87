#include "core/fingerprint/fingerprint_training.h"
#include "core/fingerprint/immunisation.h"
#include "core/fingerprint/network_adoption.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/generators/residual_generator.h"
#include "core/nn/runtime.h"
#include "core/training/batch_share.h"
#include "core/training/model_folder.h"
#include "core/training/optimiser.h"
#include "core/training/picture_tensors.h"

namespace signet::fingerprint {

using torch::Tensor;

namespace {

constexpr double kAccuracyMemory = 0.98;
constexpr int kSampleLatents = 6, kSampleCodes = 4;
constexpr std::int64_t kDrawnAtOnce = 32;
constexpr std::uint64_t kCodeSetStream = 51, kViewStream = 52, kApartStream = 54;
constexpr int kApartDraws = 2, kScaleHalvings = 12;
constexpr double kLeastScale = 1e-4, kMostScale = 10;
constexpr std::uint64_t kPatience = 1500;  ///< steps after which bits that are not read are worth a word

double shareRight(const Tensor& logits, const Tensor& codes) {
    return ((logits > 0) == (codes > 0.5)).to(torch::kFloat32).mean().item<double>();
}

torch::nn::AnyModule criticOf(const FingerprintOptions& o) {
    if (o.isResidual())
        return torch::nn::AnyModule(nn::PooledCritic(
            nn::PooledCriticImpl::Shape{generators::residualGanOf(o.backbone), o.side, o.criticWidth}));
    return torch::nn::AnyModule(
        nn::ResidualCritic(nn::ResidualCriticImpl::Shape{o.side, {o.decoderBase, o.decoderMost}}));
}

generators::CriticLoss criticLossOf(const FingerprintTrainingOptions& o) {
    using Form = generators::CriticLoss::Form;
    if (!o.network.isResidual()) return {};
    if (generators::residualGanOf(o.network.backbone) == nn::ResidualGan::Sngan) return {Form::Hinge};
    return {Form::Wasserstein, o.gradientPenalty};
}

/// Of a player on the generator's side: with StyleGAN2 some steps have the path length too.
generators::PlayerOptions playerOf(const FingerprintTrainingOptions& o, double times = 1) {
    return {
        .rate = o.learningRate * times, .beta2 = o.beta2, .every = o.network.isResidual() ? 0 : o.pathEvery};
}

FingerprintNetworks seeded(const FingerprintTrainingOptions& options) {
    options.validate();
    torch::manual_seed(training::seedOf(options));
    return FingerprintNetworks(options.network);
}

}  // namespace

FingerprintTraining::FingerprintTraining(FingerprintTrainingOptions options, training::Placement placement)
    : m_options(std::move(options)),
      m_placement(std::move(placement)),
      m_bf16(m_options.bf16 && nn::deviceHasBf16(m_placement.device)),
      m_networks(seeded(m_options)),
      m_adversary(criticOf(m_options.network), criticLossOf(m_options), m_options, m_placement, m_bf16),
      m_drawing((m_networks.to(m_placement.device), m_networks.drawingParameters()), playerOf(m_options)),
      m_decoding(generators::parametersOf(*m_networks.decoder(), "decoder."),
                 playerOf(m_options, m_options.decoderRate)),
      m_average(m_drawing.parameters, std::pow(0.5, m_options.batch / m_options.averageImages)),
      m_varied(m_options.picturesFirst > 0 ? 0 : firstVaried()) {
    training::requireEvenShare(m_options, *m_placement.group);
    if (m_placement.group->size() > 1) m_networks.join(m_placement.group);
    if (m_options.codes > 0)
        m_codes = torch::randint(
            2, {m_options.codes, m_options.network.bits},
            generators::generatorOf(mixedSeed(training::seedOf(m_options), kCodeSetStream)), torch::kFloat32);
}

training::LoaderOptions FingerprintTraining::loaderOptions() const {
    auto loader = training::loaderOfShare(m_options, *m_placement.group, m_options.network.side);
    loader.draw = generators::drawOf(m_options);
    loader.batch *= m_options.criticSteps;
    loader.parts = m_options.criticSteps;
    return loader;
}

Tensor FingerprintTraining::drawnCodes(std::int64_t count, const at::Generator& random) const {
    if (m_codes.defined())
        return m_codes.index_select(0, torch::randint(m_codes.size(0), {count}, random, torch::kInt64))
            .to(m_placement.device);
    return torch::randint(2, {count, m_options.network.bits}, random, torch::kFloat32).to(m_placement.device);
}

FingerprintTraining::Draw FingerprintTraining::drawn(std::int64_t count, at::Generator random) const {
    const auto z = torch::randn({count, m_options.network.latent}, random).to(m_placement.device);
    const Tensor codes = drawnCodes(count, random);
    return {z, codes, shown(codes)};
}

Tensor FingerprintTraining::shown(const Tensor& codes) const {
    if (m_varied >= m_options.network.bits) return codes;
    if (m_varied == 0) return torch::full_like(codes, kNeitherBit);
    // The embedding is as large as it will be with all bits, so that styles differ as much.
    const double gain =
        std::sqrt(static_cast<double>(m_options.network.bits) / static_cast<double>(m_varied));
    Tensor shown = (codes - kNeitherBit) * gain + kNeitherBit;
    shown.slice(1, m_varied).fill_(kNeitherBit);
    return shown;
}

std::int64_t FingerprintTraining::firstVaried() const {
    const int bits = m_options.network.bits;
    return m_options.bitsFirst > 0 && m_options.firstBits > 0 ? std::min(bits, m_options.firstBits) : bits;
}

double FingerprintTraining::codesApart() {
    const at::Generator random =
        generators::generatorOf(mixedSeed(training::seedOf(m_options), kApartStream));
    double apart = 0;
    for (int i = 0; i < kApartDraws; ++i) {
        const Draw draw = drawn(kDrawnAtOnce, random);
        const Tensor one = m_networks.draw(draw.z, draw.shown, {});
        const Tensor other = m_networks.draw(draw.z, shown(drawnCodes(kDrawnAtOnce, random)), {});
        apart += (one - other).square().mean().item<double>() / kApartDraws;
    }
    return apart;
}

void FingerprintTraining::beginBits() {
    m_varied = firstVaried();
    if (m_options.firstDifference > 0) bringApart(m_options.firstDifference);
}

void FingerprintTraining::bringApart(double difference) {
    const torch::NoGradGuard guard;
    double least = std::log(kLeastScale), most = std::log(kMostScale), now = 0;  // of the bits' scale
    for (int i = 0; i < kScaleHalvings; ++i) {
        const double middle = (least + most) / 2;
        m_networks.scaleBits(std::exp(middle - now));
        now = middle;
        (codesApart() > difference ? most : least) = middle;
    }
    m_average.reset();
}

void FingerprintTraining::countBits(double right) {
    m_bitAccuracy = kAccuracyMemory * m_bitAccuracy + (1 - kAccuracyMemory) * right;
    if (!bitsComeFirst() || m_bitAccuracy < m_options.bitsFirst) return;
    if (m_varied < m_options.network.bits) {
        ++m_varied;
        return;
    }
    m_turn = std::min(1.0, m_turn + m_options.turnStep);
}

void FingerprintTraining::stepDrawing(std::int64_t count, const at::Generator& numbers, StepRandom& random,
                                      training::StepResult& result, Tensor& fakes) {
    const bool bitsFirst = bitsComeFirst(), judged = isJudged();
    const double bitsWeight = turned(m_options.firstBitsWeight, m_options.bitsWeight);
    const double other = turned(m_options.firstOtherWeight, 1);
    const double consistency = m_options.consistency * other;
    const Draw draw = drawn(count, numbers);
    auto& group = *m_placement.group;
    Tensor decodedLatent, logits, again;
    {
        const nn::Bf16Guard guard(m_bf16, m_placement.device.type());
        fakes = m_networks.draw(draw.z, draw.shown, {numbers});
        if (consistency > 0 && m_varied > 0)
            again = m_networks.draw(draw.z, shown(drawnCodes(count, numbers)), {numbers});
        const auto decoded = m_networks.decode(perturbed(m_options.immunise, fakes, random));
        decodedLatent = decoded.latent;
        logits = decoded.logits;
    }
    const Tensor latent = (draw.z - decodedLatent).square().mean();
    const Tensor readBits = logits.slice(1, 0, m_varied), drawnBits = draw.codes.slice(1, 0, m_varied);
    Tensor loss = latent * (m_options.latentWeight * other);
    if (m_varied > 0) {
        const Tensor bits = torch::binary_cross_entropy_with_logits(readBits, drawnBits);
        generators::note(result, "loss_bits", bits, group);
        loss = loss + bits * bitsWeight;
    }
    if (judged) {
        const Tensor adversarial = m_adversary.resistance(fakes);
        generators::note(result, "loss_adversarial", adversarial, group);
        loss = loss + adversarial * (m_options.adversarial * other);
    }
    generators::note(result, "loss_latent", latent, group);
    if (again.defined()) {
        const Tensor apart = (fakes - again).to(torch::kFloat32).square().mean();
        generators::note(result, "loss_consistency", apart, group);
        loss = loss + apart * consistency;
    }
    generators::backward(loss, {&m_drawing, &m_decoding}, group);
    const double factor = turned(m_options.firstRate, 1) * generators::rateFactor(m_options, m_done);
    result.learningRate = m_drawing.rate * factor;
    result.values.emplace_back("gradient_norm", m_drawing.learn(factor));
    m_decoding.learn(factor);
    fakes = fakes.detach();

    if (m_varied > 0) {
        const double right =
            group.mean(torch::tensor(shareRight(readBits, drawnBits), torch::kFloat64)).item<double>();
        countBits(right);
        result.values.emplace_back("bit_accuracy", right);
    } else if (m_done + 1 >= static_cast<std::uint64_t>(m_options.picturesFirst)) {
        beginBits();
    }
    if (bitsFirst && m_options.firstBits > 0)
        result.values.emplace_back("varied_bits", static_cast<double>(m_varied));
    if (bitsFirst && m_options.turnStep < 1) result.values.emplace_back("turn", m_turn);
}

void FingerprintTraining::stepPath(std::int64_t count, const at::Generator& random,
                                   training::StepResult& result) {
    const Draw draw = drawn(std::max<std::int64_t>(1, count / 2), random);
    auto inputs = m_networks.inputs(draw.z, draw.shown);
    // A style a layer, so that the gradient is known layer by layer.
    inputs.styles = inputs.styles.contiguous();
    const Tensor pictures = m_networks.draw(inputs, {random});
    const Tensor loss = m_path.penalty(pictures, inputs.styles, random, *m_placement.group, result);
    generators::backward(loss * (m_options.pathWeight * m_options.pathEvery), {&m_drawing},
                         *m_placement.group);
    m_drawing.learn(generators::rateFactor(m_options, m_done));
}

void FingerprintTraining::stepCritic(const Tensor& real, Tensor fakes, const at::Generator& numbers,
                                     training::StepResult& result) {
    const std::int64_t count = fakes.size(0);
    for (int i = 0; i < m_options.criticSteps; ++i) {
        if (i > 0) {
            const torch::NoGradGuard guard;
            const nn::Bf16Guard bf16(m_bf16, m_placement.device.type());
            const Draw draw = drawn(count, numbers);
            fakes = m_networks.draw(draw.z, draw.shown, {numbers});
        }
        training::StepResult passed;  // what the last of them comes to is noted
        const auto steps = static_cast<std::uint64_t>(m_options.criticSteps);
        m_adversary.learn(real.slice(0, i * count, (i + 1) * count), fakes,
                          m_done * steps + static_cast<std::uint64_t>(i), numbers,
                          i + 1 == m_options.criticSteps ? result : passed,
                          generators::rateFactor(m_options, m_done));
    }
}

training::StepResult FingerprintTraining::step(const training::Batch& batch) {
    StepRandom random = training::stepRandom(training::seedOf(m_options), m_done);
    const at::Generator numbers = generators::generatorOf(
        mixedSeed(random.bits(), static_cast<std::uint64_t>(m_placement.group->rank())));
    const Tensor real = batch.images.to(m_placement.device);
    const std::int64_t count = real.size(0) / m_options.criticSteps;
    m_networks.train(true);
    training::StepResult result;
    Tensor fakes;
    stepDrawing(count, numbers, random, result, fakes);
    if (m_options.pathWeight > 0 && m_done % static_cast<std::uint64_t>(m_options.pathEvery) == 0)
        stepPath(count, numbers, result);
    if (isJudged()) stepCritic(real, fakes, numbers, result);
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
    add(m_adversary.state(), "");
    add(m_drawing.adam.state(), "adam.drawing.");
    add(m_decoding.adam.state(), "adam.decoding.");
    add(m_average.state(), "average.");
    state.tensors["running"] =
        torch::tensor({m_path.mean, m_bitAccuracy, m_turn, static_cast<double>(m_varied)}, torch::kFloat64);
    state.metadata["network"] = m_options.network.toJson().dump();
    state.metadata["step"] = std::to_string(m_done);
    return state;
}

void FingerprintTraining::restore(const nn::SafeTensors& state) {
    const Json network = Json::parse(training::stateText(state, "network"), nullptr, false);
    if (FingerprintOptions::fromJson(network) != m_options.network) training::throwOtherNetworks();
    const auto part = [&](const char* prefix) { return nn::withoutPrefix(state.tensors, prefix); };
    const Tensor& running = nn::entryOf(state.tensors, "running", {4}, "checkpoint");
    m_networks.load(generators::withoutCritic(part("net.")));
    m_adversary.restore(state.tensors);
    m_drawing.adam.load(part("adam.drawing."));
    m_decoding.adam.load(part("adam.decoding."));
    m_average.load(part("average."));
    const auto* values = running.const_data_ptr<double>();
    m_path.mean = values[0];
    m_bitAccuracy = values[1];
    m_turn = values[2];
    m_varied = static_cast<std::int64_t>(values[3]);
    m_done = training::stateNumber(state, "step");
}

void FingerprintTraining::startFrom(const nn::TensorMap& weights) {
    m_networks.load(adopted(m_networks, generators::withoutCritic(weights)));
    m_adversary.startFrom(weights);
    m_average.reset();
    if (m_varied > 0) beginBits();
}

void FingerprintTraining::setViews(const training::PhotoSet& /*photos*/) {
    m_distance = generators::drawnDistance(m_options.data, m_options.distanceImages, m_options.threads,
                                           m_placement, m_noDistance);
}

std::optional<training::Validation> FingerprintTraining::validate() {
    const torch::NoGradGuard guard;
    m_networks.train(false);
    const training::WeightAverage::InUse average(&m_average);
    const at::Generator random = generators::generatorOf(mixedSeed(training::seedOf(m_options), kViewStream));
    double right = 0, readBack = 0;
    const std::int64_t count = m_options.validationImages;
    for (std::int64_t done = 0; done < count;) {
        const std::int64_t some = std::min(kDrawnAtOnce, count - done);
        const auto z = torch::randn({some, m_options.network.latent}, random).to(m_placement.device);
        const auto codes =
            torch::randint(2, {some, m_options.network.bits}, random, torch::kFloat32).to(m_placement.device);
        const auto decoded = m_networks.decode(training::asSaved(m_networks.draw(z, shown(codes), {random})));
        const auto share = static_cast<double>(some) / static_cast<double>(count);
        right += share * shareRight(decoded.logits, codes);
        readBack +=
            share * ((decoded.logits > 0) == (codes > 0.5)).all(1).to(torch::kFloat32).mean().item<double>();
        done += some;
    }
    training::Validation result;
    result.values = {{"val_bit_accuracy", right}, {"val_whole_codes", readBack}};
    if (m_distance) {
        const auto distances = m_distance->measure([&](std::int64_t some) {
            const Draw draw = drawn(some, random);
            return m_networks.draw(draw.z, draw.shown, {random});
        });
        result.values.insert(result.values.end(), distances.begin(), distances.end());
    }
    result.photographs = static_cast<int>(count);
    return result;
}

std::optional<training::Samples> FingerprintTraining::samples() {
    const torch::NoGradGuard guard;
    m_networks.train(false);
    const training::WeightAverage::InUse average(&m_average);
    const at::Generator random =
        generators::generatorOf(mixedSeed(training::seedOf(m_options), kViewStream + 1));
    const auto latents =
        torch::randn({kSampleLatents, m_options.network.latent}, random).to(m_placement.device);
    const auto codes = torch::randint(2, {kSampleCodes, m_options.network.bits}, random, torch::kFloat32)
                           .to(m_placement.device);
    const int side = m_options.network.side;
    training::Samples result{image::makeImage(kSampleCodes * side, kSampleLatents * side, 3),
                             {{"side", side}, {"rows", Json::array()}}};
    for (int row = 0; row < kSampleLatents; ++row) {
        const auto z = latents.slice(0, row, row + 1).expand({kSampleCodes, -1});
        const auto pictures = training::asSaved(m_networks.draw(z, shown(codes), {}));
        for (int column = 0; column < kSampleCodes; ++column)
            training::paste(result.grid, pictures.slice(0, column, column + 1), column * side, row * side);
        const double right = shareRight(m_networks.decode(pictures).logits, codes);
        result.record["rows"].push_back({{"bit_accuracy", right}});
    }
    return result;
}

std::optional<std::string> FingerprintTraining::advice(const Json& record) {
    if (!m_noDistance.empty()) return std::exchange(m_noDistance, {});
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
