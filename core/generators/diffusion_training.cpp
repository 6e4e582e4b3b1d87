#include "core/generators/diffusion_training.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <utility>

#include "core/base/error.h"
#include "core/generators/adm_generator.h"
#include "core/generators/autoencoder_model.h"
#include "core/generators/ldm_options.h"
#include "core/generators/player.h"
#include "core/models/model_store.h"
#include "core/nn/image_random.h"
#include "core/nn/runtime.h"
#include "core/training/batch_share.h"
#include "core/training/model_folder.h"
#include "core/training/picture_tensors.h"

namespace signet::generators {

using torch::Tensor;

namespace {

constexpr std::int64_t kDrawnRows = 4, kDrawnColumns = 6;
constexpr int kColours = 3;
constexpr std::uint64_t kHeldOutStream = 61, kShownStream = 62;

/// The part of a state that a diffusion of its sort has in a generator's model.
const char* partName(const DiffusionTrainingOptions& o) {
    if (!o.autoencoder.empty()) return "denoiser.";
    return o.low > 0 ? "upsampler." : "base.";
}

DenoiserNetwork seededNetwork(const DiffusionTrainingOptions& options) {
    options.validate();
    torch::manual_seed(training::seedOf(options));
    return DenoiserNetwork(options.network, options.low > 0 ? kColours : 0);
}

std::vector<at::Generator> generatorsOf(std::uint64_t seed, std::uint64_t first, std::int64_t count) {
    std::vector<at::Generator> random;
    for (std::int64_t i = 0; i < count; ++i)
        random.push_back(generatorOf(mixedSeed(seed, first + static_cast<std::uint64_t>(i))));
    return random;
}

/// The model that draws what one of these options enlarges.
models::Manifest baseOf(const DiffusionTrainingOptions& o, const std::filesystem::path& workspace) {
    if (o.base.empty())
        throw Error(ErrorCode::BadOption,
                    "a diffusion that enlarges needs the model that draws what it enlarges: name one with "
                    "--set base=NAME");
    models::Manifest base = models::findModel(o.base, workspace);
    if (base.kind() != models::Kind::Generator || base.arch != kAdmArch ||
        AdmOptions::fromJson(base.options).base.side != o.low)
        throw Error(
            ErrorCode::BadOption,
            fmt::format("{} does not draw pictures of {} px by a diffusion of its own", base.name, o.low));
    return base;
}

}  // namespace

DiffusionTraining::DiffusionTraining(DiffusionTrainingOptions options, training::Placement placement)
    : m_options(std::move(options)),
      m_placement(std::move(placement)),
      m_bf16(m_options.bf16 && nn::deviceHasBf16(m_placement.device)),
      m_network(seededNetwork(m_options)),
      m_diffusion(m_network.diffusion()) {
    auto& group = *m_placement.group;
    training::requireEvenShare(m_options, group);
    if (m_options.low > 0) m_base = baseOf(m_options, m_placement.workspace);
    if (!m_options.autoencoder.empty()) {
        const auto manifest = models::findModel(m_options.autoencoder, m_placement.workspace);
        m_autoencoder = loadAutoencoder(manifest);
        m_autoencoder->to(m_placement.device);
        m_autoencoderOptions = m_autoencoder->options;
        if (m_autoencoderOptions.embedding != m_options.network.channels)
            throw Error(ErrorCode::BadOption,
                        fmt::format("{} has latents of {} planes, not of {}", manifest.name,
                                    m_autoencoderOptions.embedding, m_options.network.channels));
    }
    m_network.to(m_placement.device);
    m_network.network()->checkpointing = m_options.recompute;
    m_optimiser =
        std::make_unique<training::Optimiser>(m_network.parameters(""), m_options, m_options.steps, group);
}

int DiffusionTraining::pictureSide() const {
    return m_options.network.side * (m_autoencoder ? m_autoencoderOptions.factor() : 1);
}

training::LoaderOptions DiffusionTraining::loaderOptions() const {
    auto loader = training::loaderOfShare(m_options, *m_placement.group, pictureSide());
    loader.draw = {.crops = false, .mirrors = m_options.mirror};
    return loader;
}

Tensor DiffusionTraining::besideOf(const Tensor& pictures) const {
    if (m_options.low == 0) return {};
    return enlarged(torch::adaptive_avg_pool2d(pictures, {m_options.low, m_options.low}),
                    m_options.network.side);
}

DiffusionTraining::Sample DiffusionTraining::sampleOf(const Tensor& pictures, const at::Generator& random) {
    const torch::NoGradGuard guard;
    const Tensor target = m_target ? m_target(pictures) : pictures;
    if (!m_autoencoder) return {target, besideOf(pictures)};
    Tensor latent = m_autoencoder->encode(target);
    if (!m_autoencoder->quantize) {
        const Tensor noise = torch::randn(latent.chunk(2, 1)[0].sizes(), random).to(latent.device());
        latent = nn::drawnLatent(latent, noise).first;
    }
    if (m_options.scaleLatents && stepsDone() == 0 && m_scale == 1)
        m_scale = 1 / m_placement.group->mean(latent.std().to(torch::kCPU, torch::kFloat64)).item<double>();
    return {latent * m_scale, {}};
}

Diffusion::Loss DiffusionTraining::lossOf(const Sample& sample, const Tensor& classes,
                                          const at::Generator& random) {
    const std::int64_t count = sample.x.size(0);
    const Tensor steps = torch::randint(m_options.network.timesteps, {count}, random, torch::kInt64);
    const Tensor noise = torch::randn(sample.x.sizes(), random).to(sample.x.device());
    return m_diffusion.loss(
        [&](const Tensor& x, const Tensor& timesteps) {
            const nn::Bf16Guard guard(m_bf16, m_placement.device.type());
            return m_network.forward(x, timesteps, sample.beside, classes);
        },
        sample.x, steps.to(sample.x.device()), noise);
}

training::StepResult DiffusionTraining::step(const training::Batch& batch) {
    StepRandom random = training::stepRandom(training::seedOf(m_options), stepsDone());
    auto& group = *m_placement.group;
    const auto rank = static_cast<std::uint64_t>(group.rank());
    const at::Generator numbers = generatorOf(mixedSeed(random.bits(), rank));
    training::StepResult result;
    result.learningRate = m_optimiser->learningRate();
    const Sample sample = sampleOf(batch.images.to(m_placement.device), numbers);
    Tensor classes;
    if (m_options.network.classes > 0 && batch.classes.defined()) {
        const Tensor untold = torch::rand({batch.classes.size(0)}, numbers) < m_options.classDropout;
        classes = m_options.network.noneClass ? batch.classes.masked_fill(untold, m_options.network.classes)
                                              : batch.classes;
    }
    m_network.train(true);
    nn::reseedDropout(*m_network.network(), random.bits(), group.rank() * batch.images.size(0));
    m_optimiser->zeroGradient();
    const auto loss = lossOf(sample, classes, numbers);
    m_optimiser->backward(loss.bound.defined() ? loss.noise + loss.bound : loss.noise);
    m_network.train(false);

    const Tensor norm = m_optimiser->gradientNorm();
    const Tensor values =
        group.mean(torch::stack({loss.noise.detach(),
                                 loss.bound.defined() ? loss.bound.detach() : loss.noise.new_zeros({}),
                                 norm.to(torch::kFloat32)})
                       .to(torch::kCPU, torch::kFloat64));
    const double* value = values.const_data_ptr<double>();
    m_optimiser->requireFinite("noise", value[0]);
    m_optimiser->requireFinite("bound", value[1]);
    m_optimiser->step(norm, value[2]);
    result.values = {{"loss_noise", value[0]}, {"loss_bound", value[1]}, {"gradient_norm", value[2]}};
    result.step = stepsDone();
    return result;
}

nn::TensorMap DiffusionTraining::averagedState() {
    const auto average = m_optimiser->useAverage();
    nn::TensorMap state = m_network.state();
    for (auto& [name, tensor] : state) tensor = tensor.detach().to(torch::kCPU).clone();
    return state;
}

nn::SafeTensors DiffusionTraining::state() {
    nn::SafeTensors state = m_optimiser->stateWith(m_network.state());
    state.tensors[std::string("net.") + kScaleFactor] = torch::tensor({m_scale}, torch::kFloat32);
    state.metadata["network"] = m_options.network.toJson().dump();
    return state;
}

void DiffusionTraining::restore(const nn::SafeTensors& state) {
    const Json network = Json::parse(training::stateText(state, "network"), nullptr, false);
    if (DenoiserOptions::fromJson(network) != m_options.network) training::throwOtherNetworks();
    nn::TensorMap weights = nn::withoutPrefix(state.tensors, "net.");
    const double scale = nn::entryOf(weights, kScaleFactor, {1}, "checkpoint").item<double>();
    weights.erase(kScaleFactor);
    m_network.load(weights);
    m_optimiser->restore(state);
    m_scale = scale;
}

void DiffusionTraining::startFrom(const nn::TensorMap& weights) {
    nn::TensorMap part = nn::withoutPrefix(weights, partName(m_options));
    if (part.empty()) part = weights;
    // Paper A drops the classes of the upsampler that it starts from.
    if (m_options.network.classes == 0) part.erase("label_emb.weight");
    part.erase(kScaleFactor);
    m_network.load(part);
    m_optimiser->restartAverage();
    if (const auto scale = weights.find(kScaleFactor); scale != weights.end() && scale->second.numel() == 1)
        m_scale = scale->second.item<double>();
}

void DiffusionTraining::setViews(const training::PhotoSet& photos) {
    m_views = training::readSquares(photos.files, m_options.validationImages, pictureSide());
    if (m_options.distanceImages > 0)
        m_distance = drawnDistance(m_options.data, m_options.distanceImages, m_options.threads, m_placement,
                                   m_noDistance);
}

Tensor DiffusionTraining::someClasses(std::int64_t count) const {
    const auto& network = m_options.network;
    if (network.classes == 0 || network.noneClass) return {};
    return torch::arange(count) % network.classes;
}

Tensor DiffusionTraining::drawn(const std::vector<at::Generator>& random, const Tensor& lows) {
    const Tensor noise = m_network.noiseOf(latentsOf(random, m_network.latent()));
    const Tensor x = m_network.sample(noise, random, lows, someClasses(noise.size(0)), 1, m_options.draw, {});
    if (!m_autoencoder) return x;
    return m_autoencoder->decodeSampled(x / m_scale);
}

std::optional<training::Validation> DiffusionTraining::validate() {
    if (m_views.empty()) return std::nullopt;
    const torch::NoGradGuard guard;
    const auto average = m_optimiser->useAverage();
    const auto seed = mixedSeed(training::seedOf(m_options), kHeldOutStream);
    double noise = 0, bound = 0;
    for (std::size_t i = 0; i < m_views.size(); ++i) {
        const at::Generator random = generatorOf(mixedSeed(seed, i));
        const auto loss = lossOf(sampleOf(m_views[i].to(m_placement.device), random), someClasses(1), random);
        noise += loss.noise.item<double>();
        if (loss.bound.defined()) bound += loss.bound.item<double>();
    }
    const auto n = static_cast<double>(m_views.size());
    training::Validation result;
    result.photographs = static_cast<int>(m_views.size());
    result.values = {{"val_loss_noise", noise / n}};
    if (m_options.network.learnedVariance) result.values.emplace_back("val_loss_bound", bound / n);
    if (m_distance) {
        std::uint64_t first = 0;
        for (auto& value : m_distance->measure([&](std::int64_t count) {
                 const auto random = generatorsOf(seed, first, count);
                 first += static_cast<std::uint64_t>(count);
                 return drawn(random, {});
             }))
            result.values.push_back(value);
    }
    return result;
}

std::optional<training::Samples> DiffusionTraining::samples() {
    const torch::NoGradGuard guard;
    const auto average = m_optimiser->useAverage();
    const auto seed = mixedSeed(training::seedOf(m_options), kShownStream);
    const int side = pictureSide();
    const bool enlarges = m_options.low > 0;
    training::Samples result{
        image::makeImage(static_cast<int>(kDrawnColumns) * side, static_cast<int>(kDrawnRows) * side, 3),
        {{"side", side}, {"rows", Json::array()}}};
    const auto paste = [&](const Tensor& pictures, std::int64_t row) {
        for (std::int64_t i = 0; i < pictures.size(0); ++i)
            training::paste(result.grid, pictures.slice(0, i, i + 1), static_cast<int>(i) * side,
                            static_cast<int>(row) * side);
    };
    for (std::int64_t row = 0; row < kDrawnRows; ++row) {
        result.record["rows"].push_back(Json::object());
        if (enlarges) {
            // Three pictures, each with what it was enlarged from.
            for (std::int64_t i = 0; i < kDrawnColumns / 2; ++i) {
                const auto at = static_cast<std::size_t>(row * kDrawnColumns / 2 + i);
                if (at >= m_views.size()) return result;
                const Tensor low = besideOf(m_views[at].to(m_placement.device));
                const Tensor high = drawn(generatorsOf(seed, at, 1), low);
                training::paste(result.grid, low, static_cast<int>(2 * i) * side,
                                static_cast<int>(row) * side);
                training::paste(result.grid, high, static_cast<int>(2 * i + 1) * side,
                                static_cast<int>(row) * side);
            }
        } else {
            paste(
                drawn(generatorsOf(seed, static_cast<std::uint64_t>(row * kDrawnColumns), kDrawnColumns), {}),
                row);
        }
    }
    return result;
}

std::optional<std::string> DiffusionTraining::advice(const Json& /*record*/) {
    if (m_noDistance.empty()) return std::nullopt;
    return std::exchange(m_noDistance, {});
}

void DiffusionTraining::writeModel(const std::filesystem::path& folder, const Json& origin) {
    const auto average = m_optimiser->useAverage();
    models::Manifest model;
    model.folder = folder;
    model.name = model.title = m_options.name;
    model.resolution = pictureSide();
    model.training = m_options.toJson();
    model.steps = stepsDone();
    model.run = origin;
    nn::TensorMap state;
    nn::addWithPrefix(state, m_network.state(), partName(m_options));
    std::int64_t parameters = m_network.parameterCount();
    DenoiserOptions latents = m_options.network;
    if (m_autoencoder) {
        model.arch = kLdmArch;
        LdmOptions ldm{
            .denoiser = m_options.network, .autoencoder = m_autoencoderOptions, .draw = m_options.draw};
        model.options = ldm.toJson();
        nn::addWithPrefix(state, nn::stateDict(*m_autoencoder), "autoencoder.");
        state[kScaleFactor] = torch::tensor({m_scale}, torch::kFloat32);
        parameters += nn::parameterCount(*m_autoencoder);
    } else {
        model.arch = kAdmArch;
        AdmOptions adm{.base = m_options.network, .baseDraw = m_options.draw};
        if (m_base) {
            adm = AdmOptions::fromJson(m_base->options);
            adm.upsampler = m_options.network;
            adm.upsamplerDraw = m_options.draw;
            const auto base = nn::withoutPrefix(generatorWeights(*m_base), "base.");
            nn::addWithPrefix(state, base, "base.");
            for (const auto& [name, tensor] : base) parameters += tensor.numel();
            latents = adm.base;
        }
        model.options = adm.toJson();
    }
    model.parameters = parameters;
    model.of = models::GeneratorFields{latents.channels * latents.side * latents.side};
    training::writeModelFolder(std::move(model), {{"generator"}, "signet-generator", state});
}

std::int64_t DiffusionTraining::parameterCount() const {
    return m_network.parameterCount();
}

}  // namespace signet::generators
