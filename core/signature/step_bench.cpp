#include "core/signature/step_bench.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <cstring>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/image/resample.h"
#include "core/nn/safetensors.h"
#include "core/signature/joint_training.h"

namespace signet::signature {
namespace {

constexpr double kSmallWeight = 0.02;  ///< standard deviation of what replaces zeros

TrainingOptions optionsOf(const std::string& preset, const std::vector<std::string>& assignments) {
    auto options = loadTrainingOptions(preset);
    for (const auto& assignment : assignments) options.set(assignment);
    return options;
}

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
    explicit Impl(TrainingOptions options) : job(std::move(options)) {}
    JointTraining job;
    torch::Tensor batch;
};

StepBench::StepBench(const std::string& preset, const std::vector<std::string>& assignments,
                     const std::vector<image::Image>& pictures)
    : m_impl(std::make_unique<Impl>(optionsOf(preset, assignments))) {
    JointTraining& job = m_impl->job;
    const auto& options = job.options();
    if (pictures.size() != static_cast<std::size_t>(options.batch))
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} pictures for a batch of {}", pictures.size(), options.batch));
    at::set_num_threads(options.threads);
    nn::SafeTensors state{job.tensors(), job.metadata()};
    for (auto& [name, tensor] : state.tensors) {
        if (name.starts_with("net.injector.") && tensor.count_nonzero().item<std::int64_t>() == 0)
            tensor = torch::randn_like(tensor) * kSmallWeight;
    }
    state.metadata["step"] = std::to_string(options.ramp);
    job.restore(state);
    m_impl->batch = batchOf(pictures, job.batchSide());
}

StepBench::~StepBench() = default;

int StepBench::batch() const {
    return m_impl->job.options().batch;
}

int StepBench::side() const {
    return m_impl->job.batchSide();
}

std::int64_t StepBench::parameters() const {
    auto& networks = m_impl->job.networks();
    return nn::parameterCount(networks.injector()) + nn::parameterCount(networks.detector());
}

void StepBench::save(const std::filesystem::path& file) const {
    nn::TensorMap tensors;
    nn::addWithPrefix(tensors, m_impl->job.networks().state(), "net.");
    tensors["batch"] = m_impl->batch;
    const nn::TextMap metadata = {{"options", m_impl->job.options().toJson().dump()},
                                  {"step", std::to_string(m_impl->job.stepsDone())}};
    writeFileAtomically(file, nn::serializeSafeTensors(tensors, metadata), IfExists::Replace);
}

std::vector<std::uint64_t> StepBench::randomBits(int count) const {
    StepRandom random = m_impl->job.randomOfNextStep();
    std::vector<std::uint64_t> bits(static_cast<std::size_t>(count));
    for (auto& value : bits) value = random.bits();
    return bits;
}

Json StepBench::step() {
    Json losses = Json::object();
    for (const auto& [name, value] : m_impl->job.step(m_impl->batch).values) {
        if (name.starts_with("loss_")) losses[name.substr(5)] = value;
    }
    return losses;
}

}  // namespace signet::signature
