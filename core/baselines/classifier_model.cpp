#include "core/baselines/classifier_model.h"

#include <torch/torch.h>

#include <mutex>

#include "core/baselines/classifier.h"
#include "core/nn/runtime.h"
#include "core/training/picture_tensors.h"

namespace signet::baselines {

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

double ClassifierModel::logit(const image::Image& image) {
    const auto input = training::toSquare(image::toRgb8(image), side());
    const std::lock_guard lock(m_impl->mutex);
    const torch::InferenceMode guard;
    at::set_num_threads(m_impl->threads);
    return m_impl->classifier->logit(input.to(m_impl->device)).item<double>();
}

}  // namespace signet::baselines
