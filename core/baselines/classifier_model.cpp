#include "core/baselines/classifier_model.h"

#include <torch/torch.h>

#include <algorithm>
#include <mutex>

#include "core/baselines/classifier.h"
#include "core/nn/runtime.h"
#include "core/nn/threads.h"
#include "core/training/picture_tensors.h"

namespace signet::baselines {

namespace {

constexpr std::int64_t kWholeMost = 1536, kTileSide = 1024;  // px

}  // namespace

struct ClassifierModel::Impl {
    std::unique_ptr<Classifier> classifier;
    torch::Device device{torch::kCPU};
    int threads = 1;
    std::mutex mutex;
};

ClassifierModel::ClassifierModel(const std::filesystem::path& modelFolder, const std::string& device,
                                 int threads)
    : m_impl(std::make_unique<Impl>()) {
    m_impl->device = nn::deviceFromName(device);
    m_impl->threads = threads;
    m_impl->classifier = Classifier::load(modelFolder);
    m_impl->classifier->network()->to(m_impl->device);
}

ClassifierModel::~ClassifierModel() = default;

int ClassifierModel::side() const {
    return m_impl->classifier->side();
}

bool ClassifierModel::resizes() const {
    return m_impl->classifier->options().input == kSquareInput;
}

double ClassifierModel::logit(const image::Image& image) {
    const image::Image rgb = image::toRgb8(image);
    const int most =
        m_impl->classifier->options().input == kWholeInput ? std::max(rgb.width, rgb.height) : side();
    const auto input = resizes() ? training::toSquare(rgb, side()) : training::toMiddle(rgb, most);
    const auto height = input.size(2), width = input.size(3);
    const auto tile = std::min(height, width) > kWholeMost ? kTileSide : std::max(height, width);
    const std::lock_guard lock(m_impl->mutex);
    const torch::InferenceMode guard;
    nn::useThreads(m_impl->threads);
    double sum = 0;
    for (std::int64_t y = 0; y < height; y += tile)
        for (std::int64_t x = 0; x < width; x += tile) {
            const auto part = input.slice(2, y, y + tile).slice(3, x, x + tile).to(m_impl->device);
            sum += m_impl->classifier->logit(part).item<double>() * static_cast<double>(part.numel());
        }
    return sum / static_cast<double>(input.numel());
}

}  // namespace signet::baselines
