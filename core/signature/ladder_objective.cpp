#include "core/signature/ladder_objective.h"

#include <torch/torch.h>

#include <algorithm>

#include "core/attacks/tensor_attacks.h"
#include "core/nn/runtime.h"
#include "core/signature/geometry.h"
#include "core/signature/validation_views.h"
#include "core/signature/working_size.h"

namespace signet::signature {

using torch::Tensor;
using torch::indexing::Slice;
using training::Metric;

namespace {

constexpr double kAlignmentJitter = 0.018;  ///< of the maps the reader learns to read at, [-1,1] units
constexpr double kReadable = 0.06;          ///< mean misplacement up to which the reader is asked for bits
constexpr double kUnreadable = 0.12;        ///< from which a reading counts as none
constexpr double kLocatable = 0.5;          ///< up to which it is asked for the correction
constexpr double kRefineShare = 0.3;        ///< of the locating loss for the reader's corrections

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

attacks::GeometricRanges geometryOf(const TrainingOptions& options) {
    attacks::GeometricRanges ranges;
    ranges.cropSide = options.cropSide;
    ranges.rotationDegrees = options.rotation;
    ranges.flipShare = options.flipShare;
    return ranges;
}

}  // namespace

LadderObjective::LadderObjective(const TrainingOptions& options, const training::Placement& placement)
    : m_options(options),
      m_share(options, placement.group),
      m_device(placement.device),
      m_bf16(options.bf16 && nn::deviceHasBf16(placement.device)),
      m_networks(options.network),
      m_ladder(options) {}

void LadderObjective::restore(const Json& state) {
    m_ladder.fromJson(state);
    m_networks.setNominalPsnrDb(m_ladder.db);
}

void LadderObjective::update(const StepReadings& readings, training::NamedValues& values) {
    m_ladder.update(readings, m_options);
    m_ladder.describe(values, m_options.network.hasCode());
}

Tensor LadderObjective::attackView(const Tensor& view, int index, StepRandom& random) const {
    const auto kind =
        attacks::kPhotometricAttacks[static_cast<std::size_t>(index) % attacks::kPhotometricAttacks.size()];
    auto attacked = attacks::apply(kind, view, {}, random);
    if (index % 2 == 0) return attacked;
    return warp(attacked, attacks::drawGeometry(1, geometryOf(m_options), 1, random), view.size(2));
}

Tensor LadderObjective::attackPhotometrically(const Tensor& x, StepRandom& random,
                                              std::vector<int>& kinds) const {
    // Groups of up to three images share a draw: variety within the batch at few tensor operations. A rank
    // draws for all groups and attacks its own images; kinds are those of all.
    static const attacks::PhotometricRanges kRanges;
    constexpr std::int64_t kGroup = 3;
    double total = 0;
    for (const double error : m_ladder.error) total += error;
    const auto draw = [&] {
        const auto count = m_ladder.error.size();
        if (!random.chance(m_options.worstShare)) return static_cast<int>(random.index(count));
        double at = random.uniform() * total;
        for (std::size_t k = 0; k + 1 < count; ++k) {
            at -= m_ladder.error[k];
            if (at < 0) return static_cast<int>(k);
        }
        return static_cast<int>(count - 1);
    };
    const auto drawChain = [&](std::int64_t images) {
        const auto drawAttack = [&](int kind) {
            return attacks::drawPhotometric(attacks::kPhotometricAttacks[static_cast<std::size_t>(kind)],
                                            images, kRanges, random);
        };
        const int kind = draw();
        std::vector<attacks::PhotometricDraw> chain{drawAttack(kind)};
        if (random.chance(m_options.attackBoth)) chain.push_back(drawAttack(draw()));
        kinds.insert(kinds.end(), static_cast<std::size_t>(images), kind);
        return chain;
    };
    return attacks::applyInGroups(x, m_share.firstImage(), m_share.allImages(), kGroup, drawChain);
}

Pass LadderObjective::pass(const Tensor& x, std::uint64_t /*stepsDone*/, StepRandom& random) {
    const Ladder& ladder = m_ladder;
    const bool hasCode = m_options.network.hasCode();
    const std::int64_t total = m_share.allImages();
    const auto batch = x.size(0);  // of these, this rank's
    const auto side = x.size(2);

    Tensor code;
    if (hasCode) {
        code = torch::empty({total, m_options.network.bits});
        for (std::int64_t i = 0; i < code.numel(); ++i)
            code.data_ptr<float>()[i] = random.chance(0.5) ? 1.0f : 0.0f;
        code = m_share.of(code).to(m_device);
    }
    m_networks.setNominalPsnrDb(ladder.db);
    Tensor residual;
    {
        const nn::Bf16Guard guard(m_bf16, m_device.type());
        residual = m_networks.residual(x, code);
    }
    if (m_options.attenuation > 0) {
        const auto small = torch::avg_pool2d(x, 2);
        const auto rms = residual.square().mean({1, 2, 3}, true).sqrt();
        residual = residual *
                   (1 - m_options.attenuation + m_options.attenuation * localActivity(small).clamp_max(3));
        residual = residual * (rms / (residual.square().mean({1, 2, 3}, true).sqrt() + 1e-8));
    }
    const auto signedImage =
        attacks::quantizeStraightThrough(added(x, residual).clamp(-1, 1), m_options.truncate);

    // Signed and real halves pass the same kinds of attack, drawn independently. Maps stay on the CPU, where
    // they are drawn and fitted.
    Tensor signedView = signedImage;
    Tensor realView = x;
    auto signedMap = identityAffine(batch);
    auto realMap = signedMap;
    auto signedMaps = identityAffine(total);
    Pass pass;
    pass.kinds.assign(static_cast<std::size_t>(total), 0);
    const auto geometry = geometryOf(m_options);
    if (ladder.open) {
        std::vector<int> realKinds;
        pass.kinds.clear();
        signedView = attackPhotometrically(signedImage, random, pass.kinds);
        realView = attackPhotometrically(x, random, realKinds);
        signedMaps = attacks::drawGeometry(total, geometry, hasCode ? ladder.strength : 1, random);
        signedMap = m_share.of(signedMaps);
        realMap = m_share.of(attacks::drawGeometry(total, geometry, hasCode ? ladder.strength : 1, random));
        signedView = warp(signedView, signedMap, side);
        realView = warp(realView, realMap, side);
    }
    const auto views = torch::cat({signedView, realView});
    Tensor located;
    {
        const nn::Bf16Guard guard(m_bf16, m_device.type());
        located = m_networks.locate(views);
    }
    Pass::Terms& terms = pass.terms;
    Tensor presence = located.select(1, 0).mean({1, 2});
    const auto half = [&](const Tensor& t, bool first) {
        return first ? t.slice(0, 0, batch) : t.slice(0, batch);
    };

    Tensor counted = torch::ones({batch}, m_device);  // signed images whose presence is asked for
    Tensor bitsRight;                                 // [B] share of bits read, or 1/0 for presence
    Tensor placed = torch::zeros({batch}, m_device);  // misplacement before and after one correction
    Tensor corrected = placed;
    if (hasCode) {
        const auto positionFree = presence;
        const auto rows = located.size(2);
        const auto columns = located.size(3);
        const auto centres = cellCentres(rows, columns);
        const auto truth = torch::matmul(signedMap, centres).view({batch, 2, rows, columns}).to(m_device);
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
            const auto wrongGeometries = [&](std::int64_t n) {
                return attacks::drawGeometry(n, geometry, 1, random);
            };
            const auto signedGiven =
                torch::cat({jittered, wrongGeometries(total / 4)});     // of the first images
            const auto realGiven = wrongGeometries(total - total / 2);  // of the last
            const std::int64_t first = m_share.firstImage(), end = first + batch;
            const std::int64_t upTo = std::min(end, signedGiven.size(0));
            if (first < upTo) used.slice(0, 0, upTo - first).copy_(signedGiven.slice(0, first, upTo));
            const std::int64_t from = std::max(first, total / 2);
            if (from < end)
                used.slice(0, batch + from - first, 2 * batch)
                    .copy_(realGiven.slice(0, from - total / 2, end - total / 2));
        }
        nn::CodeReading reading;
        {
            const nn::Bf16Guard guard(m_bf16, m_device.type());
            reading = m_networks.readAligned(views, used, ladder.open);
        }
        const auto correction = composeAffine(signedMap, invertAffine(half(used, true)));
        const auto misplaced = displacement(correction, centres).to(m_device);
        const auto target = (torch::matmul(correction, centres) - centres.index({Slice(0, 2)}))
                                .view({batch, 2, rows, columns})
                                .clamp(-1, 1)
                                .to(m_device);
        const auto offsets = half(reading.offsets, true);

        const auto readable = (misplaced < kReadable).to(torch::kFloat32);
        const auto logits = half(reading.bits, true);
        const auto perImage =
            torch::binary_cross_entropy_with_logits(logits, code, {}, {}, at::Reduction::None).mean(1);
        terms.emplace_back("bits", m_share.weightedMean(perImage, readable));
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
            const auto together =
                0.5 * (m_share.weightedMean(torch::softplus(-half(presence, true)), readable) +
                       torch::softplus(half(presence, false)).mean());
            const auto aligned = 0.25 * (2 * m_share.weightedMean(torch::softplus(-signedShare), readable) +
                                         m_share.weightedMean(torch::softplus(signedShare), wrong) +
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
                                     centres)
                            .to(m_device);
        }
    } else {
        terms.emplace_back("presence", balancedBce(half(presence, true), half(presence, false)));
        bitsRight = (half(presence, true) > 0).to(torch::kFloat32);
    }

    // The ladder goes by all ranks' images, so that it is the same on each.
    const torch::NoGradGuard guard;
    const auto seen = m_share.group()
                          .gather(torch::stack({bitsRight, counted, half(presence, true).detach(),
                                                half(presence, false).detach(), placed, corrected},
                                               1))
                          .unbind(1);
    const auto& right = seen[0];
    const auto& counts = seen[1];
    if (hasCode && ladder.open) {
        pass.measured.emplace_back("located", seen[4].slice(0, total / 2 + total / 4).median());
        pass.measured.emplace_back("refined", seen[5].slice(0, total / 2).median());
    }
    if (hasCode) {
        pass.measured.emplace_back("readable", counts.sum());
        pass.measured.emplace_back("right", (right * counts).sum());
    }
    const auto signedFound = (seen[2] > 0).to(torch::kFloat32) * counts;
    const auto realPassed = (seen[3] <= 0).to(torch::kFloat32).mean();
    pass.measured.emplace_back("presence",
                               0.5 * (signedFound.sum() / counts.sum().clamp_min(1) + realPassed));
    pass.right = torch::where(counts > 0, right, torch::full_like(right, -1));
    return pass;
}

training::Validation LadderObjective::validate(const ValidationViews& views) {
    return views.validate(m_networks, [this](const Tensor& view, int index, StepRandom& random) {
        return attackView(view, index, random);
    });
}

std::vector<Metric> LadderObjective::metrics(const TrainingOptions& options) {
    using Unit = Metric::Unit;
    using Better = Metric::Better;
    auto all = ValidationViews::metrics(options);
    const auto add = [&](std::vector<Metric> more) { all.insert(all.end(), more.begin(), more.end()); };
    if (options.network.hasCode())
        add({{"bit_accuracy", "Bit accuracy", Unit::Share, Better::Larger, 1},
             {"loss_bits", "Loss: bits", Unit::Number, Better::Smaller, 2},
             {"loss_presence", "Loss: presence", Unit::Number, Better::Smaller},
             {"loss_locate", "Loss: locate", Unit::Number, Better::Smaller},
             {"loss_refine", "Loss: refine", Unit::Number, Better::Smaller},
             {"misplaced_located", "Misplaced located", Unit::Number, Better::Smaller},
             {"misplaced_refined", "Misplaced refined", Unit::Number, Better::Smaller}});
    else
        add({{"accuracy", "Accuracy", Unit::Share, Better::Larger, 1},
             {"loss_presence", "Loss: presence", Unit::Number, Better::Smaller, 2}});
    add({{"psnr_db", "PSNR (dB)", Unit::Decibel, Better::Larger},
         {"attack_strength", "Attack strength", Unit::Share, Better::Larger},
         {"presence_accuracy", "Presence accuracy", Unit::Share, Better::Larger}});
    return all;
}

StuckWatch::Signs LadderObjective::stuckSigns(const TrainingOptions& options) {
    StuckWatch::Signs signs;
    signs.hasCode = options.network.hasCode();
    signs.loss = signs.hasCode ? "loss_bits" : "loss_presence";
    signs.highestDb = options.maxDb;
    return signs;
}

}  // namespace signet::signature
