#include "core/fingerprint/fingerprint_model.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <mutex>
#include <utility>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/fingerprint/fingerprint_networks.h"
#include "core/fingerprint/instance.h"
#include "core/generators/player.h"
#include "core/nn/runtime.h"
#include "core/nn/threads.h"
#include "core/training/model_folder.h"
#include "core/training/picture_tensors.h"

namespace signet::fingerprint {

struct FingerprintModel::Impl {
    Impl(models::Manifest given, const std::string& deviceName, int threadCount)
        : manifest(std::move(given)),
          deviceName(deviceName),
          device(nn::deviceFromName(deviceName)),
          threads(threadCount),
          networks((requireKind(), FingerprintOptions::fromJson(manifest.options))) {
        const models::WeightFile& weights = manifest.weightsFor("decoder");
        networks.load(nn::loadSafeTensors(manifest.pathOf(weights), weights.sha256).tensors);
        networks.to(device);
    }

    void requireKind() const {
        if (manifest.kind() != models::Kind::Fingerprint)
            throw Error(ErrorCode::BadOption,
                        fmt::format("{} is a model of kind \"{}\": it makes and reads no fingerprints",
                                    manifest.name, toString(manifest.kind())));
    }

    std::unique_ptr<generators::Generator> baked(std::span<const std::uint8_t> code) {
        const int bits = networks.options().bits;
        if (code.size() != static_cast<std::size_t>(bits))
            throw Error(ErrorCode::BadOption, fmt::format("{} has fingerprints of {} bits, not of {}",
                                                          manifest.name, bits, code.size()));
        auto tensor = torch::empty({bits});
        for (std::size_t i = 0; i < code.size(); ++i)
            tensor[static_cast<std::int64_t>(i)] = static_cast<float>(code[i]);
        const std::lock_guard lock(mutex);
        nn::useThreads(threads);
        return instanceOf(networks, tensor);
    }

    models::Manifest manifest;
    std::string deviceName;
    torch::Device device;
    int threads;
    FingerprintNetworks networks;
    std::mutex mutex;
};

FingerprintModel::FingerprintModel(models::Manifest manifest, const std::string& device, int threads)
    : m_impl(std::make_unique<Impl>(std::move(manifest), device, threads)) {}

FingerprintModel::~FingerprintModel() = default;
FingerprintModel::FingerprintModel(FingerprintModel&&) noexcept = default;

const models::Manifest& FingerprintModel::manifest() const {
    return m_impl->manifest;
}

int FingerprintModel::bits() const {
    return m_impl->networks.options().bits;
}

int FingerprintModel::side() const {
    return m_impl->networks.options().side;
}

std::vector<float> FingerprintModel::decode(const image::Image& picture) {
    const auto input = training::toSquare(image::toRgb8(picture), side());
    const std::lock_guard lock(m_impl->mutex);
    const torch::InferenceMode guard;
    nn::useThreads(m_impl->threads);
    const auto logits = m_impl->networks.decode(input.to(m_impl->device)).logits.to(torch::kCPU).contiguous();
    const float* values = logits.data_ptr<float>();
    return {values, values + logits.numel()};
}

void FingerprintModel::draw(std::uint64_t seed, std::int64_t count, const WorkContext& context,
                            const OnDrawn& onDrawn) {
    const auto& options = m_impl->networks.options();
    for (std::int64_t done = 0; done < count && !context.stop.stop_requested(); ++done) {
        auto random = generators::generatorOf(mixedSeed(seed, static_cast<std::uint64_t>(done)));
        const auto z = torch::randn({1, options.latent}, random);
        const auto bits = torch::randint(2, {1, options.bits}, random, torch::kFloat32);
        image::Image picture;
        {
            const std::lock_guard lock(m_impl->mutex);
            const torch::InferenceMode guard;
            nn::useThreads(m_impl->threads);
            picture = training::toImage(
                m_impl->networks.draw(z.to(m_impl->device), bits.to(m_impl->device), {random}));
        }
        std::vector<std::uint8_t> code;
        for (int i = 0; i < options.bits; ++i) code.push_back(bits[0][i].item<float>() > 0.5F);
        onDrawn(code, picture);
        context.report(static_cast<std::uint64_t>(done + 1), static_cast<std::uint64_t>(count), "drawing");
    }
}

generators::GeneratorModel FingerprintModel::instance(std::span<const std::uint8_t> code) {
    return {m_impl->baked(code), m_impl->deviceName, m_impl->threads};
}

models::Manifest FingerprintModel::writeInstance(std::span<const std::uint8_t> code,
                                                 const std::filesystem::path& folder, const std::string& name,
                                                 const std::string& holder, const std::string& issuedUtc) {
    const auto generator = m_impl->baked(code);
    const models::Manifest& own = m_impl->manifest;
    models::Manifest model;
    model.folder = folder;
    model.name = name;
    model.title = fmt::format("{}, issued to {}", own.title, holder);
    model.arch = generator->arch();
    model.parameters = generator->parameterCount();
    model.resolution = side();
    model.of = models::InstanceFields{own.name, own.weightsSha256, holder, issuedUtc};
    model.options = generator->networkOptions();
    training::writeModelFolder(model, {{"generator"}, "signet-instance", generator->state()});
    return models::readManifest(folder);
}

std::vector<std::uint8_t> codeOf(std::span<const float> logits) {
    std::vector<std::uint8_t> code(logits.size());
    for (std::size_t i = 0; i < logits.size(); ++i) code[i] = logits[i] > 0;
    return code;
}

}  // namespace signet::fingerprint
