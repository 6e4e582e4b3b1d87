#include "core/signature/joint_training.h"

#include <torch/torch.h>

#include <algorithm>

#include "core/nn/channels_last.h"
#include "core/nn/image_random.h"
#include "core/training/batch_share.h"
#include "core/training/model_folder.h"

namespace signet::signature {

using torch::Tensor;

namespace {

constexpr int kSampleRows = 4;
constexpr const char* kObjectiveTensors = "objective.";

TrainingOptions validated(TrainingOptions options) {
    options.validate();
    return options;
}

}  // namespace

JointTraining::JointTraining(TrainingOptions options, training::Placement placement)
    : m_options(validated(std::move(options))),
      m_placement(std::move(placement)),
      m_share(m_options, m_placement.group),
      m_watch(objectiveOf(m_options).stuckSigns(m_options)) {
    auto& group = *m_placement.group;
    training::requireEvenShare(m_options, group, m_options.accumulate);
    if (!m_options.checkpointing) m_heap.emplace();
    torch::manual_seed(training::seedOf(m_options));
    m_objective = objectiveOf(m_options).make(m_options, m_placement);
    networks().to(m_placement.device);
    networks().train(true);
    if (m_options.freezeDetector) networks().detector().train(false);
    nn::NamedParameters parameters;
    const auto collect = [&](torch::nn::Module& module, const std::string& prefix) {
        nn::keepChannelsLast(module);
        nn::addParameters(parameters, module, prefix);
    };
    collect(networks().injector(), "injector.");
    if (m_options.freezeDetector)
        for (auto& parameter : networks().detector().parameters()) parameter.set_requires_grad(false);
    else
        collect(networks().detector(), "detector.");
    if (group.size() > 1) nn::joinBatchNorm(networks().detector(), m_placement.group);
    m_optimiser = std::make_unique<training::Optimiser>(parameters, m_options, m_options.steps, group,
                                                        m_objective->leavesParametersOut());
}

int JointTraining::batchSide() const {
    return m_objective->networks().detectSide();
}

training::LoaderOptions JointTraining::loaderOptions() const {
    return training::loaderOfShare(m_options, *m_placement.group, batchSide(), m_options.accumulate);
}

StepRandom JointTraining::randomOfNextStep() const {
    return training::stepRandom(training::seedOf(m_options), stepsDone());
}

training::StepResult JointTraining::step(const training::Batch& batch) {
    StepRandom random = randomOfNextStep();
    training::StepResult result;
    result.learningRate = m_optimiser->learningRate();
    networks().train(true);
    if (m_options.freezeDetector) networks().detector().train(false);

    m_optimiser->zeroGradient();
    std::vector<Pass> passes;
    for (const Tensor& part : batch.images.to(m_placement.device).chunk(m_options.accumulate)) {
        nn::reseedDropout(networks().injector(), random.bits(), m_share.firstImage());
        passes.push_back(m_objective->pass(part, stepsDone(), random));
        Tensor loss;
        for (auto& [name, term] : passes.back().terms) {
            loss = loss.defined() ? loss + term : term;
            term = term.detach();
        }
        loss = loss / m_options.accumulate;
        if (static_cast<int>(passes.size()) < m_options.accumulate)
            loss.backward();
        else
            m_optimiser->backward(loss);
    }

    const Tensor norm = m_optimiser->gradientNorm();
    const StepReadings readings = read(passes, norm);
    for (const auto& [name, term] : passes.front().terms) {
        const double value = readings.measured.at("loss_" + name);
        m_optimiser->requireFinite(name, value);
        result.values.emplace_back("loss_" + name, value);
    }
    m_optimiser->step(norm, readings.measured.at("gradient_norm"));
    result.values.emplace_back("gradient_norm", readings.measured.at("gradient_norm"));
    m_objective->update(readings, result.values);
    result.step = stepsDone();
    return result;
}

StepReadings JointTraining::read(const std::vector<Pass>& passes, const Tensor& norm) const {
    // Everything a step has to say crosses from the device in one tensor.
    const auto count = static_cast<double>(passes.size());
    std::vector<std::string> names{"gradient_norm"};
    std::vector<Tensor> parts{norm.to(torch::kFloat32).view({1})};
    const auto average = [&](Pass::Terms Pass::*list, const std::string& prefix) {
        for (std::size_t i = 0; i < (passes.front().*list).size(); ++i) {
            Tensor sum;
            for (const Pass& pass : passes) {
                const Tensor& value = (pass.*list)[i].second;
                sum = sum.defined() ? sum + value : value;
            }
            names.push_back(prefix + (passes.front().*list)[i].first);
            parts.push_back((sum / count).view({1}));
        }
    };
    average(&Pass::terms, "loss_");
    average(&Pass::measured, "");
    StepReadings readings;
    std::int64_t rights = 0;
    for (const Pass& pass : passes) {
        if (pass.right.defined()) {
            parts.push_back(pass.right);
            rights += pass.right.numel();
        }
        readings.kinds.insert(readings.kinds.end(), pass.kinds.begin(), pass.kinds.end());
        readings.negatives.insert(readings.negatives.end(), pass.negatives.begin(), pass.negatives.end());
    }
    for (const Pass& pass : passes)
        if (pass.scores.defined()) parts.push_back(pass.scores);
    // The terms differ between the ranks; of the rest each has all of it, which the mean leaves as it is.
    const Tensor values = m_placement.group->mean(torch::cat(parts).to(torch::kCPU, torch::kFloat64));
    const double* value = values.const_data_ptr<double>();
    const double* end = value + values.numel();
    for (const auto& name : names) readings.measured[name] = *value++;
    readings.right.assign(value, value + rights);
    readings.scores.assign(value + rights, end);
    return readings;
}

void JointTraining::startFrom(const nn::TensorMap& weights) {
    if (m_options.freezeDetector) {
        // The injector learns anew against a detector that is there: of a signature, or a classifier.
        const auto part = nn::withoutPrefix(weights, "detector.");
        nn::loadStateDict(networks().detector(), part.empty() ? weights : part);
    } else {
        networks().load(weights);
    }
    m_optimiser->restartAverage();
}

nn::SafeTensors JointTraining::state() {
    nn::SafeTensors state = m_optimiser->stateWith(networks().state());
    nn::TensorMap own;
    nn::addWithPrefix(own, m_objective->tensors(), kObjectiveTensors);
    for (const auto& [name, tensor] : own) state.tensors[name] = tensor.to(torch::kCPU).clone();
    // "ladder" is the state of any objective: its name is that of the first.
    state.metadata["ladder"] = m_objective->state().dump();
    state.metadata["network"] = m_options.network.toJson().dump();
    return state;
}

void JointTraining::restore(const nn::SafeTensors& checkpoint) {
    const auto stored =
        NetworkOptions::fromJson(Json::parse(training::stateText(checkpoint, "network"), nullptr, false));
    if (!stored.sameNetworks(m_options.network)) training::throwOtherNetworks();
    try {
        m_objective->restore(Json::parse(training::stateText(checkpoint, "ladder")));
    } catch (const Json::exception&) {
        training::throwUnreadableState();
    }
    networks().load(nn::withoutPrefix(checkpoint.tensors, "net."));
    m_objective->restoreTensors(nn::withoutPrefix(checkpoint.tensors, kObjectiveTensors));
    m_optimiser->restore(checkpoint);
}

void JointTraining::setViews(const training::PhotoSet& photos) {
    m_views.emplace(photos, std::max(kSampleRows, m_options.validationImages), batchSide(), m_options,
                    m_placement.device);
}

std::optional<training::Validation> JointTraining::validate() {
    if (!m_views || m_views->count() == 0) return std::nullopt;
    const auto average = m_optimiser->useAverage();
    return m_objective->validate(*m_views);
}

std::optional<training::Samples> JointTraining::samples() {
    if (!m_views || m_views->count() == 0) return std::nullopt;
    const auto average = m_optimiser->useAverage();
    return m_views->samples(networks(), kSampleRows);
}

void JointTraining::writeModel(const std::filesystem::path& folder, const Json& origin) {
    const auto average = m_optimiser->useAverage();
    models::Manifest model;
    model.folder = folder;
    model.name = model.title = m_options.name;
    model.arch = networks().options().arch;
    model.parameters = parameterCount();
    model.resolution = networks().options().workSide;
    model.of = models::SignatureFields{networks().options().bits, networks().options().nominalPsnrDb};
    model.options = networks().options().toJson();
    model.training = m_options.toJson();
    model.steps = stepsDone();
    model.run = origin;
    training::writeModelFolder(std::move(model),
                               {{"injector", "detector"}, "signet-signature", networks().state()});
}

std::int64_t JointTraining::parameterCount() const {
    Networks& networks = m_objective->networks();
    return nn::parameterCount(networks.injector()) + nn::parameterCount(networks.detector());
}

}  // namespace signet::signature
