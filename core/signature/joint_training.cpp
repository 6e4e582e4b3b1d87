#include "core/signature/joint_training.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/nn/image_random.h"
#include "core/signature/model_export.h"
#include "core/training/learning_rate.h"

namespace signet::signature {

using torch::Tensor;

namespace {

constexpr int kSampleRows = 4;

void keepChannelsLast(torch::nn::Module& module) {
    for (auto& parameter : module.parameters()) {
        if (parameter.dim() == 4)
            parameter.set_data(parameter.data().contiguous(at::MemoryFormat::ChannelsLast));
    }
}

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
    if (m_options.batch % (m_options.accumulate * group.size()) != 0)
        throw Error(
            ErrorCode::BadOption,
            fmt::format("a batch of {} images cannot be shared evenly by {} ranks{}: choose a batch (--set "
                        "batch=N) that their number divides",
                        m_options.batch, group.size(),
                        m_options.accumulate > 1 ? fmt::format(" in {} parts", m_options.accumulate) : ""));
    if (!m_options.checkpointing) m_heap.emplace();
    torch::manual_seed(static_cast<std::uint64_t>(m_options.seed));
    m_objective = objectiveOf(m_options).make(m_options, m_placement);
    networks().to(m_placement.device);
    networks().train(true);
    std::vector<std::pair<std::string, Tensor>> parameters;
    std::vector<Tensor> tensors;
    const auto collect = [&](torch::nn::Module& module, const std::string& prefix) {
        keepChannelsLast(module);
        for (const auto& item : module.named_parameters()) {
            parameters.emplace_back(prefix + item.key(), item.value());
            tensors.push_back(item.value());
        }
    };
    collect(networks().injector(), "injector.");
    collect(networks().detector(), "detector.");
    if (group.size() > 1) nn::joinBatchNorm(networks().detector(), m_placement.group);
    m_averaging = std::make_unique<training::GradientAveraging>(group, std::move(tensors),
                                                                m_objective->leavesParametersOut());
    if (m_options.ema > 0) m_average = std::make_unique<training::WeightAverage>(parameters, m_options.ema);
    m_adam = std::make_unique<training::Adam>(
        std::move(parameters),
        training::AdamOptions{.learningRate = m_options.learningRate, .maxGradientNorm = m_options.clip});
}

int JointTraining::batchSide() const {
    return m_objective->networks().detectSide();
}

training::LoaderOptions JointTraining::loaderOptions() const {
    training::LoaderOptions loader;
    loader.side = batchSide();
    loader.batch = m_options.batch;
    loader.parts = m_options.accumulate;
    loader.rank = m_placement.group->rank();
    loader.ranks = m_placement.group->size();
    loader.seed = static_cast<std::uint64_t>(m_options.seed);
    return loader;
}

StepRandom JointTraining::randomOfNextStep() const {
    return training::stepRandom(static_cast<std::uint64_t>(m_options.seed), m_step);
}

training::StepResult JointTraining::step(const training::Batch& batch) {
    StepRandom random = randomOfNextStep();
    training::StepResult result;
    result.learningRate =
        m_options.learningRate *
        training::rateFactor({m_options.decayFrom, m_options.finalRate}, m_step, m_options.steps);
    networks().train(true);

    m_adam->zeroGradient();
    std::vector<Pass> passes;
    for (const Tensor& part : batch.images.to(m_placement.device).chunk(m_options.accumulate)) {
        nn::reseedDropout(networks().injector(), random.bits(), m_share.firstImage());
        passes.push_back(m_objective->pass(part, m_step, random));
        Tensor loss;
        for (auto& [name, term] : passes.back().terms) {
            loss = loss.defined() ? loss + term : term;
            term = term.detach();
        }
        loss = loss / m_options.accumulate;
        if (static_cast<int>(passes.size()) < m_options.accumulate)
            loss.backward();
        else
            m_averaging->backward(loss);
    }

    const Tensor norm = m_adam->gradientNorm();
    const StepReadings readings = read(passes, norm);
    for (const auto& [name, term] : passes.front().terms) {
        const double value = readings.measured.at("loss_" + name);
        if (!std::isfinite(value))
            throw Error(ErrorCode::Internal,
                        fmt::format("the loss term \"{}\" is not finite at step {}: the run stops at its "
                                    "last checkpoint; try a smaller learningRate",
                                    name, m_step + 1));
        result.values.emplace_back("loss_" + name, value);
    }
    m_adam->step(result.learningRate, norm, readings.measured.at("gradient_norm"));
    result.values.emplace_back("gradient_norm", readings.measured.at("gradient_norm"));
    if (m_average) m_average->update();
    m_objective->update(readings, result.values);
    result.step = ++m_step;
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
    for (const Pass& pass : passes) {
        if (pass.right.defined()) parts.push_back(pass.right);
        readings.kinds.insert(readings.kinds.end(), pass.kinds.begin(), pass.kinds.end());
    }
    // The terms differ between the ranks; of the rest each has all of it, which the mean leaves as it is.
    const Tensor values = m_placement.group->mean(torch::cat(parts).to(torch::kCPU, torch::kFloat64));
    const double* value = values.const_data_ptr<double>();
    for (const auto& name : names) readings.measured[name] = *value++;
    readings.right.assign(value, values.const_data_ptr<double>() + values.numel());
    return readings;
}

nn::TensorMap JointTraining::tensors() {
    nn::TensorMap all;
    nn::addWithPrefix(all, networks().state(), "net.");
    nn::addWithPrefix(all, m_adam->state(), "adam.");
    if (m_average) nn::addWithPrefix(all, m_average->state(), "average.");
    for (auto& [name, tensor] : all) tensor = tensor.to(torch::kCPU);
    return all;
}

void JointTraining::startFrom(const nn::TensorMap& weights) {
    networks().load(weights);
    if (m_average) m_average->reset();
}

nn::TextMap JointTraining::metadata() const {
    // "ladder" is the state of any objective: its name is that of the first.
    return {{"step", std::to_string(m_step)},
            {"ladder", m_objective->state().dump()},
            {"network", m_options.network.toJson().dump()}};
}

void JointTraining::restore(const nn::SafeTensors& checkpoint) {
    const auto text = [&](const char* key) {
        const auto it = checkpoint.metadata.find(key);
        if (it == checkpoint.metadata.end())
            throw Error(ErrorCode::Corrupt, fmt::format("the checkpoint lacks \"{}\"", key));
        return it->second;
    };
    const auto stored = NetworkOptions::fromJson(Json::parse(text("network"), nullptr, false));
    const auto& own = m_options.network;
    if (stored.arch != own.arch || stored.bits != own.bits || stored.workSide != own.workSide ||
        stored.injectorWidths != own.injectorWidths || stored.detectorWidths != own.detectorWidths) {
        throw Error(
            ErrorCode::BadOption,
            "the checkpoint is of another network; resume it with the configuration it was started with");
    }
    try {
        m_objective->restore(Json::parse(text("ladder")));
        m_step = std::stoull(text("step"));
    } catch (const std::exception&) {
        throw Error(ErrorCode::Corrupt, "the checkpoint's state cannot be read");
    }
    networks().load(nn::withoutPrefix(checkpoint.tensors, "net."));
    m_adam->load(nn::withoutPrefix(checkpoint.tensors, "adam."));
    if (m_average) m_average->load(nn::withoutPrefix(checkpoint.tensors, "average."));
}

void JointTraining::setViews(const training::PhotoSet& photos) {
    m_views.emplace(photos, std::max(kSampleRows, m_options.validationImages), batchSide(), m_options,
                    m_placement.device);
}

std::optional<training::Validation> JointTraining::validate() {
    if (!m_views || m_views->count() == 0) return std::nullopt;
    const training::WeightAverage::InUse average(m_average.get());
    return m_views->validate(*m_objective);
}

std::optional<training::Samples> JointTraining::samples() {
    if (!m_views || m_views->count() == 0) return std::nullopt;
    const training::WeightAverage::InUse average(m_average.get());
    return m_views->samples(networks(), kSampleRows);
}

void JointTraining::writeModel(const std::filesystem::path& folder, const Json& origin) {
    const training::WeightAverage::InUse average(m_average.get());
    writeModelFolder(folder, m_options, networks(), m_step, origin);
}

std::int64_t JointTraining::parameterCount() const {
    Networks& networks = m_objective->networks();
    return nn::parameterCount(networks.injector()) + nn::parameterCount(networks.detector());
}

}  // namespace signet::signature
