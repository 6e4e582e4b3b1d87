#include "core/baselines/artificial_fingerprint_training.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include <algorithm>
#include <utility>

#include "core/base/random.h"
#include "core/training/batch_share.h"
#include "core/training/model_folder.h"
#include "core/training/picture_tensors.h"

namespace signet::baselines {

using torch::Tensor;

namespace {

constexpr std::size_t kStampRows = 6;       ///< of samples
constexpr std::size_t kStampedAtOnce = 32;  ///< pictures of a validation
constexpr std::uint64_t kStampViewStream = 72;
constexpr std::uint64_t kReadPatience = 2000;  ///< steps after which bits that are not read are worth a word
constexpr const char* kSinceRead = "since_read";  ///< in a state's metadata; without it they never were

ArtificialFingerprintNetworks seededStamper(const ArtificialFingerprintTrainingOptions& options) {
    options.validate();
    torch::manual_seed(training::seedOf(options));
    return ArtificialFingerprintNetworks(options.network);
}

/// [count,bits] of 0 and 1, on the CPU.
Tensor drawnStampCodes(std::int64_t count, int bits, std::uint64_t seed) {
    return torch::randint(2, {count, bits}, at::make_generator<at::CPUGeneratorImpl>(seed), torch::kFloat32);
}

/// [B,bits]: 1 where a bit is read as it is.
Tensor readRight(const Tensor& logits, const Tensor& codes) {
    return ((logits > 0) == (codes > 0.5)).to(torch::kFloat32);
}

/// Mean squared error in [0,1] of pictures in [-1,1].
Tensor pictureError(const Tensor& pictures, const Tensor& originals) {
    return ((pictures - originals) / 2).square().mean();
}

}  // namespace

ArtificialFingerprintTraining::ArtificialFingerprintTraining(ArtificialFingerprintTrainingOptions options,
                                                             training::Placement placement)
    : m_options(std::move(options)), m_placement(std::move(placement)), m_networks(seededStamper(m_options)) {
    auto& group = *m_placement.group;
    training::requireEvenShare(m_options, group);
    m_networks.to(m_placement.device);
    m_optimiser =
        std::make_unique<training::Optimiser>(m_networks.parameters(), m_options, m_options.steps, group);
}

training::LoaderOptions ArtificialFingerprintTraining::loaderOptions() const {
    return training::loaderOfShare(m_options, *m_placement.group, m_options.network.side);
}

double ArtificialFingerprintTraining::pictureWeight() const {
    if (!m_sinceRead) return 0;
    const double share = (static_cast<double>(*m_sinceRead) - m_options.pictureDelay) / m_options.pictureRamp;
    return m_options.pictureWeight * std::clamp(share, 0.0, 1.0);
}

training::StepResult ArtificialFingerprintTraining::step(const training::Batch& batch) {
    auto& group = *m_placement.group;
    StepRandom random = training::stepRandom(training::seedOf(m_options), stepsDone());
    training::StepResult result;
    result.learningRate = m_optimiser->learningRate();
    m_optimiser->zeroGradient();
    const Tensor pictures = batch.images.to(m_placement.device);
    const std::int64_t first = group.rank() * pictures.size(0);
    const Tensor codes = drawnStampCodes(m_options.batch, m_options.network.bits, random.bits())
                             .slice(0, first, first + pictures.size(0))
                             .to(m_placement.device);
    const double weight = pictureWeight();
    const Tensor stamped = m_networks.stamp(pictures, codes);
    const Tensor logits = m_networks.decode(stamped);
    const Tensor bits = torch::binary_cross_entropy_with_logits(logits, codes);
    const Tensor error = pictureError(stamped, pictures);
    m_optimiser->backward(bits + error * weight);

    const Tensor norm = m_optimiser->gradientNorm();
    const Tensor right = readRight(logits, codes).mean();
    const Tensor values =
        group.mean(torch::stack({bits.detach(), error.detach(), right, norm.to(torch::kFloat32)})
                       .to(torch::kCPU, torch::kFloat64));
    const double* value = values.const_data_ptr<double>();
    m_optimiser->requireFinite("bits", value[0]);
    m_optimiser->requireFinite("picture", value[1]);
    m_optimiser->step(norm, value[3]);
    if (m_sinceRead)
        ++*m_sinceRead;
    else if (value[2] > m_options.readAt)
        m_sinceRead = 0;
    result.values = {{"loss_bits", value[0]},
                     {"loss_picture", value[1]},
                     {"picture_weight", weight},
                     {"bit_accuracy", value[2]},
                     {"gradient_norm", value[3]}};
    result.step = stepsDone();
    return result;
}

nn::SafeTensors ArtificialFingerprintTraining::state() {
    nn::SafeTensors state = m_optimiser->stateWith(m_networks.state());
    state.metadata["network"] = m_options.network.toJson().dump();
    if (m_sinceRead) state.metadata[kSinceRead] = std::to_string(*m_sinceRead);
    return state;
}

void ArtificialFingerprintTraining::restore(const nn::SafeTensors& state) {
    const Json network = Json::parse(training::stateText(state, "network"), nullptr, false);
    if (ArtificialFingerprintOptions::fromJson(network) != m_options.network) training::throwOtherNetworks();
    std::optional<std::uint64_t> sinceRead;
    if (state.metadata.contains(kSinceRead)) sinceRead = training::stateNumber(state, kSinceRead);
    m_networks.load(nn::withoutPrefix(state.tensors, "net."));
    m_optimiser->restore(state);
    m_sinceRead = sinceRead;
}

void ArtificialFingerprintTraining::startFrom(const nn::TensorMap& weights) {
    m_networks.load(weights);
    m_optimiser->restartAverage();
}

void ArtificialFingerprintTraining::setViews(const training::PhotoSet& photos) {
    m_views = training::readSquares(photos.files, m_options.validationImages, m_options.network.side);
}

ArtificialFingerprintTraining::Stamped ArtificialFingerprintTraining::stampedViews(std::size_t begin,
                                                                                   std::size_t end) {
    const torch::NoGradGuard guard;
    Stamped all;
    const auto at = [&](std::size_t i) { return m_views.begin() + static_cast<std::ptrdiff_t>(i); };
    all.originals = torch::cat(std::vector<Tensor>(at(begin), at(end)));
    // A view has the same code always, however many there are.
    all.codes = drawnStampCodes(static_cast<std::int64_t>(end), m_options.network.bits,
                                mixedSeed(training::seedOf(m_options), kStampViewStream))
                    .slice(0, static_cast<std::int64_t>(begin));
    const Tensor saved = training::asSaved(
        m_networks.stamp(all.originals.to(m_placement.device), all.codes.to(m_placement.device)));
    all.logits = m_networks.decode(saved).to(torch::kCPU);
    all.pictures = saved.to(torch::kCPU);
    return all;
}

std::optional<training::Validation> ArtificialFingerprintTraining::validate() {
    if (m_views.empty()) return std::nullopt;
    const auto average = m_optimiser->useAverage();
    const auto count = static_cast<double>(m_views.size());
    double right = 0, whole = 0, entropy = 0, error = 0, psnr = 0;
    for (std::size_t begin = 0; begin < m_views.size(); begin += kStampedAtOnce) {
        const std::size_t end = std::min(begin + kStampedAtOnce, m_views.size());
        const double share = static_cast<double>(end - begin) / count;
        const auto [originals, pictures, codes, logits] = stampedViews(begin, end);
        const Tensor isRight = readRight(logits, codes);
        right += share * isRight.mean().item<double>();
        whole += isRight.amin({1}).sum().item<double>() / count;
        entropy += share * torch::binary_cross_entropy_with_logits(logits, codes).item<double>();
        error += share * pictureError(pictures, originals).item<double>();
        for (std::int64_t i = 0; i < pictures.size(0); ++i)
            psnr += training::psnrDb(originals[i], pictures[i]) / count;
    }
    training::Validation result;
    result.photographs = static_cast<int>(m_views.size());
    result.values = {{"val_loss", entropy + m_options.pictureWeight * error},
                     {"val_bit_accuracy", right},
                     {"val_whole_codes", whole},
                     {"val_psnr_db", psnr}};
    return result;
}

std::optional<training::Samples> ArtificialFingerprintTraining::samples() {
    const std::size_t rows = std::min(kStampRows, m_views.size());
    if (rows == 0) return std::nullopt;
    const auto average = m_optimiser->useAverage();
    const auto [originals, pictures, codes, logits] = stampedViews(0, rows);
    const Tensor isRight = readRight(logits, codes);
    const int side = m_options.network.side;
    training::Samples result{image::makeImage(3 * side, static_cast<int>(rows) * side, 3),
                             {{"side", side}, {"rows", Json::array()}}};
    for (std::size_t i = 0; i < rows; ++i) {
        const auto row = static_cast<std::int64_t>(i);
        const Tensor original = originals.slice(0, row, row + 1), stamped = pictures.slice(0, row, row + 1);
        const int y = static_cast<int>(i) * side;
        training::paste(result.grid, original, 0, y);
        training::paste(result.grid, stamped, side, y);
        training::paste(result.grid, (stamped - original) * training::kShownGain, 2 * side, y);
        result.record["rows"].push_back({{"bit_accuracy", isRight[row].mean().item<double>()},
                                         {"psnr_db", training::psnrDb(original, stamped)}});
    }
    return result;
}

std::optional<std::string> ArtificialFingerprintTraining::advice(const Json& record) {
    if (m_sinceRead || stepsDone() < kReadPatience || record.value("bit_accuracy", 1.0) > 0.55)
        return std::nullopt;
    return "The bits are not read yet: try a larger learningRate, or fewer bits.";
}

void ArtificialFingerprintTraining::writeModel(const std::filesystem::path& folder, const Json& origin) {
    const auto average = m_optimiser->useAverage();
    models::Manifest model;
    model.folder = folder;
    model.name = model.title = m_options.name;
    model.arch = "artificial-fingerprint";
    model.parameters = parameterCount();
    model.resolution = m_options.network.side;
    model.of = models::StamperFields{m_options.network.bits};
    model.options = m_options.network.toJson();
    model.training = m_options.toJson();
    model.steps = stepsDone();
    model.run = origin;
    training::writeModelFolder(std::move(model),
                               {{"encoder", "decoder"}, "signet-stamper", m_networks.state()});
}

std::int64_t ArtificialFingerprintTraining::parameterCount() const {
    std::int64_t count = 0;
    for (const auto& [name, parameter] : m_networks.parameters()) count += parameter.numel();
    return count;
}

}  // namespace signet::baselines
