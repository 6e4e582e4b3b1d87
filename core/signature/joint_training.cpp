#include "core/signature/joint_training.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/attacks/tensor_attacks.h"
#include "core/base/error.h"
#include "core/nn/image_random.h"
#include "core/nn/runtime.h"
#include "core/signature/geometry.h"

namespace signet::signature {

using torch::Tensor;
using torch::indexing::Slice;

namespace {

constexpr std::uint64_t kStepStream = 1;
constexpr std::uint64_t kAttackStream = 2;
constexpr double kMemory = 0.97;            ///< of the running accuracies
constexpr double kAlignmentJitter = 0.018;  ///< of the maps the reader learns to read at, [-1,1] units
constexpr double kReadable = 0.06;          ///< mean misplacement up to which the reader is asked for bits
constexpr double kUnreadable = 0.12;        ///< from which a reading counts as none
constexpr double kLocatable = 0.5;          ///< up to which it is asked for the correction
constexpr double kRefineShare = 0.3;        ///< of the locating loss for the reader's corrections
constexpr double kStrengthRise = 0.002;     ///< of the geometric attacks' strength, a step

Tensor balancedBce(const Tensor& signedLogits, const Tensor& realLogits) {
    return 0.5 * (torch::softplus(-signedLogits).mean() + torch::softplus(realLogits).mean());
}

/// Smooth L1 of scale beta, plus the likelihood of a predicted log-variance of that distance. The distance
/// itself is not weighted by the prediction: a network that may declare itself uncertain stops learning where
/// things are.
Tensor uncertainDistance(const Tensor& predicted, const Tensor& target, const Tensor& logVariance,
                         double beta) {
    const auto distance = torch::smooth_l1_loss(predicted, target, at::Reduction::None, beta) / beta;
    const auto bounded = logVariance.clamp(-6, 4);
    return distance + 0.1 * (torch::exp(-bounded) * distance.detach() + bounded);
}

/// Mean displacement over the frame's cells of each map, [B].
Tensor displacement(const Tensor& affine, const Tensor& centres) {
    return (torch::matmul(affine, centres) - centres.index({Slice(0, 2)})).norm(2, {1}).mean(1);
}

/// Local activity of an image, mean 1: standard deviation in a 5x5 window, averaged over the channels.
/// [B,1,H,W]
Tensor localActivity(const Tensor& x) {
    const auto mean = torch::avg_pool2d(torch::reflection_pad2d(x, {2, 2, 2, 2}), 5, 1);
    const auto square = torch::avg_pool2d(torch::reflection_pad2d(x.square(), {2, 2, 2, 2}), 5, 1);
    const auto deviation = (square - mean.square()).clamp_min(0).sqrt().mean(1, true) + 0.01;
    return deviation / deviation.mean({1, 2, 3}, true);
}

}  // namespace

/// What rises as the run succeeds, and the running accuracies that decide it.
struct JointTraining::Ladder {
    double db = 22;
    double strength = 0;  ///< of the geometric attacks, 0..1
    bool open = false;    ///< attacks are on
    double accuracy = 0.5;
    double presence = 0.5;
    double located = 1;  ///< running median misplacement of the locator
    double refined = 1;  ///< and after one correction
    std::array<double, attacks::kPhotometricAttacks.size()> error{};

    Json toJson() const {
        return {{"db", db},
                {"strength", strength},
                {"open", open},
                {"accuracy", accuracy},
                {"presence", presence},
                {"located", located},
                {"refined", refined},
                {"error", error}};
    }
    void fromJson(const Json& json) {
        json.at("db").get_to(db);
        json.at("strength").get_to(strength);
        json.at("open").get_to(open);
        json.at("accuracy").get_to(accuracy);
        json.at("presence").get_to(presence);
        json.at("located").get_to(located);
        json.at("refined").get_to(refined);
        json.at("error").get_to(error);
    }
};

JointTraining::JointTraining(TrainingOptions options, c10::intrusive_ptr<training::ProcessGroup> group)
    : m_options(std::move(options)), m_group(std::move(group)), m_ladder(std::make_unique<Ladder>()) {
    m_options.validate();
    if (m_options.batch % m_group->size() != 0)
        throw Error(
            ErrorCode::BadOption,
            fmt::format("a batch of {} images cannot be shared evenly by {} ranks: choose a batch (--set "
                        "batch=N) that the number of ranks divides",
                        m_options.batch, m_group->size()));
    torch::manual_seed(static_cast<std::uint64_t>(m_options.seed));
    m_networks = Networks::create(m_options.network);
    m_networks->train(true);
    std::vector<std::pair<std::string, Tensor>> parameters;
    std::vector<Tensor> tensors;
    const auto collect = [&](torch::nn::Module& module, const std::string& prefix) {
        for (const auto& item : module.named_parameters()) {
            parameters.emplace_back(prefix + item.key(), item.value());
            tensors.push_back(item.value());
        }
    };
    collect(m_networks->injector(), "injector.");
    collect(m_networks->detector(), "detector.");
    if (m_options.ema > 0) m_average = std::make_unique<training::WeightAverage>(parameters, m_options.ema);
    m_adam = std::make_unique<training::Adam>(
        std::move(parameters),
        training::AdamOptions{.learningRate = m_options.learningRate, .maxGradientNorm = m_options.clip});
    if (m_group->size() > 1) nn::joinBatchNorm(m_networks->detector(), m_group);
    const bool someUnused = m_options.objective == "ladder" && m_options.network.hasCode();  // until it opens
    m_averaging = std::make_unique<training::GradientAveraging>(*m_group, std::move(tensors), someUnused);
    m_ladder->db = m_options.startDb;
    m_ladder->error.fill(0.1);
    if (!m_options.network.hasCode()) m_ladder->open = true;
}

JointTraining::~JointTraining() = default;

int JointTraining::batchSide() const {
    return m_networks->detectSide();
}

double JointTraining::learningRate() const {
    const double done = static_cast<double>(m_step) / m_options.steps;
    if (done <= m_options.decayFrom || m_options.decayFrom >= 1) return m_options.learningRate;
    const double phase = std::min(1.0, (done - m_options.decayFrom) / (1 - m_options.decayFrom));
    const double factor =
        m_options.finalRate + (1 - m_options.finalRate) * 0.5 * (1 + std::cos(std::numbers::pi * phase));
    return m_options.learningRate * factor;
}

StepResult JointTraining::step(const Tensor& batch) {
    StepRandom random(static_cast<std::uint64_t>(m_options.seed), kStepStream, m_step);
    nn::reseedDropout(m_networks->injector(), random.bits(), firstImage());
    StepResult result;
    result.learningRate = learningRate();
    m_networks->train(true);

    const Terms terms = m_options.objective == "paper" ? paperTerms(batch, random, result)
                                                       : ladderTerms(batch, random, result);
    Tensor loss;
    std::vector<Tensor> ownValues;
    for (const auto& [name, term] : terms) ownValues.push_back(term.detach());
    const auto values = m_group->mean(torch::stack(ownValues).to(torch::kFloat64));
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const auto& [name, term] = terms[i];
        const double value = values[static_cast<std::int64_t>(i)].item<double>();
        if (!std::isfinite(value))
            throw Error(ErrorCode::Internal,
                        fmt::format("the loss term \"{}\" is not finite at step {}: the run stops at its "
                                    "last checkpoint; try a smaller learningRate",
                                    name, m_step + 1));
        result.values.emplace_back("loss_" + name, value);
        loss = loss.defined() ? loss + term : term;
    }
    m_adam->zeroGradient();
    m_averaging->backward(loss);
    result.values.emplace_back("gradient_norm", m_adam->step(result.learningRate));
    if (m_average) m_average->update();
    result.step = ++m_step;
    return result;
}

/// This rank's part of what was drawn for all images of the batch, [B,...].
Tensor JointTraining::ofShare(const Tensor& perImage) const {
    return perImage.slice(0, firstImage(), firstImage() + share());
}

/// Mean of a loss [B / ranks,...] by the images' weights, over the whole batch: its mean over the ranks is
/// that of one process.
Tensor JointTraining::weightedMean(const Tensor& loss, const Tensor& weight) {
    auto total = weight.detach().sum();
    m_group->sum(total);
    return (loss * weight).sum() / (total.clamp_min(1) / m_group->size());
}

Tensor JointTraining::attackPhotometrically(const Tensor& x, StepRandom& random, std::vector<int>& kinds) {
    // Groups of up to three images share a draw: variety within the batch at few tensor operations. A rank
    // draws for all groups and attacks its own images; kinds are those of the whole batch.
    static const attacks::PhotometricRanges kRanges;
    constexpr std::int64_t kGroup = 3;
    const std::int64_t first = firstImage(), end = first + x.size(0);
    double total = 0;
    for (const double error : m_ladder->error) total += error;
    const auto draw = [&] {
        const auto count = m_ladder->error.size();
        if (!random.chance(m_options.worstShare)) return static_cast<int>(random.index(count));
        double at = random.uniform() * total;
        for (std::size_t k = 0; k + 1 < count; ++k) {
            at -= m_ladder->error[k];
            if (at < 0) return static_cast<int>(k);
        }
        return static_cast<int>(count - 1);
    };
    std::vector<Tensor> parts;
    for (std::int64_t from = 0; from < m_options.batch; from += kGroup) {
        const std::int64_t to = std::min<std::int64_t>(from + kGroup, m_options.batch);
        const int kind = draw();
        const int second = random.chance(m_options.attackBoth) ? draw() : -1;
        StepRandom own(random.bits(), kAttackStream, m_step);
        for (std::int64_t i = from; i < to; ++i) kinds.push_back(kind);
        const std::int64_t low = std::max(from, first), high = std::min(to, end);
        if (low >= high) continue;
        auto part = x.slice(0, low - first, high - first);
        for (const int chosen : {kind, second}) {
            if (chosen < 0) continue;
            part = attacks::apply(attacks::kPhotometricAttacks[static_cast<std::size_t>(chosen)], part,
                                  kRanges, own, low);
        }
        parts.push_back(part);
    }
    return torch::cat(parts);
}

JointTraining::Terms JointTraining::ladderTerms(const Tensor& x, StepRandom& random, StepResult& result) {
    auto& nets = static_cast<CompactNetworks&>(*m_networks);
    Ladder& ladder = *m_ladder;
    const bool hasCode = m_options.network.hasCode();
    const bool bf16 = m_options.bf16 && nn::processorHasBf16();
    const std::int64_t total = m_options.batch;  // images of the step; batch: those of this rank
    const auto batch = x.size(0);
    const auto side = x.size(2);

    Tensor code;
    if (hasCode) {
        code = torch::empty({total, m_options.network.bits});
        for (std::int64_t i = 0; i < code.numel(); ++i)
            code.data_ptr<float>()[i] = random.chance(0.5) ? 1.0f : 0.0f;
        code = ofShare(code);
    }
    nets.setNominalPsnrDb(ladder.db);
    const auto small = torch::avg_pool2d(x, 2);
    Tensor residual;
    {
        const nn::Bf16Guard guard(bf16);
        residual = nets.residual(small, code);
    }
    if (m_options.attenuation > 0) {
        const auto rms = residual.square().mean({1, 2, 3}, true).sqrt();
        residual = residual *
                   (1 - m_options.attenuation + m_options.attenuation * localActivity(small).clamp_max(3));
        residual = residual * (rms / (residual.square().mean({1, 2, 3}, true).sqrt() + 1e-8));
    }
    const auto signedImage = attacks::quantizeStraightThrough(
        (x + torch::upsample_bilinear2d(residual, {side, side}, false)).clamp(-1, 1), m_options.truncate);

    // Signed and real halves pass the same kinds of attack, drawn independently.
    Tensor signedView = signedImage;
    Tensor realView = x;
    auto signedMap = identityAffine(batch);
    auto realMap = signedMap;
    auto signedMaps = identityAffine(total);
    std::vector<int> kinds(static_cast<std::size_t>(total), 0);
    attacks::GeometricRanges geometry;
    if (ladder.open) {
        std::vector<int> realKinds;
        kinds.clear();
        signedView = attackPhotometrically(signedImage, random, kinds);
        realView = attackPhotometrically(x, random, realKinds);
        geometry.cropSide = m_options.cropSide;
        geometry.rotationDegrees = m_options.rotation;
        geometry.flipShare = m_options.flipShare;
        signedMaps = attacks::drawGeometry(total, geometry, hasCode ? ladder.strength : 1, random);
        signedMap = ofShare(signedMaps);
        realMap = ofShare(attacks::drawGeometry(total, geometry, hasCode ? ladder.strength : 1, random));
        signedView = warp(signedView, signedMap, side);
        realView = warp(realView, realMap, side);
    }
    const auto views = torch::cat({signedView, realView});
    Tensor located;
    {
        const nn::Bf16Guard guard(bf16);
        located = nets.locate(views);
    }
    Terms terms;
    Tensor presence = located.select(1, 0).mean({1, 2});
    const auto half = [&](const Tensor& t, bool first) {
        return first ? t.slice(0, 0, batch) : t.slice(0, batch);
    };

    Tensor counted = torch::ones({batch});  // signed images whose presence is asked for
    Tensor bitsRight;                       // [B] share of bits read, or 1/0 for presence
    Tensor placed = torch::zeros({batch});  // misplacement before and after one correction
    Tensor corrected = placed;
    if (hasCode) {
        const auto positionFree = presence;
        const auto rows = located.size(2);
        const auto columns = located.size(3);
        const auto centres = cellCentres(rows, columns);
        const auto truth = torch::matmul(signedMap, centres).view({batch, 2, rows, columns});
        const auto signedCells = half(located, true);

        // The reader sees half of the signed images where they truly lie (with a jitter), a quarter where a
        // search might try them in vain, the others where the locator put them.
        Tensor used = torch::cat({signedMap, realMap});
        if (ladder.open) {
            used = fitAffine(located).clamp(-3, 3);
            auto jitter = torch::empty({total / 2, 2, 3});
            for (std::int64_t i = 0; i < jitter.numel(); ++i)
                jitter.data_ptr<float>()[i] = static_cast<float>(random.normal() * kAlignmentJitter);
            const auto jittered = composeAffine(jitter + torch::eye(2, 3), signedMaps.slice(0, 0, total / 2));
            const auto inVain = [&](std::int64_t n) { return attacks::drawGeometry(n, geometry, 1, random); };
            const auto signedGiven = torch::cat({jittered, inVain(total / 4)});  // of the first images
            const auto realGiven = inVain(total - total / 2);                    // of the last
            const std::int64_t first = firstImage(), end = first + batch;
            const std::int64_t upTo = std::min(end, signedGiven.size(0));
            if (first < upTo) used.slice(0, 0, upTo - first).copy_(signedGiven.slice(0, first, upTo));
            const std::int64_t from = std::max(first, total / 2);
            if (from < end)
                used.slice(0, batch + from - first, 2 * batch)
                    .copy_(realGiven.slice(0, from - total / 2, end - total / 2));
        }
        nn::CodeReading reading;
        {
            const nn::Bf16Guard guard(bf16);
            reading = nets.readAligned(views, used, ladder.open);
        }
        const auto correction = composeAffine(signedMap, invertAffine(half(used, true)));
        const auto misplaced = displacement(correction, centres);
        const auto target = (torch::matmul(correction, centres) - centres.index({Slice(0, 2)}))
                                .view({batch, 2, rows, columns})
                                .clamp(-1, 1);
        const auto offsets = half(reading.offsets, true);

        const auto readable = (misplaced < kReadable).to(torch::kFloat32);
        const auto logits = half(reading.bits, true);
        const auto perImage =
            torch::binary_cross_entropy_with_logits(logits, code, {}, {}, at::Reduction::None).mean(1);
        terms.emplace_back("bits", weightedMean(perImage, readable));
        bitsRight = ((logits > 0) == (code > 0.5)).to(torch::kFloat32).mean(1);

        if (ladder.open) {
            // Place is asked for as gently as it is disturbed: at full weight from the start it drives out
            // the code.
            const double locateWeight = m_options.locateWeight * (0.2 + 0.8 * ladder.strength);
            // The reader's share says "read here": a signed image laid out wrongly counts like a real one, so
            // that a search can tell the right geometry by it.
            const auto wrong = (misplaced > kUnreadable).to(torch::kFloat32);
            const auto signedShare = half(reading.presence, true);
            presence = positionFree + reading.presence;
            const auto together = 0.5 * (weightedMean(torch::softplus(-half(presence, true)), readable) +
                                         torch::softplus(half(presence, false)).mean());
            const auto aligned = 0.25 * (2 * weightedMean(torch::softplus(-signedShare), readable) +
                                         weightedMean(torch::softplus(signedShare), wrong) +
                                         torch::softplus(half(reading.presence, false)).mean());
            terms.emplace_back(
                "presence",
                m_options.presenceWeight *
                    (together + aligned + balancedBce(half(positionFree, true), half(positionFree, false))));
            terms.emplace_back("locate", locateWeight * uncertainDistance(signedCells.slice(1, 1, 3), truth,
                                                                          signedCells.slice(1, 3, 4), 0.1)
                                                            .mean());
            const auto locatable = (misplaced < kLocatable).to(torch::kFloat32).view({batch, 1, 1, 1});
            terms.emplace_back("refine", kRefineShare * locateWeight *
                                             (uncertainDistance(offsets.slice(1, 0, 2), target,
                                                                offsets.slice(1, 2, 3), 0.03) *
                                              locatable)
                                                 .mean());
        } else {
            terms.emplace_back("locate", 0.2 * m_options.locateWeight *
                                             (signedCells.slice(1, 1, 3) - truth).square().mean());
        }
        const torch::NoGradGuard guard;
        counted = readable;
        if (ladder.open) {
            placed = misplaced;
            corrected = displacement(composeAffine(signedMap, invertAffine(CompactNetworks::refine(
                                                                  half(used, true), offsets.detach()))),
                                     centres);
        }
    } else {
        terms.emplace_back("presence", balancedBce(half(presence, true), half(presence, false)));
        bitsRight = (half(presence, true) > 0).to(torch::kFloat32);
    }

    // The ladder goes by all images of the batch, so that it is the same on every rank.
    const torch::NoGradGuard guard;
    const auto seen = m_group
                          ->gather(torch::stack({bitsRight, counted, half(presence, true).detach(),
                                                 half(presence, false).detach(), placed, corrected},
                                                1))
                          .unbind(1);
    const auto& right = seen[0];
    const auto& counts = seen[1];
    const double weight = counts.sum().item<double>();
    if (hasCode && ladder.open) {
        ladder.located = kMemory * ladder.located +
                         (1 - kMemory) * seen[4].slice(0, total / 2 + total / 4).median().item<double>();
        ladder.refined =
            kMemory * ladder.refined + (1 - kMemory) * seen[5].slice(0, total / 2).median().item<double>();
    }
    if (hasCode && weight > 0)
        ladder.accuracy =
            kMemory * ladder.accuracy + (1 - kMemory) * (right * counts).sum().item<double>() / weight;
    const double presenceAccuracy =
        0.5 * (((seen[2] > 0).to(torch::kFloat32) * counts).sum() / counts.sum().clamp_min(1) +
               (seen[3] <= 0).to(torch::kFloat32).mean())
                  .item<double>();
    ladder.presence = kMemory * ladder.presence + (1 - kMemory) * presenceAccuracy;
    if (!hasCode) ladder.accuracy = ladder.presence;
    for (std::int64_t i = 0; i < total; ++i) {
        if (counts[i].item<double>() == 0) continue;
        double& error = ladder.error[static_cast<std::size_t>(kinds[static_cast<std::size_t>(i)])];
        error = 0.99 * error + 0.01 * std::max(0.01, 1 - right[i].item<double>());
    }
    if (!ladder.open && ladder.accuracy > m_options.openAccuracy) {
        ladder.open = true;
        ladder.strength = 0.1;
    } else if (ladder.open && ladder.accuracy > m_options.holdAccuracy &&
               (!hasCode || ladder.located < m_options.holdMisplaced)) {
        ladder.strength = std::min(1.0, ladder.strength + kStrengthRise);
        const double ahead = ladder.accuracy - m_options.holdAccuracy;
        const bool fast = ahead > (hasCode ? 0.05 : 0.5 * (1 - m_options.holdAccuracy));
        ladder.db = std::min(m_options.maxDb, ladder.db + (fast ? m_options.fastRise : m_options.rise));
    }
    result.values.emplace_back("psnr_db", ladder.db);
    result.values.emplace_back("attack_strength", ladder.strength);
    result.values.emplace_back(hasCode ? "bit_accuracy" : "accuracy", ladder.accuracy);
    result.values.emplace_back("presence_accuracy", ladder.presence);
    if (hasCode) {
        result.values.emplace_back("misplaced_located", ladder.located);
        result.values.emplace_back("misplaced_refined", ladder.refined);
    }
    return terms;
}

JointTraining::Terms JointTraining::paperTerms(const Tensor& x, StepRandom& random, StepResult& result) {
    // Fact sheet 1.4, steps 1-10: one code for the whole batch, straight-through quantisation before the
    // augmentation, signed and real halves through F in one batch so that its BatchNorm statistics are joint.
    auto& nets = static_cast<PaperNetworks&>(*m_networks);
    const auto batch = x.size(0);
    const int bits = m_options.network.bits;
    auto code = torch::zeros({batch, bits});
    bool any = false;
    while (!any) {  // code 0 is reserved for real images
        for (int b = 0; b < bits; ++b) {
            const bool set = bits == 1 || random.chance(0.5);
            code.select(1, b).fill_(set ? 1 : 0);
            any = any || set;
        }
    }
    const nn::Bf16Guard guard(m_options.bf16 && nn::processorHasBf16());
    const auto input =
        m_options.noise > 0 ? x + nn::normalLike(x, random.bits(), firstImage()) * m_options.noise : x;
    const auto image = nets.signImage(input, code).to(torch::kFloat32);
    const auto quantised = attacks::quantizeStraightThrough(image, m_options.truncate);
    const auto source =
        m_options.augmentation == "code" ? attacks::PaperSource::Code : attacks::PaperSource::Text;
    const auto views = torch::cat(
        {attacks::paperAugment(quantised, source, random), attacks::paperAugment(x, source, random)});
    const auto labels = torch::cat({code, torch::zeros_like(code)});
    const auto logits = nets.resnet()(views).to(torch::kFloat32);
    const auto reconstruction = (image - x).square().mean();
    const double weight = m_options.lambda * std::min(1.0, static_cast<double>(m_step) / m_options.ramp);
    const auto classification = torch::binary_cross_entropy_with_logits(logits, labels);
    const auto right = ((logits > 0) == (labels > 0.5)).to(torch::kFloat32).mean();
    const auto seen = m_group->mean(torch::stack({right, reconstruction.detach()}));
    m_ladder->accuracy = kMemory * m_ladder->accuracy + (1 - kMemory) * seen[0].item<double>();
    result.values.emplace_back("psnr_db", 10 * std::log10(4 / std::max(1e-12, seen[1].item<double>())));
    result.values.emplace_back("bit_accuracy", m_ladder->accuracy);
    return {{"reconstruction", reconstruction}, {"classification", weight * classification}};
}

nn::TensorMap JointTraining::tensors() {
    nn::TensorMap all;
    nn::addWithPrefix(all, m_networks->state(), "net.");
    nn::addWithPrefix(all, m_adam->state(), "adam.");
    if (m_average) nn::addWithPrefix(all, m_average->state(), "average.");
    return all;
}

void JointTraining::startFrom(const nn::TensorMap& weights) {
    m_networks->load(weights);
    if (m_average) m_average->reset();
}

nn::TextMap JointTraining::metadata() const {
    return {{"step", std::to_string(m_step)},
            {"ladder", m_ladder->toJson().dump()},
            {"network", m_options.network.toJson().dump()}};
}

void JointTraining::restore(const nn::SafeTensors& checkpoint) {
    const auto text = [&](const char* key) {
        const auto it = checkpoint.metadata.find(key);
        if (it == checkpoint.metadata.end())
            throw Error(ErrorCode::Corrupt, fmt::format("the checkpoint lacks \"{}\"", key));
        return it->second;
    };
    const auto stored = NetworkOptions::fromJson(Json::parse(text("network"), nullptr, false));
    const auto& own = m_options.network;
    if (stored.arch != own.arch || stored.bits != own.bits || stored.workSide != own.workSide ||
        stored.injectorWidths != own.injectorWidths || stored.detectorWidths != own.detectorWidths) {
        throw Error(
            ErrorCode::BadOption,
            "the checkpoint is of another network; resume it with the configuration it was started with");
    }
    try {
        m_ladder->fromJson(Json::parse(text("ladder")));
        m_step = std::stoull(text("step"));
    } catch (const std::exception&) {
        throw Error(ErrorCode::Corrupt, "the checkpoint's state cannot be read");
    }
    m_networks->load(nn::withoutPrefix(checkpoint.tensors, "net."));
    m_adam->load(nn::withoutPrefix(checkpoint.tensors, "adam."));
    if (m_average) m_average->load(nn::withoutPrefix(checkpoint.tensors, "average."));
    if (m_options.objective == "ladder") m_networks->setNominalPsnrDb(m_ladder->db);
}

}  // namespace signet::signature
