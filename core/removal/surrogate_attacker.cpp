#include "core/removal/surrogate_attacker.h"
#include "core/nn/threads.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <utility>

namespace signet::removal {

using torch::Tensor;

SurrogateAttacker::SurrogateAttacker(models::Manifest model,
                                     std::shared_ptr<baselines::Classifier> classifier,
                                     const PgdOptions& options, torch::Device device, int threads)
    : m_model(std::move(model)),
      m_classifier(std::move(classifier)),
      m_options(options),
      m_device(device),
      m_threads(threads) {
    m_classifier->network()->to(device);
}

std::string SurrogateAttacker::name() const {
    return fmt::format("{}:{}", examine::kSurrogateWay, m_options.eps);
}

Json SurrogateAttacker::settings() const {
    Json json = {{"classifier", m_model.name},
                 {"classifier_sha256", m_model.weightsSha256},
                 {"taken_for", m_classifier->options().classes.front()}};
    json.update(m_options.toJson());
    return json;
}

void SurrogateAttacker::prepareFor(const image::Image& picture) {
    if (m_classifier->options().input != baselines::kSquareInput) return;
    if (m_squared && picture.width == m_width && picture.height == m_height) return;
    const int side = m_classifier->side();
    m_squared.emplace(picture.width, picture.height, side, side, m_device);
    m_width = picture.width;
    m_height = picture.height;
}

image::Image SurrogateAttacker::attack(const examine::Attacked& attacked, const WorkContext& context) {
    nn::useThreads(m_threads);
    prepareFor(attacked.picture);
    const auto loss = [&](const Tensor& picture, StepRandom& /*random*/) {
        const Tensor logit = m_classifier->logit(m_squared ? (*m_squared)(picture) : picture);
        return torch::softplus(logit).sum();  // of the first class
    };
    return projectedDescent(attacked.picture, loss, m_options, attacked.seed, m_device, context);
}

}  // namespace signet::removal
