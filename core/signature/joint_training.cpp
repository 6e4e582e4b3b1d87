#include "core/signature/joint_training.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/attacks/tensor_attacks.h"
#include "core/base/error.h"
#include "core/nn/channels_last.h"
#include "core/nn/image_random.h"
#include "core/nn/runtime.h"
#include "core/signature/ladder.h"

namespace signet::signature {

using torch::Tensor;

namespace {

constexpr std::uint64_t kStepStream = 1;

}  // namespace

JointTraining::JointTraining(TrainingOptions options, c10::intrusive_ptr<training::ProcessGroup> group,
                             torch::Device device)
    : m_options(std::move(options)),
      m_group(std::move(group)),
      m_device(device),
      m_bf16(m_options.bf16 && nn::deviceHasBf16(device)) {
    m_options.validate();
    if (m_options.batch % (m_options.accumulate * m_group->size()) != 0)
        throw Error(
            ErrorCode::BadOption,
            fmt::format("a batch of {} images cannot be shared evenly by {} ranks{}: choose a batch (--set "
                        "batch=N) that their number divides",
                        m_options.batch, m_group->size(),
                        m_options.accumulate > 1 ? fmt::format(" in {} parts", m_options.accumulate) : ""));
    if (!m_options.checkpointing) m_heap.emplace();
    m_ladder = std::make_unique<Ladder>(m_options);
    torch::manual_seed(static_cast<std::uint64_t>(m_options.seed));
    m_networks = Networks::create(m_options.network);
    m_networks->to(m_device);
    m_networks->train(true);
    if (auto* paper = dynamic_cast<PaperNetworks*>(m_networks.get()))
        paper->setCheckpointing(m_options.checkpointing);
    std::vector<std::pair<std::string, Tensor>> parameters;
    std::vector<Tensor> tensors;
    const auto collect = [&](torch::nn::Module& module, const std::string& prefix) {
        nn::keepChannelsLast(module);
        for (const auto& item : module.named_parameters()) {
            parameters.emplace_back(prefix + item.key(), item.value());
            tensors.push_back(item.value());
        }
    };
    collect(m_networks->injector(), "injector.");
    collect(m_networks->detector(), "detector.");
    if (m_group->size() > 1) nn::joinBatchNorm(m_networks->detector(), m_group);
    const bool someUnused = m_options.objective == "ladder" && m_options.network.hasCode();  // until it opens
    m_averaging = std::make_unique<training::GradientAveraging>(*m_group, std::move(tensors), someUnused);
    if (m_options.ema > 0) m_average = std::make_unique<training::WeightAverage>(parameters, m_options.ema);
    m_adam = std::make_unique<training::Adam>(
        std::move(parameters),
        training::AdamOptions{.learningRate = m_options.learningRate, .maxGradientNorm = m_options.clip});
}

JointTraining::~JointTraining() = default;

int JointTraining::batchSide() const {
    return m_networks->detectSide();
}

training::LoaderOptions JointTraining::loaderOptions() const {
    training::LoaderOptions loader;
    loader.side = batchSide();
    loader.batch = m_options.batch;
    loader.parts = m_options.accumulate;
    loader.rank = m_group->rank();
    loader.ranks = m_group->size();
    loader.seed = static_cast<std::uint64_t>(m_options.seed);
    return loader;
}

Tensor JointTraining::ofShare(const Tensor& perImage) const {
    return perImage.slice(0, firstImage(), firstImage() + share());
}

Tensor JointTraining::weightedMean(const Tensor& loss, const Tensor& weight) {
    auto total = weight.detach().sum();
    m_group->sum(total);
    return (loss * weight).sum() / (total.clamp_min(1) / m_group->size());
}

double JointTraining::learningRate() const {
    const double done = static_cast<double>(m_step) / m_options.steps;
    if (done <= m_options.decayFrom || m_options.decayFrom >= 1) return m_options.learningRate;
    const double phase = std::min(1.0, (done - m_options.decayFrom) / (1 - m_options.decayFrom));
    const double factor =
        m_options.finalRate + (1 - m_options.finalRate) * 0.5 * (1 + std::cos(std::numbers::pi * phase));
    return m_options.learningRate * factor;
}

StepRandom JointTraining::randomOfNextStep() const {
    return StepRandom(static_cast<std::uint64_t>(m_options.seed), kStepStream, m_step);
}

StepResult JointTraining::step(const Tensor& batch) {
    StepRandom random = randomOfNextStep();
    StepResult result;
    result.learningRate = learningRate();
    m_networks->train(true);

    m_adam->zeroGradient();
    std::vector<Pass> passes;
    for (const Tensor& part : batch.to(m_device).chunk(m_options.accumulate)) {
        nn::reseedDropout(m_networks->injector(), random.bits(), firstImage());
        passes.push_back(m_options.objective == "paper" ? paperPass(part, random) : ladderPass(part, random));
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
    if (m_options.objective == "paper") {
        m_ladder->follow(readings);
        const double error = std::max(1e-12, readings.measured.at("loss_reconstruction"));
        result.values.emplace_back("psnr_db", 10 * std::log10(4 / error));
        result.values.emplace_back("bit_accuracy", m_ladder->accuracy);
    } else {
        m_ladder->climb(readings, m_options);
        m_ladder->describe(result.values, m_options.network.hasCode());
    }
    result.step = ++m_step;
    return result;
}

StepReadings JointTraining::read(const std::vector<Pass>& passes, const Tensor& norm) const {
    // Everything a step has to say crosses from the device in one tensor.
    const auto count = static_cast<double>(passes.size());
    std::vector<std::string> names{"gradient_norm"};
    std::vector<Tensor> parts{norm.to(torch::kFloat32).view({1})};
    const auto average = [&](Terms Pass::*list, const std::string& prefix) {
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
    const Tensor values = m_group->mean(torch::cat(parts).to(torch::kCPU, torch::kFloat64));
    const double* value = values.const_data_ptr<double>();
    for (const auto& name : names) readings.measured[name] = *value++;
    readings.right.assign(value, values.const_data_ptr<double>() + values.numel());
    return readings;
}

JointTraining::Pass JointTraining::paperPass(const Tensor& x, StepRandom& random) {
    // Fact sheet 1.4, steps 1-10: one code for the whole batch, straight-through quantisation before the
    // augmentation, signed and real halves through F in one batch so that its BatchNorm statistics are joint.
    auto& nets = static_cast<PaperNetworks&>(*m_networks);
    const auto batch = x.size(0);
    const int bits = m_options.network.bits;
    auto code = torch::zeros({batch, bits});
    bool any = false;
    while (!any) {  // code 0 is reserved for real images
        for (int b = 0; b < bits; ++b) {
            const bool set = bits == 1 || random.chance(0.5);
            code.select(1, b).fill_(set ? 1 : 0);
            any = any || set;
        }
    }
    code = code.to(m_device);
    const auto input =
        m_options.noise > 0 ? x + nn::normalLike(x, random.bits(), firstImage()) * m_options.noise : x;
    Tensor image;
    {
        const nn::Bf16Guard guard(m_bf16, m_device.type());
        image = nets.signImage(input, code).to(torch::kFloat32);
    }
    const auto quantised = attacks::quantizeStraightThrough(image, m_options.truncate);
    const auto source =
        m_options.augmentation == "code" ? attacks::PaperSource::Code : attacks::PaperSource::Text;
    const auto views = torch::cat(
        {attacks::paperAugment(quantised, source, random), attacks::paperAugment(x, source, random)});
    const auto labels = torch::cat({code, torch::zeros_like(code)});
    Tensor logits;
    {
        const nn::Bf16Guard guard(m_bf16, m_device.type());
        logits = nets.resnet()(views).to(torch::kFloat32);
    }
    const auto reconstruction = (image - x).square().mean();
    const double weight = m_options.lambda * std::min(1.0, static_cast<double>(m_step) / m_options.ramp);
    const auto classification = torch::binary_cross_entropy_with_logits(logits, labels);
    Pass pass;
    pass.terms = {{"reconstruction", reconstruction}, {"classification", weight * classification}};
    pass.measured = {
        {"accuracy", m_group->mean(((logits > 0) == (labels > 0.5)).to(torch::kFloat32).mean())}};
    return pass;
}

nn::TensorMap JointTraining::tensors() {
    nn::TensorMap all;
    nn::addWithPrefix(all, m_networks->state(), "net.");
    nn::addWithPrefix(all, m_adam->state(), "adam.");
    if (m_average) nn::addWithPrefix(all, m_average->state(), "average.");
    for (auto& [name, tensor] : all) tensor = tensor.to(torch::kCPU);
    return all;
}

void JointTraining::startFrom(const nn::TensorMap& weights) {
    m_networks->load(weights);
    if (m_average) m_average->reset();
}

nn::TextMap JointTraining::metadata() const {
    return {{"step", std::to_string(m_step)},
            {"ladder", m_ladder->toJson().dump()},
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
        m_ladder->fromJson(Json::parse(text("ladder")));
        m_step = std::stoull(text("step"));
    } catch (const std::exception&) {
        throw Error(ErrorCode::Corrupt, "the checkpoint's state cannot be read");
    }
    m_networks->load(nn::withoutPrefix(checkpoint.tensors, "net."));
    m_adam->load(nn::withoutPrefix(checkpoint.tensors, "adam."));
    if (m_average) m_average->load(nn::withoutPrefix(checkpoint.tensors, "average."));
    if (m_options.objective == "ladder") m_networks->setNominalPsnrDb(m_ladder->db);
}

}  // namespace signet::signature
