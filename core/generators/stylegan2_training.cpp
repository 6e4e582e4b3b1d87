#include "core/generators/stylegan2_training.h"

#include <torch/torch.h>

#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/nn/runtime.h"
#include "core/training/batch_share.h"
#include "core/training/model_folder.h"
#include "core/training/optimiser.h"
#include "core/training/picture_tensors.h"

namespace signet::generators {

using torch::Tensor;

namespace {

constexpr std::int64_t kSampleRows = 6, kSampleColumns = 6;
constexpr std::uint64_t kViewStream = 55;

StyleGenerator seeded(const StyleGan2TrainingOptions& options) {
    options.validate();
    torch::manual_seed(training::seedOf(options));
    return StyleGenerator(options.network);
}

nn::NamedParameters parametersOf(StyleGenerator& generator) {
    nn::NamedParameters parameters;
    if (generator.mapping()) nn::addParameters(parameters, *generator.mapping(), "style.");
    nn::addParameters(parameters, *generator.synthesis(), "");
    return parameters;
}

}  // namespace

StyleGan2Training::StyleGan2Training(StyleGan2TrainingOptions options, training::Placement placement)
    : m_options(std::move(options)),
      m_placement(std::move(placement)),
      m_bf16(m_options.bf16 && nn::deviceHasBf16(m_placement.device)),
      m_generator(seeded(m_options)),
      m_adversary(torch::nn::AnyModule(nn::ResidualCritic(nn::ResidualCriticImpl::Shape{
                      m_options.network.side, {m_options.criticBase, m_options.criticMost}})),
                  {}, m_options, m_placement, m_bf16),
      m_drawing((m_generator.to(m_placement.device), parametersOf(m_generator)),
                {.rate = m_options.learningRate, .beta2 = m_options.beta2, .every = m_options.pathEvery}),
      m_average(m_drawing.parameters, std::pow(0.5, m_options.batch / m_options.averageImages)) {
    training::requireEvenShare(m_options, *m_placement.group);
}

training::LoaderOptions StyleGan2Training::loaderOptions() const {
    auto loader = training::loaderOfShare(m_options, *m_placement.group, m_options.network.side);
    loader.draw = drawOf(m_options);
    return loader;
}

Tensor StyleGan2Training::latents(std::int64_t count, const at::Generator& random) const {
    return torch::randn({count, m_options.network.latent}, random).to(m_placement.device);
}

Tensor StyleGan2Training::mixedStyles(std::int64_t count, at::Generator random) {
    const std::int64_t layers = m_generator.synthesis()->shape().layers();
    const auto broadcast = [&](const Tensor& z) {
        return m_generator.mapping()(z).unsqueeze(1).expand({-1, layers, -1});
    };
    Tensor styles = broadcast(latents(count, random));
    if (m_options.styleMixing <= 0) return styles;
    const Tensor others = broadcast(latents(count, random));
    // From its crossing on a picture has the other style; without mixing it lies behind the last layer.
    const Tensor mixes = torch::rand({count, 1}, random) < m_options.styleMixing;
    const Tensor crossing = torch::randint(1, layers, {count, 1}, random, torch::kInt64);
    const Tensor first = torch::arange(layers).unsqueeze(0) < torch::where(mixes, crossing, layers);
    return torch::where(first.to(styles.device()).unsqueeze(2), styles, others);
}

void StyleGan2Training::stepPath(std::int64_t count, const at::Generator& random,
                                 training::StepResult& result) {
    const Tensor styles = mixedStyles(std::max<std::int64_t>(1, count / 2), random).contiguous();
    const Tensor pictures = m_generator.synthesis()(Tensor(), styles, nn::NoiseSource{random});
    const Tensor loss = m_path.penalty(pictures, styles, random, *m_placement.group, result);
    backward(loss * (m_options.pathWeight * m_options.pathEvery), {&m_drawing}, *m_placement.group);
    m_drawing.learn(rateFactor(m_options, m_done));
}

training::StepResult StyleGan2Training::step(const training::Batch& batch) {
    StepRandom random = training::stepRandom(training::seedOf(m_options), m_done);
    const at::Generator numbers =
        generatorOf(mixedSeed(random.bits(), static_cast<std::uint64_t>(m_placement.group->rank())));
    Tensor real = batch.images.to(m_placement.device);
    if (m_target) real = m_target(real);
    const bool mapped = m_options.network.mappingLayers > 0;
    training::StepResult result;
    const double factor = rateFactor(m_options, m_done);
    result.learningRate = m_drawing.rate * factor;
    Tensor drawn;
    {
        const nn::Bf16Guard guard(m_bf16, m_placement.device.type());
        drawn = mapped ? m_generator.synthesis()(Tensor(), mixedStyles(real.size(0), numbers),
                                                 nn::NoiseSource{numbers})
                       : m_generator.draw(latents(real.size(0), numbers), {numbers});
    }
    Tensor loss = m_adversary.resistance(drawn);
    note(result, "loss_adversarial", loss, *m_placement.group);
    if (m_furtherLoss) {
        const Tensor further = m_furtherLoss(drawn.to(torch::kFloat32));
        note(result, "loss_signature", further, *m_placement.group);
        loss = loss + further;
    }
    backward(loss, {&m_drawing}, *m_placement.group);
    result.values.emplace_back("gradient_norm", m_drawing.learn(factor));
    if (mapped && m_options.pathWeight > 0 && m_done % static_cast<std::uint64_t>(m_options.pathEvery) == 0)
        stepPath(real.size(0), numbers, result);
    m_adversary.learn(real, drawn.detach(), m_done, numbers, result, factor);
    m_average.update();
    result.step = ++m_done;
    return result;
}

nn::TensorMap StyleGan2Training::averagedState() {
    const training::WeightAverage::InUse average(&m_average);
    nn::TensorMap state = m_generator.state();
    for (auto& [name, tensor] : state) tensor = tensor.detach().to(torch::kCPU).clone();
    return state;
}

nn::SafeTensors StyleGan2Training::state() {
    nn::SafeTensors state;
    nn::addWithPrefix(state.tensors, m_generator.state(), "net.");
    nn::addWithPrefix(state.tensors, m_adversary.state(), "");
    nn::addWithPrefix(state.tensors, m_drawing.adam.state(), "adam.drawing.");
    nn::addWithPrefix(state.tensors, m_average.state(), "average.");
    for (auto& [name, tensor] : state.tensors) tensor = tensor.detach().to(torch::kCPU).clone();
    state.tensors["running"] = torch::tensor({m_path.mean}, torch::kFloat64);
    state.metadata["network"] = m_options.network.toJson().dump();
    state.metadata["step"] = std::to_string(m_done);
    return state;
}

void StyleGan2Training::restore(const nn::SafeTensors& state) {
    const Json network = Json::parse(training::stateText(state, "network"), nullptr, false);
    if (StyleGeneratorOptions::fromJson(network) != m_options.network) training::throwOtherNetworks();
    const auto part = [&](const char* prefix) { return nn::withoutPrefix(state.tensors, prefix); };
    const Tensor& running = nn::entryOf(state.tensors, "running", {1}, "checkpoint");
    m_generator.load(withoutCritic(part("net.")));
    m_adversary.restore(state.tensors);
    m_drawing.adam.load(part("adam.drawing."));
    m_average.load(part("average."));
    m_path.mean = running.item<double>();
    m_done = training::stateNumber(state, "step");
}

void StyleGan2Training::startFrom(const nn::TensorMap& weights) {
    m_generator.load(withoutCritic(weights));
    m_adversary.startFrom(weights);
    m_average.reset();
}

void StyleGan2Training::setViews(const training::PhotoSet& /*photos*/) {
    m_distance =
        drawnDistance(m_options.data, m_options.distanceImages, m_options.threads, m_placement, m_noDistance);
}

std::optional<training::Validation> StyleGan2Training::validate() {
    if (!m_distance) return std::nullopt;
    const torch::NoGradGuard guard;
    const training::WeightAverage::InUse average(&m_average);
    const at::Generator random = generatorOf(mixedSeed(training::seedOf(m_options), kViewStream));
    training::Validation result;
    result.values = m_distance->measure(
        [&](std::int64_t some) { return m_generator.draw(latents(some, random), {random}); });
    result.photographs = static_cast<int>(m_distance->count());
    return result;
}

std::optional<training::Samples> StyleGan2Training::samples() {
    const torch::NoGradGuard guard;
    const training::WeightAverage::InUse average(&m_average);
    const at::Generator random = generatorOf(mixedSeed(training::seedOf(m_options), kViewStream + 1));
    const int side = m_options.network.side;
    training::Samples result{
        image::makeImage(static_cast<int>(kSampleColumns) * side, static_cast<int>(kSampleRows) * side, 3),
        {{"side", side}, {"rows", Json::array()}}};
    for (std::int64_t row = 0; row < kSampleRows; ++row) {
        const Tensor pictures = training::asSaved(m_generator.draw(latents(kSampleColumns, random), {}));
        for (std::int64_t column = 0; column < kSampleColumns; ++column)
            training::paste(result.grid, pictures.slice(0, column, column + 1),
                            static_cast<int>(column) * side, static_cast<int>(row) * side);
        result.record["rows"].push_back(Json::object());
    }
    return result;
}

std::optional<std::string> StyleGan2Training::advice(const Json& /*record*/) {
    if (m_noDistance.empty()) return std::nullopt;
    return std::exchange(m_noDistance, {});
}

void StyleGan2Training::writeModel(const std::filesystem::path& folder, const Json& origin) {
    const training::WeightAverage::InUse average(&m_average);
    models::Manifest model;
    model.folder = folder;
    model.name = model.title = m_options.name;
    model.arch = kStyleGan2Arch;
    model.parameters = m_generator.parameterCount();
    model.resolution = m_options.network.side;
    model.of = models::GeneratorFields{m_options.network.latent};
    model.options = m_options.network.toJson();
    model.training = m_options.toJson();
    model.steps = m_done;
    model.run = origin;
    training::writeModelFolder(std::move(model), {{"generator"}, "signet-generator", m_generator.state()});
}

std::int64_t StyleGan2Training::parameterCount() const {
    return m_generator.parameterCount();
}

}  // namespace signet::generators
