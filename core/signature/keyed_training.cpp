#include "core/signature/keyed_training.h"

#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/attacks/tensor_attacks.h"
#include "core/metrics/visible_difference.h"
#include "core/nn/runtime.h"
#include "core/signature/falling_level.h"
#include "core/signature/keyed_model.h"
#include "core/signature/payload_code.h"
#include "core/signature/running.h"
#include "core/signature/working_size.h"
#include "core/training/batch_share.h"
#include "core/training/model_folder.h"
#include "core/training/picture_tensors.h"

namespace signet::signature {

using attacks::PhotometricAttack;
using torch::Tensor;

namespace {

constexpr int kSampleRows = 4;
constexpr double kSyncWeight = 0.5;
constexpr double kWellAbove = 0.06;
constexpr double kScaleJitter = 0.002;  ///< of the geometry a view is laid out by, and of its rotation (rad)
constexpr std::uint64_t kViewStream = 31;

/// What a view is attacked with; codecs stand for half of the draws, since every picture meets one, and AVIF
/// for as many as JPEG, since it leaves least of the carrier.
constexpr std::array kKeyedAttacks{
    PhotometricAttack::None,       PhotometricAttack::Jpeg,     PhotometricAttack::Jpeg,
    PhotometricAttack::Jpeg,       PhotometricAttack::WebP,     PhotometricAttack::WebP,
    PhotometricAttack::Avif,       PhotometricAttack::Avif,     PhotometricAttack::Avif,
    PhotometricAttack::Noise,      PhotometricAttack::Blur,     PhotometricAttack::Resize,
    PhotometricAttack::Brightness, PhotometricAttack::Contrast, PhotometricAttack::Saturation,
    PhotometricAttack::Hue,        PhotometricAttack::Gamma,    PhotometricAttack::Posterise};

}  // namespace

KeyedTraining::KeyedTraining(KeyedTrainingOptions options, training::Placement placement)
    : m_options(std::move(options)),
      m_placement(std::move(placement)),
      m_bf16(m_options.bf16 && nn::deviceHasBf16(m_placement.device)) {
    m_options.validate();
    training::requireEvenShare(m_options, *m_placement.group);
    torch::manual_seed(training::seedOf(m_options));
    m_level = m_options.startLevel;
    m_modes = bandModes(m_options.network.carrier).to(m_placement.device);
    m_networks = std::make_unique<KeyedNetworks>(m_options.network);
    m_networks->to(m_placement.device);
    m_networks->train(true);
    nn::NamedParameters parameters;
    nn::addParameters(parameters, *m_networks->injector(), "injector.");
    nn::addParameters(parameters, *m_networks->extractor(), "extractor.");
    m_optimiser =
        std::make_unique<training::Optimiser>(parameters, m_options, m_options.steps, *m_placement.group);
}

training::LoaderOptions KeyedTraining::loaderOptions() const {
    return training::loaderOfShare(m_options, *m_placement.group, m_options.side);
}

KeyedTraining::Pass KeyedTraining::pass(const Tensor& pictures, const ImageShare& share, bool attacked,
                                        StepRandom& random) {
    const auto& network = m_options.network;
    const auto device = m_placement.device;
    const std::int64_t chips = network.carrier.chips;
    // Everything is drawn for all images, so that any number of processes draws alike.
    const auto own = [&](const Tensor& t) { return t.slice(0, share.first, share.first + share.own); };
    auto signs = torch::empty({share.all, network.bits});
    for (std::int64_t i = 0; i < signs.numel(); ++i)
        signs.data_ptr<float>()[i] = random.chance(0.5) ? 1.0f : -1.0f;
    signs = own(signs).to(device);
    const auto patterns =
        drawPatterns(share.own, m_modes.size(0), network.bits, random.bits(), share.first).to(device);
    const auto carrier = layOut(carrierOf(patterns, signs), m_modes, network.carrier, chips, chips);

    Pass result;
    {
        const nn::Bf16Guard guard(m_bf16, device.type());
        result.residual = m_networks->residual(pictures, carrier, m_level);
    }
    result.signedPictures =
        attacks::quantizeStraightThrough(added(pictures, result.residual).clamp(-1, 1), false);

    auto shown = result.signedPictures;
    auto maps = torch::eye(3).repeat({share.all, 1, 1});
    auto error = torch::zeros({share.all, 2, 3});
    if (attacked) {
        shown = attackViews(shown, share, kKeyedAttacks, m_options.earlyAttack, 0, random);
        maps = drawViews(share.all, {}, random);
        shown = showViews(shown, pictures.roll(1, 0), own(maps));
        shown = attackViews(shown, share, kKeyedAttacks, 1, m_options.secondAttack, random);
        for (std::int64_t i = 0; i < share.all; ++i) {
            for (std::int64_t row = 0; row < 2; ++row) {
                for (std::int64_t column = 0; column < 2; ++column)
                    error[i][row][column] = random.normal() * kScaleJitter;
                error[i][row][2] = random.normal() * m_options.jitter;
            }
        }
    }
    Tensor estimate;
    {
        const nn::Bf16Guard guard(m_bf16, device.type());
        estimate = m_networks->estimate(shown);
    }
    const auto places =
        chipPlaces(own(maps), own(error), estimate.size(2), estimate.size(3), static_cast<double>(chips));
    const auto coefficients =
        torch::matmul(fold(estimate, places, network.carrier.tile), m_modes.t()) / network.carrier.tile;
    const auto logits = torch::matmul(coefficients.unsqueeze(1), patterns).squeeze(1);  // [B,1 + bits]
    const auto bits = logits.slice(1, 1);
    result.loss = torch::softplus(-bits * signs).mean();
    result.syncLoss = torch::softplus(-logits.select(1, 0)).mean();
    result.accuracy = ((bits > 0) == (signs > 0)).to(torch::kFloat32).mean(1).detach();
    return result;
}

training::StepResult KeyedTraining::step(const training::Batch& batch) {
    auto& group = *m_placement.group;
    StepRandom random = training::stepRandom(training::seedOf(m_options), stepsDone());
    training::StepResult result;
    result.learningRate = m_optimiser->learningRate();
    m_networks->train(true);
    m_optimiser->zeroGradient();
    const auto pictures = batch.images.to(m_placement.device);
    const ImageShare share{m_options.batch, group.rank() * pictures.size(0), pictures.size(0)};
    const Pass done = pass(pictures, share, m_open, random);
    m_optimiser->backward(done.loss + kSyncWeight * done.syncLoss);

    const Tensor norm = m_optimiser->gradientNorm();
    const Tensor readable = (done.accuracy >= m_options.readable).to(torch::kFloat32).mean();
    const Tensor error = done.residual.detach().square().mean();
    const Tensor values =
        group.mean(torch::stack({done.loss.detach(), done.syncLoss.detach(), done.accuracy.mean(), readable,
                                 error, norm.to(torch::kFloat32)})
                       .to(torch::kCPU, torch::kFloat64));
    const double* value = values.const_data_ptr<double>();
    m_optimiser->requireFinite("bits", value[0]);
    m_optimiser->requireFinite("sync", value[1]);
    m_optimiser->step(norm, value[5]);
    climbDown(value[2], value[3]);
    result.values = {
        {"loss_bits", value[0]},    {"loss_sync", value[1]},
        {"accuracy", m_accuracy},   {"readable", m_readable},
        {"level", m_level},         {"residual_db", 10 * std::log10(4 / std::max(1e-12, value[4]))},
        {"gradient_norm", value[5]}};
    result.step = stepsDone();
    return result;
}

void KeyedTraining::climbDown(double accuracy, double readable) {
    remember(m_accuracy, accuracy);
    remember(m_readable, readable);
    if (!m_open) {
        m_open = m_accuracy > m_options.openAccuracy;
        return;
    }
    m_level = fallenLevel(m_level, m_readable,
                          {.hold = m_options.hold,
                           .wellAbove = kWellAbove,
                           .fall = m_options.fall,
                           .fastFall = m_options.fastFall,
                           .lastLevel = m_options.lastLevel});
    m_networks->setLevel(m_level);
}

nn::SafeTensors KeyedTraining::state() {
    nn::SafeTensors state = m_optimiser->stateWith(m_networks->state());
    const Json ladder = {
        {"level", m_level}, {"accuracy", m_accuracy}, {"readable", m_readable}, {"open", m_open}};
    state.metadata["ladder"] = ladder.dump();
    state.metadata["network"] = m_options.network.toJson().dump();
    return state;
}

void KeyedTraining::restore(const nn::SafeTensors& state) {
    const Json network = Json::parse(training::stateText(state, "network"), nullptr, false);
    if (!KeyedOptions::fromJson(network).sameNetworks(m_options.network)) training::throwOtherNetworks();
    double level = 0, accuracy = 0, readable = 0;
    bool open = false;
    try {
        const Json ladder = Json::parse(training::stateText(state, "ladder"));
        level = ladder.at("level").get<double>();
        accuracy = ladder.at("accuracy").get<double>();
        readable = ladder.at("readable").get<double>();
        open = ladder.at("open").get<bool>();
    } catch (const Json::exception&) {
        training::throwUnreadableState();
    }
    m_networks->load(nn::withoutPrefix(state.tensors, "net."));
    m_optimiser->restore(state);
    m_level = level;
    m_accuracy = accuracy;
    m_readable = readable;
    m_open = open;
    m_networks->setLevel(m_level);
}

void KeyedTraining::startFrom(const nn::TensorMap& weights) {
    m_networks->load(weights);
    m_open = true;  // it reads already
    m_accuracy = m_options.openAccuracy;
    m_optimiser->restartAverage();
}

void KeyedTraining::setViews(const training::PhotoSet& photos) {
    m_views.clear();
    for (const auto& view : training::readSquares(photos.files, m_options.validationImages, m_options.side))
        m_views.push_back(view.to(m_placement.device));
}

std::optional<training::Validation> KeyedTraining::validate() {
    if (m_views.size() < 2) return std::nullopt;
    const torch::NoGradGuard guard;
    const auto average = m_optimiser->useAverage();
    m_networks->train(false);
    StepRandom random(training::seedOf(m_options), kViewStream, 0);  // always the same views
    const auto count = static_cast<std::int64_t>(m_views.size());
    const auto pictures = torch::cat(m_views);
    const Pass done = pass(pictures, {count, 0, count}, true, random);
    m_networks->train(true);
    double psnr = 0, visible = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto before = pictures.slice(0, i, i + 1), after = done.signedPictures.slice(0, i, i + 1);
        psnr += training::psnrDb(before, after);
        visible += metrics::visibleDifference(training::toImage(before), training::toImage(after)).p99;
    }
    const auto n = static_cast<double>(count);
    const double readable = (done.accuracy >= m_options.readable).to(torch::kFloat32).mean().item<double>();
    training::Validation result;
    result.photographs = static_cast<int>(count);
    result.values = {{"val_readable", readable},
                     {"val_bit_accuracy", done.accuracy.mean().item<double>()},
                     {"val_visible_p99", visible / n},
                     {"val_psnr_db", psnr / n},
                     {"val_score", -20 * std::log10(m_level) - 40 * (1 - readable)}};
    return result;
}

std::optional<training::Samples> KeyedTraining::samples() {
    const auto rows = std::min<std::int64_t>(kSampleRows, static_cast<std::int64_t>(m_views.size()));
    if (rows < 2) return std::nullopt;
    const torch::NoGradGuard guard;
    const auto average = m_optimiser->useAverage();
    m_networks->train(false);
    StepRandom random(training::seedOf(m_options), kViewStream, 1);
    const auto pictures = torch::cat(std::vector<Tensor>(m_views.begin(), m_views.begin() + rows));
    const Pass done = pass(pictures, {rows, 0, rows}, false, random);
    m_networks->train(true);
    const int side = m_options.side;
    training::Samples result{image::makeImage(3 * side, static_cast<int>(rows) * side, 3),
                             {{"side", side}, {"rows", Json::array()}}};
    for (std::int64_t i = 0; i < rows; ++i) {
        const auto before = pictures.slice(0, i, i + 1), after = done.signedPictures.slice(0, i, i + 1);
        const int y = static_cast<int>(i) * side;
        training::paste(result.grid, before, 0, y);
        training::paste(result.grid, after, side, y);
        training::paste(result.grid, (after - before) * training::kShownGain, 2 * side, y);
        result.record["rows"].push_back(
            {{"psnr_db", training::psnrDb(before, after)},
             {"visible_p99",
              metrics::visibleDifference(training::toImage(before), training::toImage(after)).p99},
             {"bits_right", std::lround(done.accuracy[i].item<double>() * m_options.network.bits)},
             {"bits", m_options.network.bits}});
    }
    return result;
}

std::optional<std::string> KeyedTraining::advice(const Json& record) {
    constexpr std::uint64_t kPatience = 1000;
    if (m_open || record.value("step", std::uint64_t{0}) < kPatience) return std::nullopt;
    return "the carrier is not read yet, though without attacks it takes some 100 steps: try a higher "
           "startLevel";
}

void KeyedTraining::writeModel(const std::filesystem::path& folder, const Json& origin) {
    const auto average = m_optimiser->useAverage();
    models::Manifest model;
    model.folder = folder;
    model.name = model.title = m_options.name;
    model.arch = kKeyedArch;
    model.parameters = parameterCount();
    model.resolution = m_options.network.carrier.chips;
    model.of = models::SignatureFields{PayloadCode::kPayloadBits, 0};
    model.options = m_networks->options().toJson();
    model.training = m_options.toJson();
    model.steps = stepsDone();
    model.run = origin;
    training::writeModelFolder(std::move(model),
                               {{"injector", "extractor"}, "signet-keyed", m_networks->state()});
}

std::int64_t KeyedTraining::parameterCount() const {
    return nn::parameterCount(*m_networks->injector()) + nn::parameterCount(*m_networks->extractor());
}

std::vector<training::Metric> KeyedTraining::metrics() {
    using training::Metric;
    using Unit = Metric::Unit;
    using Better = Metric::Better;
    return {{"val_readable", "Validation: readable views", Unit::Share, Better::Larger, 1},
            {"val_bit_accuracy", "Validation: bit accuracy", Unit::Share, Better::Larger},
            {"val_visible_p99", "Validation: CIEDE2000, 99 % quantile", Unit::Number, Better::Smaller, 2},
            {"val_psnr_db", "Validation: PSNR (dB)", Unit::Decibel, Better::Larger},
            {"val_score", "Validation: score (dB)", Unit::Decibel, Better::Larger, 0, true},
            {"readable", "Readable views", Unit::Share, Better::Larger, 1},
            {"accuracy", "Bit accuracy", Unit::Share, Better::Larger},
            {"level", "Visibility (grey levels)", Unit::Number, Better::Smaller, 2},
            {"residual_db", "PSNR of the residual (dB)", Unit::Decibel, Better::Larger},
            {"loss_bits", "Loss: bits", Unit::Number, Better::Smaller},
            {"loss_sync", "Loss: synchronisation", Unit::Number, Better::Smaller},
            {"gradient_norm", "Gradient norm"}};
}

}  // namespace signet::signature
