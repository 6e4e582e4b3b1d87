#include "core/removal/remover_training.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/examine/trial.h"
#include "core/nn/image_random.h"
#include "core/nn/runtime.h"
#include "core/nn/threads.h"
#include "core/training/batch_share.h"
#include "core/training/model_folder.h"
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

/// Decides code and key of a pair. Not one of the small numbers that evaluations draw their codes by.
std::uint64_t pairSeed(const RemoverTrainingOptions& options, std::uint64_t stream, std::uint64_t number) {
    return StepRandom(training::seedOf(options), stream, number).bits();
}

}  // namespace

RemoverTraining::RemoverTraining(RemoverTrainingOptions options, examine::LoadedModel signer,
                                 training::Placement placement)
    : m_options(std::move(options)),
      m_placement(std::move(placement)),
      m_bf16(m_options.bf16 && nn::deviceHasBf16(m_placement.device)),
      m_signer(std::move(signer)) {
    m_options.validate();
    m_signer.injector();  // throws where it signs nothing
    auto& group = *m_placement.group;
    training::requireEvenShare(m_options, group);
    torch::manual_seed(training::seedOf(m_options));
    m_network.emplace(m_options.network);
    m_network->module().to(m_placement.device);
    nn::NamedParameters parameters;
    nn::addParameters(parameters, m_network->module(), "");
    m_optimiser = std::make_unique<training::Optimiser>(parameters, m_options, m_options.steps, group);
}

training::LoaderOptions RemoverTraining::loaderOptions() const {
    return training::loaderOfShare(m_options, *m_placement.group, m_options.network.side);
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
    nn::useThreads(threads);  // models set what they themselves have use for
    return {training::toSquare(trial.plain, side), training::toSquare(trial.marked, side)};
}

RemoverTraining::Pairs RemoverTraining::pairsOf(const Tensor& pictures) {
    const std::int64_t own = pictures.size(0);
    const auto first = stepsDone() * static_cast<std::uint64_t>(m_options.batch) +
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
    result.learningRate = m_optimiser->learningRate();
    const Pairs pairs = pairsOf(batch.images);
    m_optimiser->zeroGradient();
    auto& module = m_network->module();
    module.train();
    StepRandom random = training::stepRandom(training::seedOf(m_options), stepsDone());
    nn::reseedDropout(module, random.bits(), m_placement.group->rank() * batch.images.size(0));
    Tensor change;
    {
        const nn::Bf16Guard guard(m_bf16, m_placement.device.type());
        change = m_network->change(pairs.marked);
    }
    const Tensor taken = pairs.originals - pairs.marked;
    const Tensor loss = ((change.to(torch::kFloat32) - taken) * kHalfRange).square().mean();
    m_optimiser->backward(loss);
    module.eval();

    const Tensor norm = m_optimiser->gradientNorm();
    const Tensor before = (taken * kHalfRange).square().mean();
    const Tensor values = m_placement.group->mean(
        torch::stack({loss.detach(), before, norm.to(torch::kFloat32)}).to(torch::kCPU, torch::kFloat64));
    const double* value = values.const_data_ptr<double>();
    m_optimiser->requireFinite("restoration", value[0]);
    m_optimiser->step(norm, value[2]);
    result.values = {
        {"loss_restoration", value[0]},
        {"gain_db", 10 * std::log10(std::max(kLeastError, value[1]) / std::max(kLeastError, value[0]))},
        {"gradient_norm", value[2]}};
    result.step = stepsDone();
    return result;
}

nn::SafeTensors RemoverTraining::state() {
    nn::SafeTensors state = m_optimiser->stateWith(nn::stateDict(m_network->module()));
    state.metadata["network"] = m_options.network.toJson().dump();
    return state;
}

void RemoverTraining::restore(const nn::SafeTensors& state) {
    const Json network = Json::parse(training::stateText(state, "network"), nullptr, false);
    if (RemoverOptions::fromJson(network) != m_options.network) training::throwOtherNetworks();
    nn::loadStateDict(m_network->module(), nn::withoutPrefix(state.tensors, "net."));
    m_optimiser->restore(state);
}

void RemoverTraining::startFrom(const nn::TensorMap& weights) {
    nn::loadStateDict(m_network->module(), weights);
    m_optimiser->restartAverage();
}

void RemoverTraining::setViews(const training::PhotoSet& photos) {
    m_views.clear();
    for (const auto& picture :
         training::readSquares(photos.files, m_options.validationImages, m_options.network.side))
        m_views.push_back(
            pairOf(training::toImage(picture), pairSeed(m_options, kViewStream, m_views.size())));
}

Tensor RemoverTraining::restored(const Tensor& marked) {
    const torch::NoGradGuard guard;
    const auto change = m_network->change(marked.to(m_placement.device));
    return (marked + change.to(torch::kCPU, torch::kFloat32)).clamp(-1, 1);
}

std::optional<training::Validation> RemoverTraining::validate() {
    if (m_views.empty()) return std::nullopt;
    const auto average = m_optimiser->useAverage();
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
    const auto average = m_optimiser->useAverage();
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
    const auto average = m_optimiser->useAverage();
    models::Manifest model;
    model.folder = folder;
    model.name = model.title = m_options.name;
    model.arch = m_options.network.arch;
    model.parameters = parameterCount();
    model.resolution = m_options.network.side;
    model.of = models::RemoverFields{m_signer.manifest.name, m_signer.manifest.weightsSha256,
                                     m_signer.injector().isKeyed() ? m_options.key : "none"};
    model.options = m_options.network.toJson();
    model.training = m_options.toJson();
    model.steps = stepsDone();
    model.run = origin;
    training::writeModelFolder(std::move(model),
                               {{"restorer"}, "signet-remover", nn::stateDict(m_network->module())});
}

std::int64_t RemoverTraining::parameterCount() const {
    return nn::parameterCount(m_network->module());
}

}  // namespace signet::removal
