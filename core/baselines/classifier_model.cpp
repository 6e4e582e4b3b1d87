#include "core/baselines/classifier_model.h"

#include <torch/torch.h>

#include <mutex>

#include "core/baselines/classifier.h"
#include "core/image/resample.h"
#include "core/nn/runtime.h"

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
    const int side = this->side();
    auto planes = image::toPlanes(image::toRgb8(image), side, side);
    const std::lock_guard lock(m_impl->mutex);
    const torch::InferenceMode guard;
    at::set_num_threads(m_impl->threads);
    const auto input = torch::from_blob(planes.data.data(), {1, 3, side, side}).to(m_impl->device);
    return m_impl->classifier->logit(input).item<double>();
}

}  // namespace signet::baselines
