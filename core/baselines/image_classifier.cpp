#include "core/baselines/image_classifier.h"

#include <torch/torch.h>

#include <mutex>

#include "core/baselines/classifier.h"
#include "core/nn/runtime.h"
#include "core/training/picture_tensors.h"

namespace signet::baselines {

struct ImageClassifier::Impl {
    std::unique_ptr<Classifier> classifier;
    torch::Device device;
    int threads;
    std::mutex mutex;
};

ImageClassifier::ImageClassifier(const models::Manifest& manifest, const std::string& device, int threads)
    : m_impl(new Impl{Classifier::load(manifest), nn::deviceFromName(device), threads, {}}) {
    m_impl->classifier->network()->to(m_impl->device);
}

ImageClassifier::~ImageClassifier() = default;

int ImageClassifier::side() const {
    return m_impl->classifier->side();
}

double ImageClassifier::logit(const image::Image& image) {
    const auto input = training::toSquare(image, side());
    const std::lock_guard lock(m_impl->mutex);
    const torch::InferenceMode guard;
    at::set_num_threads(m_impl->threads);
    return m_impl->classifier->logit(input.to(m_impl->device)).item<double>();
}

}  // namespace signet::baselines
