#include "core/baselines/attribution_training.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/nn/runtime.h"
#include "core/training/batch_share.h"
#include "core/training/model_folder.h"
#include "core/training/optimiser.h"

namespace signet::baselines {

using torch::Tensor;

namespace {

AttributionNetworkOptions attributorOptions(const AttributionTrainingOptions& options) {
    options.validate();
    auto network = options.network;
    network.classes = classNames(sourceFolders(options).folders);
    return network;
}

std::size_t likeliest(const std::vector<double>& scores) {
    return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

}  // namespace

ClassFolders sourceFolders(const AttributionTrainingOptions& options) {
    return {foldersIn(options.sources), options.validationShare, options.seed};
}

std::string accuracyName(const std::string& source) {
    return fmt::format("{}accuracy_{}", training::kValidationPrefix, source);
}

AttributionTraining::AttributionTraining(AttributionTrainingOptions options, training::Placement placement)
    : m_options(std::move(options)),
      m_placement(std::move(placement)),
      m_bf16(m_options.bf16 && nn::deviceHasBf16(m_placement.device)) {
    auto& group = *m_placement.group;
    const auto network = attributorOptions(m_options);
    training::requireEvenShare(m_options, group);
    m_attributor = makeAttributor(network, training::seedOf(m_options));
    m_attributor->network()->to(m_placement.device);
    nn::NamedParameters parameters;
    nn::addParameters(parameters, *m_attributor->network(), "");
    std::vector<Tensor> tensors;
    for (const auto& [name, parameter] : parameters) tensors.push_back(parameter);
    m_averaging = std::make_unique<training::GradientAveraging>(group, std::move(tensors), false);
    m_adam = std::make_unique<training::Adam>(std::move(parameters),
                                              training::AdamOptions{.beta1 = 0, .beta2 = 0.99});
}

training::LoaderOptions AttributionTraining::loaderOptions() const {
    return training::loaderOfShare(m_options, *m_placement.group, m_options.network.side);
}

training::StepResult AttributionTraining::step(const training::Batch& batch) {
    auto& group = *m_placement.group;
    StepRandom random = training::stepRandom(training::seedOf(m_options), m_done);
    training::StepResult result;
    result.learningRate = m_options.learningRate;
    m_adam->zeroGradient();
    const Tensor labels = batch.classes.to(m_placement.device);
    Tensor images;
    {
        const torch::NoGradGuard guard;
        images = attackedShare(batch.images.to(m_placement.device), m_options.attackShare, m_options, group,
                               random);
    }
    Tensor scores;
    {
        const nn::Bf16Guard guard(m_bf16, m_placement.device.type());
        scores = m_attributor->scores(images);
    }
    const Tensor loss = torch::nll_loss(scores, labels);
    m_averaging->backward(loss);

    const Tensor norm = m_adam->gradientNorm();
    const Tensor right = (scores.argmax(1) == labels).to(torch::kFloat32).mean();
    const Tensor values = group.mean(
        torch::stack({loss.detach(), right, norm.to(torch::kFloat32)}).to(torch::kCPU, torch::kFloat64));
    const double* value = values.const_data_ptr<double>();
    if (!std::isfinite(value[0]))
        throw Error(ErrorCode::Internal,
                    fmt::format("the loss term \"classification\" is not finite at step {}: the run stops at "
                                "its last checkpoint; try a smaller learningRate",
                                m_done + 1));
    m_adam->step(m_options.learningRate, norm, value[2]);
    result.values = {{"loss_classification", value[0]}, {"gradient_norm", value[2]}, {"accuracy", value[1]}};
    result.step = ++m_done;
    return result;
}

nn::SafeTensors AttributionTraining::state() {
    nn::SafeTensors state;
    nn::addWithPrefix(state.tensors, nn::stateDict(*m_attributor->network()), "net.");
    nn::addWithPrefix(state.tensors, m_adam->state(), "adam.");
    for (auto& [name, tensor] : state.tensors) tensor = tensor.to(torch::kCPU);
    state.metadata = {{"step", std::to_string(m_done)}, {"network", m_attributor->options().toJson().dump()}};
    return state;
}

void AttributionTraining::restore(const nn::SafeTensors& state) {
    auto stored = AttributionNetworkOptions::fromJson(
        Json::parse(training::stateText(state, "network"), nullptr, false));
    const auto& own = m_attributor->options();
    if (stored.classes != own.classes)
        throw Error(
            ErrorCode::BadOption,
            fmt::format("the checkpoint tells {} apart, but {} now holds {}: bring its folders back "
                        "and resume",
                        fmt::join(stored.classes, ", "), m_options.sources, fmt::join(own.classes, ", ")));
    if (stored != own) training::throwOtherNetworks();
    const std::uint64_t done = training::stateNumber(state, "step");
    nn::loadStateDict(*m_attributor->network(), nn::withoutPrefix(state.tensors, "net."));
    m_adam->load(nn::withoutPrefix(state.tensors, "adam."));
    m_done = done;
}

void AttributionTraining::startFrom(const nn::TensorMap& weights) {
    nn::loadStateDict(*m_attributor->network(), weights);
}

void AttributionTraining::setViews(const training::PhotoSet& photos) {
    m_views = readClassViews(photos, static_cast<int>(m_attributor->options().classes.size()),
                             m_options.validationImages, m_options.network.side);
}

std::vector<double> AttributionTraining::scoresOf(const ClassView& view) {
    const torch::NoGradGuard guard;
    const Tensor scores =
        m_attributor->scores(view.image.to(m_placement.device)).to(torch::kCPU, torch::kFloat64).contiguous();
    const double* first = scores.const_data_ptr<double>();
    return {first, first + scores.numel()};
}

std::optional<training::Validation> AttributionTraining::validate() {
    if (m_views.empty()) return std::nullopt;
    const auto& classes = m_attributor->options().classes;
    std::vector<double> right(classes.size(), 0), count(classes.size(), 0);
    double allRight = 0, loss = 0;
    for (const ClassView& view : m_views) {
        const auto scores = scoresOf(view);
        const auto label = static_cast<std::size_t>(view.label);
        count[label] += 1;
        if (likeliest(scores) == label) {
            right[label] += 1;
            allRight += 1;
        }
        loss -= scores[label];
    }
    const auto all = static_cast<double>(m_views.size());
    training::Validation result;
    result.photographs = static_cast<int>(m_views.size());
    result.values = {{"val_accuracy", allRight / all}, {"val_loss", loss / all}};
    for (std::size_t k = 0; k < classes.size(); ++k)
        if (count[k] > 0) result.values.emplace_back(accuracyName(classes[k]), right[k] / count[k]);
    return result;
}

std::optional<training::Samples> AttributionTraining::samples() {
    const auto& classes = m_attributor->options().classes;
    const auto shown = shownViews(m_views, static_cast<int>(classes.size()));
    if (shown.empty()) return std::nullopt;
    const int side = m_options.network.side;
    training::Samples result{gridOf(shown, side), {{"side", side}, {"rows", Json::array()}}};
    for (const ClassView* view : shown) {
        const auto scores = scoresOf(*view);
        const std::size_t said = likeliest(scores);
        result.record["rows"].push_back({{"class", classes[static_cast<std::size_t>(view->label)]},
                                         {"said", classes[said]},
                                         {"probability", std::exp(scores[said])}});
    }
    return result;
}

void AttributionTraining::writeModel(const std::filesystem::path& folder, const Json& origin) {
    models::Manifest model;
    model.folder = folder;
    model.name = model.title = m_options.name;
    model.arch = "yu-2019";
    model.parameters = parameterCount();
    model.resolution = m_options.network.side;
    model.of = models::AttributorFields{m_attributor->options().classes};
    model.options = m_attributor->options().toJson();
    model.training = m_options.toJson();
    model.steps = m_done;
    model.run = origin;
    training::writeModelFolder(
        std::move(model), {{"classifier"}, "signet-attributor", nn::stateDict(*m_attributor->network())});
}

std::int64_t AttributionTraining::parameterCount() const {
    return nn::parameterCount(*m_attributor->network());
}

}  // namespace signet::baselines
