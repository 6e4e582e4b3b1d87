#include "core/generators/generator_model.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/generators/style_generator.h"
#include "core/nn/runtime.h"
#include "core/training/picture_tensors.h"

namespace signet::generators {

using torch::Tensor;

namespace {

std::unique_ptr<StyleGenerator> loaded(const models::Manifest& manifest) {
    if (manifest.kind() != models::Kind::Generator && manifest.kind() != models::Kind::Instance)
        throw Error(ErrorCode::BadOption, fmt::format("{} is a model of kind \"{}\": it draws no pictures",
                                                      manifest.name, toString(manifest.kind())));
    const models::WeightFile& weights = manifest.weightsFor("generator");
    auto generator = std::make_unique<StyleGenerator>(StyleGeneratorOptions::fromJson(manifest.options));
    generator->load(nn::loadSafeTensors(manifest.pathOf(weights), weights.sha256).tensors);
    return generator;
}

}  // namespace

void SampleRequest::validate() const {
    if (batch < 1 || batch > 1024) throw Error(ErrorCode::BadOption, "a batch has 1 to 1024 pictures");
    if (!(truncation >= 0 && truncation <= 1))
        throw Error(ErrorCode::BadOption, "the truncation lies between 0 and 1");
}

struct GeneratorModel::Impl {
    std::unique_ptr<StyleGenerator> generator;
    torch::Device device{torch::kCPU};
    int threads = 1;
    std::mutex mutex;
};

GeneratorModel::GeneratorModel(std::unique_ptr<StyleGenerator> generator, const std::string& device,
                               int threads)
    : m_impl(std::make_unique<Impl>()) {
    m_impl->device = nn::deviceFromName(device);
    m_impl->threads = threads;
    m_impl->generator = std::move(generator);
    m_impl->generator->to(m_impl->device);
}

GeneratorModel::GeneratorModel(const models::Manifest& manifest, const std::string& device, int threads)
    : GeneratorModel(loaded(manifest), device, threads) {}

GeneratorModel::~GeneratorModel() = default;
GeneratorModel::GeneratorModel(GeneratorModel&&) noexcept = default;

int GeneratorModel::side() const {
    return m_impl->generator->options().side;
}

bool GeneratorModel::isMapped() const {
    return m_impl->generator->options().mappingLayers > 0;
}

std::uint64_t GeneratorModel::sample(const SampleRequest& request, const WorkContext& context,
                                     const OnPicture& onPicture) {
    request.validate();
    std::uint64_t done = 0;
    while (done < request.count && !context.stop.stop_requested()) {
        const auto count =
            std::min<std::uint64_t>(static_cast<std::uint64_t>(request.batch), request.count - done);
        Tensor pictures;
        {
            const std::lock_guard lock(m_impl->mutex);
            const torch::InferenceMode guard;
            at::set_num_threads(m_impl->threads);
            std::vector<Tensor> latents;
            nn::NoiseSource noise;
            for (std::uint64_t i = 0; i < count; ++i) {
                noise.push_back(at::make_generator<at::CPUGeneratorImpl>(
                    mixedSeed(request.seed, request.first + done + i)));
                latents.push_back(torch::randn({1, m_impl->generator->options().latent}, noise.back()));
            }
            pictures =
                m_impl->generator->draw(torch::cat(latents).to(m_impl->device), noise, request.truncation);
        }
        for (std::uint64_t i = 0; i < count && !context.stop.stop_requested(); ++i) {
            const auto at = static_cast<std::int64_t>(i);
            onPicture(request.first + done, training::toImage(pictures.slice(0, at, at + 1)));
            context.report(++done, request.count, "drawing");
        }
    }
    return done;
}

}  // namespace signet::generators
