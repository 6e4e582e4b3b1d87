#include "core/training/step_bench.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <cstring>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/image/resample.h"
#include "core/nn/safetensors.h"
#include "core/nn/threads.h"
#include "core/training/run_options.h"
#include "core/training/task.h"

namespace signet::training {
namespace {

constexpr double kSmallWeight = 0.02;  ///< standard deviation of what replaces zeros

torch::Tensor batchOf(const std::vector<image::Image>& pictures, int side) {
    auto batch = torch::empty({static_cast<std::int64_t>(pictures.size()), 3, side, side});
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        const auto planes = image::toPlanes(pictures[i], side, side);
        std::memcpy(batch[static_cast<std::int64_t>(i)].data_ptr(), planes.data.data(),
                    planes.data.size() * sizeof(float));
    }
    return batch;
}

}  // namespace

struct StepBench::Impl {
    Json options;
    RunOptions run;
    std::unique_ptr<TrainingTask> task;
    Batch batch;
};

StepBench::StepBench(const TaskRegistry& tasks, const Json& options, const Start& start,
                     const std::vector<image::Image>& pictures)
    : m_impl(std::make_unique<Impl>()) {
    const TaskType& type = tasks.of(options);
    m_impl->options = type.complete(options);
    m_impl->run = RunOptions::among(m_impl->options);
    m_impl->task = type.create(m_impl->options, {});
    if (pictures.size() != static_cast<std::size_t>(m_impl->run.batch))
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} pictures for a batch of {}", pictures.size(), m_impl->run.batch));
    nn::useThreads(m_impl->run.threads);
    nn::SafeTensors state = m_impl->task->state();
    for (auto& [name, tensor] : state.tensors) {
        if (!start.stirred.empty() && name.starts_with(start.stirred) && tensor.is_floating_point() &&
            tensor.count_nonzero().item<std::int64_t>() == 0)
            tensor = torch::randn_like(tensor) * kSmallWeight;
    }
    state.metadata["step"] = std::to_string(start.step);
    m_impl->task->restore(state);
    m_impl->batch.images = batchOf(pictures, side());
}

StepBench::~StepBench() = default;

int StepBench::batch() const {
    return m_impl->run.batch;
}

int StepBench::side() const {
    return m_impl->task->loaderOptions().side;
}

std::int64_t StepBench::parameters() const {
    return m_impl->task->parameterCount();
}

void StepBench::save(const std::filesystem::path& file) const {
    nn::TensorMap tensors;
    for (const auto& [name, tensor] : m_impl->task->state().tensors) {
        if (name.starts_with("net.")) tensors[name] = tensor;
    }
    tensors["batch"] = m_impl->batch.images;
    const nn::TextMap metadata = {{"options", m_impl->options.dump()},
                                  {"step", std::to_string(m_impl->task->stepsDone())}};
    writeFileAtomically(file, nn::serializeSafeTensors(tensors, metadata), IfExists::Replace);
}

std::vector<std::uint64_t> StepBench::randomBits(int count) const {
    StepRandom random = stepRandom(seedOf(m_impl->run), m_impl->task->stepsDone());
    std::vector<std::uint64_t> bits(static_cast<std::size_t>(count));
    for (auto& value : bits) value = random.bits();
    return bits;
}

Json StepBench::step() {
    Json losses = Json::object();
    for (const auto& [name, value] : m_impl->task->step(m_impl->batch).values) {
        if (name.starts_with("loss_")) losses[name.substr(5)] = value;
    }
    return losses;
}

}  // namespace signet::training
