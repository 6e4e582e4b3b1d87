#include "core/baselines/classifier_training.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/baselines/class_photos.h"
#include "core/metrics/roc.h"
#include "core/nn/runtime.h"
#include "core/training/batch_share.h"
#include "core/training/model_folder.h"

namespace signet::baselines {

using torch::Tensor;

namespace {

ClassifierOptions networkOptions(const ClassifierTrainingOptions& options) {
    return {options, classNames(options)};
}

double crossEntropy(double logit, int label) {
    const double against = label == 1 ? -logit : logit;
    return std::max(0.0, against) + std::log1p(std::exp(-std::abs(against)));
}

}  // namespace

ClassifierTraining::ClassifierTraining(ClassifierTrainingOptions options, training::Placement placement)
    : m_options(std::move(options)),
      m_placement(std::move(placement)),
      m_bf16(m_options.bf16 && nn::deviceHasBf16(m_placement.device)) {
    m_options.validate();
    auto& group = *m_placement.group;
    training::requireEvenShare(m_options, group);
    m_classifier = makeClassifier(networkOptions(m_options), training::seedOf(m_options));
    auto& network = m_classifier->network();
    network->to(m_placement.device);
    network->train(true);
    if (group.size() > 1) nn::joinBatchNorm(*network, m_placement.group);
    nn::NamedParameters parameters;
    nn::addParameters(parameters, *network, "");
    m_optimiser = std::make_unique<training::Optimiser>(parameters, m_options, m_options.steps, group);
}

training::LoaderOptions ClassifierTraining::loaderOptions() const {
    auto loader = training::loaderOfShare(m_options, *m_placement.group, m_options.side);
    loader.draw.resizes = m_options.input == kSquareInput;
    return loader;
}

training::StepResult ClassifierTraining::step(const training::Batch& batch) {
    auto& group = *m_placement.group;
    StepRandom random = training::stepRandom(training::seedOf(m_options), stepsDone());
    training::StepResult result;
    result.learningRate = m_optimiser->learningRate();
    m_classifier->network()->train(true);
    m_optimiser->zeroGradient();
    const Tensor labels = batch.classes.to(m_placement.device, torch::kFloat32);
    Tensor images;
    {
        const torch::NoGradGuard guard;
        images = augmented(batch.images.to(m_placement.device), m_options.augmentation, m_options.attackShare,
                           m_options, group, random);
    }
    Tensor logits;
    {
        const nn::Bf16Guard guard(m_bf16, m_placement.device.type());
        logits = m_classifier->logit(images);
    }
    // The mean over the classes of the mean over a class's images on all ranks, of which the ranks' mean is
    // taken.
    const Tensor isClass = torch::stack({1 - labels, labels});  // [2,B]
    Tensor counts = isClass.sum(1);
    group.sum(counts);
    const Tensor each = torch::binary_cross_entropy_with_logits(logits, labels, {}, {}, at::Reduction::None);
    const Tensor ofClass = (isClass * each).sum(1) * group.size() / counts.clamp_min(1);
    const Tensor loss = ofClass.sum() / (counts > 0).sum();
    m_optimiser->backward(loss);

    const Tensor norm = m_optimiser->gradientNorm();
    const Tensor right = ((logits > 0) == (labels > 0.5)).to(torch::kFloat32).mean();
    const Tensor values = group.mean(
        torch::stack({loss.detach(), right, norm.to(torch::kFloat32)}).to(torch::kCPU, torch::kFloat64));
    const double* value = values.const_data_ptr<double>();
    m_optimiser->requireFinite("classification", value[0]);
    m_optimiser->step(norm, value[2]);
    result.values = {{"loss_classification", value[0]}, {"gradient_norm", value[2]}, {"accuracy", value[1]}};
    result.step = stepsDone();
    return result;
}

nn::SafeTensors ClassifierTraining::state() {
    nn::SafeTensors state = m_optimiser->stateWith(nn::stateDict(*m_classifier->network()));
    state.metadata["network"] = m_classifier->options().toJson().dump();
    return state;
}

void ClassifierTraining::restore(const nn::SafeTensors& state) {
    const ClassifierNetwork stored =
        ClassifierOptions::fromJson(Json::parse(training::stateText(state, "network"), nullptr, false));
    if (stored != m_options) training::throwOtherNetworks();
    nn::loadStateDict(*m_classifier->network(), nn::withoutPrefix(state.tensors, "net."));
    m_optimiser->restore(state);
}

void ClassifierTraining::startFrom(const nn::TensorMap& weights) {
    nn::loadStateDict(*m_classifier->network(), weights);
    m_optimiser->restartAverage();
}

void ClassifierTraining::setViews(const training::PhotoSet& photos) {
    m_views = readClassViews(photos, 2, m_options.validationImages, m_options.side,
                             m_options.input == kSquareInput);
}

std::vector<double> ClassifierTraining::logitsOf(const std::vector<const ClassView*>& views) {
    const torch::NoGradGuard guard;
    const auto average = m_optimiser->useAverage();
    m_classifier->network()->eval();
    std::vector<double> logits;
    logits.reserve(views.size());
    for (const ClassView* view : views)
        logits.push_back(m_classifier->logit(view->image.to(m_placement.device)).item<double>());
    m_classifier->network()->train(true);
    return logits;
}

std::optional<training::Validation> ClassifierTraining::validate() {
    std::vector<const ClassView*> views;
    std::vector<int> labels;
    for (const ClassView& view : m_views) {
        views.push_back(&view);
        labels.push_back(view.label);
    }
    const auto count = [&](int label) { return std::count(labels.begin(), labels.end(), label); };
    if (count(0) == 0 || count(1) == 0) return std::nullopt;
    const auto logits = logitsOf(views);
    double right = 0, loss = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        const double weight = 0.5 / static_cast<double>(count(labels[i]));  // both classes weigh the same
        right += weight * ((logits[i] > 0) == (labels[i] == 1));
        loss += weight * crossEntropy(logits[i], labels[i]);
    }
    training::Validation result;
    result.photographs = static_cast<int>(logits.size());
    result.values = {
        {"val_auc", metrics::computeRoc(logits, labels).auc}, {"val_accuracy", right}, {"val_loss", loss}};
    return result;
}

std::optional<training::Samples> ClassifierTraining::samples() {
    const auto shown = shownViews(m_views, 2);
    if (shown.empty()) return std::nullopt;
    const auto logits = logitsOf(shown);
    const auto& classes = m_classifier->options().classes;
    const int side = m_options.side;
    training::Samples result{gridOf(shown, side), {{"side", side}, {"rows", Json::array()}}};
    for (std::size_t i = 0; i < shown.size(); ++i) {
        result.record["rows"].push_back({{"class", classes[static_cast<std::size_t>(shown[i]->label)]},
                                         {"said", classes[logits[i] > 0 ? 1 : 0]},
                                         {"logit", logits[i]}});
    }
    return result;
}

void ClassifierTraining::writeModel(const std::filesystem::path& folder, const Json& origin) {
    const auto average = m_optimiser->useAverage();
    models::Manifest model = m_classifier->manifest();
    model.folder = folder;
    model.name = model.title = m_options.name;
    model.training = m_options.toJson();
    model.steps = stepsDone();
    model.run = origin;
    training::writeModelFolder(std::move(model), m_classifier->weights());
}

std::int64_t ClassifierTraining::parameterCount() const {
    return nn::parameterCount(*m_classifier->network());
}

}  // namespace signet::baselines
