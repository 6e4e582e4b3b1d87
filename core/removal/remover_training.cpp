#include "core/removal/remover_training.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/random.h"
#include "core/examine/trial.h"
#include "core/nn/channels_last.h"
#include "core/nn/runtime.h"
#include "core/training/learning_rate.h"
#include "core/training/picture_tensors.h"

namespace signet::removal {

using torch::Tensor;

namespace {

constexpr std::size_t kSampleRows = 4;
constexpr double kSampleGain = 10;
constexpr double kHalfRange = 127.5;  ///< grey levels in a unit of [-1,1]
constexpr double kLeastError = 1e-9;  ///< squared grey levels, so that ratios stay finite
constexpr std::uint64_t kPairStream = 41;
constexpr std::uint64_t kViewStream = 42;

std::uint64_t seedOf(const RemoverTrainingOptions& options) {
    return static_cast<std::uint64_t>(options.seed);
}

/// Decides code and key of a pair. Not one of the small numbers that evaluations draw their codes by.
std::uint64_t pairSeed(const RemoverTrainingOptions& options, std::uint64_t stream, std::uint64_t number) {
    return StepRandom(seedOf(options), stream, number).bits();
}

}  // namespace

RemoverTraining::RemoverTraining(RemoverTrainingOptions options, examine::LoadedModel signer,
                                 training::Placement placement)
    : m_options(std::move(options)),
      m_placement(std::move(placement)),
      m_bf16(m_options.bf16 && nn::deviceHasBf16(m_placement.device)),
      m_signer(std::move(signer)),
      m_network(nullptr) {
    m_options.validate();
    m_signer.injector();  // throws where it signs nothing
    auto& group = *m_placement.group;
    if (m_options.batch % group.size() != 0)
        throw Error(
            ErrorCode::BadOption,
            fmt::format("a batch of {} images cannot be shared evenly by {} ranks: choose a batch (--set "
                        "batch=N) that their number divides",
                        m_options.batch, group.size()));
    torch::manual_seed(seedOf(m_options));
    m_network = nn::Restorer(m_options.network.widths);
    nn::keepChannelsLast(*m_network);
    m_network->to(m_placement.device);
    std::vector<std::pair<std::string, Tensor>> parameters;
    std::vector<Tensor> tensors;
    for (const auto& item : m_network->named_parameters()) {
        parameters.emplace_back(item.key(), item.value());
        tensors.push_back(item.value());
    }
    m_averaging = std::make_unique<training::GradientAveraging>(group, std::move(tensors), false);
    if (m_options.ema > 0) m_average = std::make_unique<training::WeightAverage>(parameters, m_options.ema);
    m_adam = std::make_unique<training::Adam>(
        std::move(parameters),
        training::AdamOptions{.learningRate = m_options.learningRate, .maxGradientNorm = m_options.clip});
}

training::LoaderOptions RemoverTraining::loaderOptions() const {
    training::LoaderOptions loader;
    loader.side = m_options.network.side;
    loader.batch = m_options.batch;
    loader.rank = m_placement.group->rank();
    loader.ranks = m_placement.group->size();
    loader.seed = seedOf(m_options);
    return loader;
}

RemoverTraining::Pairs RemoverTraining::pairOf(image::Image picture, std::uint64_t seed) {
    signature::EmbeddingOptions embedding;
    embedding.informed = m_options.informed;
    const auto key =
        m_options.key == "random" ? examine::drawnKey(seed, 0) : signature::SecretKey::publicDefault();
    const int side = picture.width;
    const int threads = at::get_num_threads();
    const auto trial = examine::signedTrial(m_signer, std::move(picture),
                                            examine::drawnCode(m_signer.injector().bits(), seed), embedding,
                                            m_options.threads, key);
    at::set_num_threads(threads);  // models set what they themselves have use for
    return {training::toSquare(trial.plain, side), training::toSquare(trial.marked, side)};
}

RemoverTraining::Pairs RemoverTraining::pairsOf(const Tensor& pictures) {
    const std::int64_t own = pictures.size(0);
    const auto first = m_step * static_cast<std::uint64_t>(m_options.batch) +
                       static_cast<std::uint64_t>(m_placement.group->rank() * own);
    std::vector<Tensor> originals, marked;
    for (std::int64_t i = 0; i < own; ++i) {
        Pairs pair = pairOf(training::toImage(pictures.slice(0, i, i + 1)),
                            pairSeed(m_options, kPairStream, first + static_cast<std::uint64_t>(i)));
        originals.push_back(std::move(pair.originals));
        marked.push_back(std::move(pair.marked));
    }
    return {torch::cat(originals).to(m_placement.device), torch::cat(marked).to(m_placement.device)};
}

training::StepResult RemoverTraining::step(const training::Batch& batch) {
    training::StepResult result;
    result.learningRate =
        m_options.learningRate *
        training::rateFactor({m_options.decayFrom, m_options.finalRate}, m_step, m_options.steps);
    const Pairs pairs = pairsOf(batch.images);
    m_adam->zeroGradient();
    Tensor change;
    {
        const nn::Bf16Guard guard(m_bf16, m_placement.device.type());
        change = m_network(nn::channelsLast(pairs.marked));
    }
    const Tensor taken = pairs.originals - pairs.marked;
    const Tensor loss = ((change.to(torch::kFloat32) - taken) * kHalfRange).square().mean();
    m_averaging->backward(loss);

    const Tensor norm = m_adam->gradientNorm();
    const Tensor before = (taken * kHalfRange).square().mean();
    const Tensor values = m_placement.group->mean(
        torch::stack({loss.detach(), before, norm.to(torch::kFloat32)}).to(torch::kCPU, torch::kFloat64));
    const double* value = values.const_data_ptr<double>();
    if (!std::isfinite(value[0]))
        throw Error(ErrorCode::Internal,
                    fmt::format("the loss term \"restoration\" is not finite at step {}: the run stops at "
                                "its last checkpoint; try a smaller learningRate",
                                m_step + 1));
    m_adam->step(result.learningRate, norm, value[2]);
    if (m_average) m_average->update();
    result.values = {
        {"loss_restoration", value[0]},
        {"gain_db", 10 * std::log10(std::max(kLeastError, value[1]) / std::max(kLeastError, value[0]))},
        {"gradient_norm", value[2]}};
    result.step = ++m_step;
    return result;
}

nn::SafeTensors RemoverTraining::state() {
    nn::SafeTensors all;
    nn::addWithPrefix(all.tensors, nn::stateDict(*m_network), "net.");
    nn::addWithPrefix(all.tensors, m_adam->state(), "adam.");
    if (m_average) nn::addWithPrefix(all.tensors, m_average->state(), "average.");
    for (auto& [name, tensor] : all.tensors) tensor = tensor.to(torch::kCPU);
    all.metadata = {{"step", std::to_string(m_step)}, {"network", m_options.network.toJson().dump()}};
    return all;
}

void RemoverTraining::restore(const nn::SafeTensors& state) {
    const auto text = [&](const char* key) {
        const auto at = state.metadata.find(key);
        if (at == state.metadata.end())
            throw Error(ErrorCode::Corrupt, fmt::format("the checkpoint lacks \"{}\"", key));
        return at->second;
    };
    if (RemoverOptions::fromJson(Json::parse(text("network"), nullptr, false)) != m_options.network)
        throw Error(
            ErrorCode::BadOption,
            "the checkpoint is of another network; resume it with the configuration it was started with");
    std::uint64_t step = 0;
    try {
        step = std::stoull(text("step"));
    } catch (const std::logic_error&) {
        throw Error(ErrorCode::Corrupt, "the checkpoint's state cannot be read");
    }
    nn::loadStateDict(*m_network, nn::withoutPrefix(state.tensors, "net."));
    m_adam->load(nn::withoutPrefix(state.tensors, "adam."));
    if (m_average) m_average->load(nn::withoutPrefix(state.tensors, "average."));
    m_step = step;
}

void RemoverTraining::startFrom(const nn::TensorMap& weights) {
    nn::loadStateDict(*m_network, weights);
    if (m_average) m_average->reset();
}

void RemoverTraining::setViews(const training::PhotoSet& photos) {
    m_views.clear();
    for (const auto i : training::evenlySpread(photos.files.size(), m_options.validationImages)) {
        Tensor picture;
        try {
            picture = training::readSquare(photos.files[i], m_options.network.side);
        } catch (const Error&) {  // the loader names the files that cannot be read
            continue;
        }
        m_views.push_back(
            pairOf(training::toImage(picture), pairSeed(m_options, kViewStream, m_views.size())));
    }
}

Tensor RemoverTraining::restored(const Tensor& marked) {
    const torch::NoGradGuard guard;
    const auto change = m_network(nn::channelsLast(marked.to(m_placement.device)));
    return (marked + change.to(torch::kCPU, torch::kFloat32)).clamp(-1, 1);
}

std::optional<training::Validation> RemoverTraining::validate() {
    if (m_views.empty()) return std::nullopt;
    const training::WeightAverage::InUse average(m_average.get());
    double before = 0, after = 0;
    for (const Pairs& view : m_views) {
        before += training::psnrDb(view.originals, view.marked);
        after += training::psnrDb(view.originals, restored(view.marked));
    }
    const auto n = static_cast<double>(m_views.size());
    training::Validation result;
    result.photographs = static_cast<int>(m_views.size());
    result.values = {{"val_gain_db", (after - before) / n}, {"val_psnr_db", after / n}};
    return result;
}

std::optional<training::Samples> RemoverTraining::samples() {
    const std::size_t rows = std::min(kSampleRows, m_views.size());
    if (rows == 0) return std::nullopt;
    const training::WeightAverage::InUse average(m_average.get());
    const int side = m_options.network.side;
    training::Samples result{image::makeImage(4 * side, static_cast<int>(rows) * side, 3),
                             {{"side", side}, {"rows", Json::array()}}};
    for (std::size_t i = 0; i < rows; ++i) {
        const auto& [original, marked] = m_views[i];
        const Tensor after = restored(marked);
        const int y = static_cast<int>(i) * side;
        training::paste(result.grid, original, 0, y);
        training::paste(result.grid, after, side, y);
        training::paste(result.grid, (marked - original) * kSampleGain, 2 * side, y);
        training::paste(result.grid, (after - original) * kSampleGain, 3 * side, y);
        result.record["rows"].push_back({{"signed_db", training::psnrDb(original, marked)},
                                         {"restored_db", training::psnrDb(original, after)}});
    }
    return result;
}

void RemoverTraining::writeModel(const std::filesystem::path& folder, const Json& origin) {
    const training::WeightAverage::InUse average(m_average.get());
    std::filesystem::create_directories(folder);
    const Bytes weights = nn::serializeSafeTensors(
        nn::stateDict(*m_network), {{"format", "signet-remover"}, {"steps", std::to_string(m_step)}});
    writeFileAtomically(folder / "weights.safetensors", weights, IfExists::Replace);
    models::Manifest manifest;
    manifest.folder = folder;
    manifest.name = manifest.title = m_options.name;
    manifest.arch = "restorer";
    manifest.setWeights({{{"restorer"}, "weights.safetensors", sha256Hex(weights)}});
    manifest.parameters = parameterCount();
    manifest.resolution = m_options.network.side;
    manifest.of = models::RemoverFields{m_signer.manifest.name, m_signer.manifest.weightsSha256,
                                        m_signer.injector().isKeyed() ? m_options.key : "none"};
    manifest.options = m_options.network.toJson();
    manifest.training = m_options.toJson();
    manifest.steps = m_step;
    manifest.run = origin;
    models::saveManifest(manifest);
}

std::int64_t RemoverTraining::parameterCount() const {
    return nn::parameterCount(*m_network);
}

}  // namespace signet::removal
