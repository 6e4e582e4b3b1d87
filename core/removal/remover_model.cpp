#include "core/removal/remover_model.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <variant>

#include "core/base/error.h"
#include "core/image/resample.h"
#include "core/nn/runtime.h"
#include "core/nn/safetensors.h"
#include "core/nn/threads.h"
#include "core/removal/remover_network.h"
#include "core/training/picture_tensors.h"

namespace signet::removal {
namespace {

constexpr int kLongest = 16;  ///< times the short side; longer pictures are squeezed to that

/// A multiple of step.
int workingLength(int length, int shortSide, int side, int step) {
    const double share = std::min<double>(kLongest, static_cast<double>(length) / shortSide);
    return std::max(1, static_cast<int>(std::lround(side * share / step))) * step;
}

RemoverOptions networkOf(const models::Manifest& manifest) {
    if (manifest.kind() != models::Kind::Remover)
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} is a model of kind \"{}\": it removes no signature (signet train remover "
                                "makes one that does)",
                                manifest.name, toString(manifest.kind())));
    return RemoverOptions::fromJson(manifest.options);
}

}  // namespace

struct RemoverModel::Impl {
    explicit Impl(const RemoverOptions& options) : side(options.side), network(options) {}

    int side;
    RemoverNetwork network;
    torch::Device device{torch::kCPU};
    int threads = 1;
    std::mutex mutex;
};

RemoverModel::RemoverModel(const models::Manifest& manifest, const std::string& device, int threads)
    : m_manifest(manifest), m_impl(std::make_unique<Impl>(networkOf(manifest))) {
    m_impl->device = nn::deviceFromName(device);
    m_impl->threads = threads;
    const models::WeightFile& file = manifest.weightsFor("restorer");
    nn::loadStateDict(m_impl->network.module(),
                      nn::loadSafeTensors(manifest.pathOf(file), file.sha256).tensors);
    m_impl->network.module().to(m_impl->device);
    m_impl->network.module().eval();
}

RemoverModel::~RemoverModel() = default;

Json RemoverModel::settings() const {
    const auto& learnedFrom = std::get<models::RemoverFields>(m_manifest.of);
    return {{"remover", m_manifest.name},
            {"remover_sha256", m_manifest.weightsSha256},
            {"signature", learnedFrom.signature},
            {"signature_sha256", learnedFrom.signatureSha256},
            {"keys", learnedFrom.keys}};
}

image::Image RemoverModel::remove(const image::Image& picture) {
    const int shortSide = std::min(picture.width, picture.height);
    const int step = m_impl->network.step();
    const auto planes = image::toPlanes(picture, workingLength(picture.width, shortSide, m_impl->side, step),
                                        workingLength(picture.height, shortSide, m_impl->side, step));
    const auto input = training::toTensor(planes);
    torch::Tensor change;
    {
        const std::lock_guard lock(m_impl->mutex);
        const torch::InferenceMode guard;
        nn::useThreads(m_impl->threads);
        change =
            m_impl->network.change(input.to(m_impl->device)).to(torch::kCPU, torch::kFloat32).contiguous();
    }
    const float* values = change.const_data_ptr<float>();
    return image::addResidual(picture, {planes.width, planes.height, {values, values + change.numel()}}, 1,
                              m_impl->threads, nullptr);
}

}  // namespace signet::removal
