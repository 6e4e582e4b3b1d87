#include "core/signature/model.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <mutex>

#include "core/base/error.h"
#include "core/nn/runtime.h"
#include "core/nn/threads.h"
#include "core/signature/networks.h"
#include "core/signature/working_size.h"
#include "core/training/picture_tensors.h"

namespace signet::signature {
namespace {

/// [1,3,h,w] in [-1,1], of the size that the networks take.
torch::Tensor inputOf(const Networks& networks, const image::Image& image) {
    const int side = networks.detectSide();
    return networks.keepsProportions() ? training::toTensor(inProportion(image, side))
                                       : training::toSquare(image, side);
}

std::vector<float> toVector(const torch::Tensor& tensor) {
    const auto plain = tensor.to(torch::kCPU, torch::kFloat32).contiguous();
    return {plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel()};
}

}  // namespace

struct Model::Impl {
    std::unique_ptr<Networks> networks;
    torch::Device device{torch::kCPU};
    int operatorThreads = 1;
    std::mutex mutex;
};

Model::Model(const Json& networkOptions, const std::filesystem::path& weights, const std::string& sha256,
             const std::string& device, int threads)
    : m_impl(std::make_unique<Impl>()) {
    m_impl->device = nn::deviceFromName(device);
    m_impl->networks = Networks::ofModel(networkOptions, weights, sha256, m_impl->device);
    if (auto* compact = dynamic_cast<CompactNetworks*>(m_impl->networks.get())) {
        compact->setSearchThreads(threads);
    } else {
        m_impl->operatorThreads = threads;
    }
}

Model::~Model() = default;

int Model::bits() const {
    return m_impl->networks->options().bits;
}
int Model::detectSide() const {
    return m_impl->networks->detectSide();
}

image::Planes Model::residual(const image::Image& image, std::span<const std::uint8_t> code,
                              const EmbeddingOptions& options) {
    const auto input = inputOf(*m_impl->networks, image);
    const std::lock_guard lock(m_impl->mutex);
    const torch::NoGradGuard guard;
    nn::useThreads(m_impl->operatorThreads);
    auto bits = torch::ones({1, this->bits()});
    if (this->bits() > 1) {
        if (static_cast<int>(code.size()) != this->bits())
            throw Error(ErrorCode::BadOption,
                        fmt::format("the code has {} bits; this model takes {}", code.size(), this->bits()));
        for (std::size_t i = 0; i < code.size(); ++i)
            bits[0][static_cast<std::int64_t>(i)] = code[i] ? 1.0f : 0.0f;
    }
    const auto residual = m_impl->networks->embed(input.to(m_impl->device), bits.to(m_impl->device), options);
    return {static_cast<int>(residual.size(3)), static_cast<int>(residual.size(2)), toVector(residual)};
}

Detection Model::detect(const image::Image& image) {
    const auto input = inputOf(*m_impl->networks, image);
    const std::lock_guard lock(m_impl->mutex);
    const torch::InferenceMode guard;
    nn::useThreads(m_impl->operatorThreads);
    const auto reading =
        m_impl->networks->read(input.to(m_impl->device), static_cast<double>(image.width) / image.height);
    Detection detection;
    detection.presenceLogit = reading.presence.item<double>();
    detection.rows = static_cast<int>(reading.cells.size(1));
    detection.columns = static_cast<int>(reading.cells.size(2));
    detection.cells = toVector(reading.cells);
    if (reading.bits.defined()) detection.bitLogits = toVector(reading.bits);
    const auto map = toVector(reading.imageToFrame);
    for (std::size_t i = 0; i < 6; ++i) detection.imageToFrame[i] = map[i];
    detection.geometriesTried = reading.geometriesTried;
    return detection;
}

std::string runtimeDescription() {
    return nn::runtimeDescription();
}

}  // namespace signet::signature
