#include "core/signature/presence_objective.h"

#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <future>

#include "core/attacks/tensor_attacks.h"
#include "core/nn/image_random.h"
#include "core/nn/runtime.h"
#include "core/signature/falling_level.h"
#include "core/signature/validation_views.h"
#include "core/signature/visibility.h"
#include "core/signature/working_size.h"

namespace signet::signature {

using attacks::PhotometricAttack;
using torch::Tensor;

namespace {

/// What presence is to survive: each kind as often, but for the codecs, which every picture meets.
constexpr std::array kPresenceAttacks{
    PhotometricAttack::None,       PhotometricAttack::Jpeg,   PhotometricAttack::Jpeg,
    PhotometricAttack::Jpeg,       PhotometricAttack::WebP,   PhotometricAttack::WebP,
    PhotometricAttack::Avif,       PhotometricAttack::Avif,   PhotometricAttack::Noise,
    PhotometricAttack::Blur,       PhotometricAttack::Resize, PhotometricAttack::Brightness,
    PhotometricAttack::Contrast,   PhotometricAttack::Colour, PhotometricAttack::Saturation,
    PhotometricAttack::Saturation, PhotometricAttack::Hue,    PhotometricAttack::Gamma,
    PhotometricAttack::Posterise,  PhotometricAttack::Median, PhotometricAttack::Equalise,
    PhotometricAttack::Palette,    PhotometricAttack::Overlay};

constexpr int kGrains = 3;  ///< sizes of a decoy's grain: 1, 2, 4 px of the working size

/// Within what NetworkOptions allow.
double residualDb(double meanSquare) {
    return std::clamp(10 * std::log10(4 / std::max(1e-12, meanSquare)), 10.0, 70.0);
}

}  // namespace

PresenceObjective::PresenceObjective(const TrainingOptions& options, const training::Placement& placement)
    : m_options(options),
      m_share(options, placement.group),
      m_device(placement.device),
      m_bf16(options.bf16 && nn::deviceHasBf16(placement.device)),
      m_networks(options.network),
      m_open(options.openAccuracy <= 0.5) {
    setLevel(options.startLevel);
}

void PresenceObjective::setLevel(double level) {
    m_level = level;
    m_networks.setLevel(level);
}

std::vector<std::uint64_t> PresenceObjective::drawNegatives(StepRandom& random) {
    if (!m_negatives)
        m_negatives.emplace(negativeSets(m_options.negatives, training::Split::Train),
                            training::seedOf(m_options));
    const auto count = std::max<std::int64_t>(
        1, std::llround(m_options.hardShare * static_cast<double>(m_share.allImages())));
    std::vector<std::uint64_t> numbers;
    for (std::int64_t i = 0; i < count; ++i) {
        const bool again = random.chance(m_options.againShare) && !m_hardest.empty();
        numbers.push_back(again ? m_hardest.draw(random) : m_negatives->draw(random));
    }
    return numbers;
}

Tensor PresenceObjective::unsignedOf(const Tensor& pictures, const Tensor& negatives,
                                     StepRandom& random) const {
    const torch::NoGradGuard guard;
    const std::uint64_t seed = random.bits();
    const std::int64_t grain = 1LL << random.index(kGrains);
    const bool grey = random.chance(0.5);
    auto all = pictures.clone();
    const std::int64_t first = m_share.firstImage(), own = pictures.size(0);
    const auto hard = std::clamp<std::int64_t>(negatives.size(0) - first, 0, own);
    all.slice(0, 0, hard).copy_(negatives.slice(0, first, first + hard));
    const auto total = m_share.allImages();
    const auto decoys = std::llround(m_options.decoyShare * static_cast<double>(total - negatives.size(0)));
    const auto from = std::clamp<std::int64_t>(total - decoys - first, 0, own);
    if (from == own) return all;
    const auto last = pictures.slice(0, from);
    const std::int64_t side = m_options.network.workSide;
    auto texture = nn::normalLike(
        torch::empty({own - from, 3, side / grain, side / grain}, pictures.options()), seed, first + from);
    if (grey) texture = texture.mean(1, true).expand_as(texture);
    const auto residual =
        atVisibility(last, torch::upsample_bilinear2d(texture, {side, side}, false), m_level);
    all.slice(0, from).copy_(added(last, residual));
    return all;
}

Tensor PresenceObjective::attacked(const Tensor& pictures, const Tensor& negatives,
                                   StepRandom& random) const {
    const ImageShare share{2 * m_share.allImages(), 2 * m_share.firstImage(), 2 * m_share.ownImages()};
    // A picture on a page lies on a hard negative, on another than itself.
    const auto numbers = torch::arange(share.first, share.first + share.own, torch::kInt64);
    const auto pages = torch::remainder(torch::div(numbers, 2, "floor") + 1, negatives.size(0));
    const auto ground = negatives.index_select(0, pages.to(m_device));
    auto shown = attackViews(pictures, share, kPresenceAttacks, m_options.earlyAttack, 0, random);
    const auto maps = drawViews(share.all, {}, random);
    shown = showViews(shown, ground, maps.slice(0, share.first, share.first + share.own));
    return attackViews(shown, share, kPresenceAttacks, 1, m_options.attackBoth, random);
}

Pass PresenceObjective::pass(const Tensor& x, std::uint64_t /*stepsDone*/, StepRandom& random) {
    Pass pass;
    pass.negatives = drawNegatives(random);
    // They are made while the injector works.
    auto made = std::async(std::launch::async, [&] {
        return m_negatives->pictures(pass.negatives, static_cast<int>(x.size(2)));
    });
    Tensor residual;
    {
        const nn::Bf16Guard guard(m_bf16, m_device.type());
        residual = m_networks.residual(x, {});
    }
    const auto negatives = made.get().to(m_device);
    const auto rounded = [&](const Tensor& pictures) {
        return attacks::quantizeStraightThrough(pictures.clamp(-1, 1), m_options.truncate);
    };
    const auto signedPictures = rounded(added(x, residual));
    const auto unsignedPictures = rounded(unsignedOf(x, negatives, random));
    auto views = torch::stack({signedPictures, unsignedPictures}, 1).flatten(0, 1);
    if (m_open) views = attacked(views, negatives, random);
    Tensor evidence;
    {
        const nn::Bf16Guard guard(m_bf16, m_device.type());
        evidence = m_networks.evidence(views);
    }
    const auto presence = evidence.mean({1, 2}).view({-1, 2});
    pass.terms = {{"presence", 0.5 * (torch::softplus(-presence.select(1, 0)).mean() +
                                      torch::softplus(presence.select(1, 1)).mean())}};

    const torch::NoGradGuard guard;
    const auto all = m_share.group().gather(presence.detach());
    pass.measured = {{"found", (all.select(1, 0) > 0).to(torch::kFloat32).mean()},
                     {"passed", (all.select(1, 1) <= 0).to(torch::kFloat32).mean()},
                     {"residual", residual.detach().square().mean()}};
    pass.scores = all.select(1, 1).slice(0, 0, negatives.size(0)).contiguous();
    return pass;
}

void PresenceObjective::update(const StepReadings& readings, training::NamedValues& values) {
    const double found = readings.measured.at("found"), passed = readings.measured.at("passed");
    remember(m_accuracy, 0.5 * (found + passed));
    remember(m_found, found);
    remember(m_passed, passed);
    remember(m_db, residualDb(readings.measured.at("residual")));
    m_networks.setNominalPsnrDb(m_db);
    for (std::size_t i = 0; i < readings.negatives.size(); ++i)
        m_hardest.see(readings.negatives[i], readings.scores[i]);
    if (!m_open)
        m_open = m_accuracy > m_options.openAccuracy;
    else
        setLevel(fallenLevel(m_level, m_accuracy,
                             {.hold = m_options.holdAccuracy,
                              .wellAbove = 0.5 * (1 - m_options.holdAccuracy),
                              .fall = m_options.fall,
                              .fastFall = m_options.fastFall,
                              .lastLevel = m_options.lastLevel}));
    values.emplace_back("accuracy", m_accuracy);
    values.emplace_back("found", m_found);
    values.emplace_back("passed", m_passed);
    values.emplace_back("hardest", m_hardest.meanScore());
    values.emplace_back("level", m_level);
    values.emplace_back("residual_db", m_db);
}

Json PresenceObjective::state() const {
    return {{"level", m_level},
            {"accuracy", m_accuracy},
            {"found", m_found},
            {"passed", m_passed},
            {"residual_db", m_db},
            {"open", m_open},
            {"hardest", m_hardest.toJson()}};
}

void PresenceObjective::restore(const Json& state) {
    state.at("accuracy").get_to(m_accuracy);
    state.at("found").get_to(m_found);
    state.at("passed").get_to(m_passed);
    state.at("residual_db").get_to(m_db);
    state.at("open").get_to(m_open);
    m_hardest.fromJson(state.at("hardest"));
    setLevel(state.at("level").get<double>());
    m_networks.setNominalPsnrDb(m_db);
}

training::Validation PresenceObjective::validate(const ValidationViews& views) {
    if (!m_validation) m_validation.emplace(m_options, m_device);
    m_networks.train(false);
    auto result = m_validation->validate(m_networks, views.pictures(), m_level);
    m_networks.train(true);
    return result;
}

std::vector<training::Metric> PresenceObjective::metrics(const TrainingOptions& /*options*/) {
    using training::Metric;
    using Unit = Metric::Unit;
    using Better = Metric::Better;
    auto all = PresenceValidation::metrics();
    for (Metric metric : {Metric{"accuracy", "Accuracy", Unit::Share, Better::Larger, 1},
                          Metric{"found", "Signed: found", Unit::Share, Better::Larger},
                          Metric{"passed", "Unsigned: not found", Unit::Share, Better::Larger},
                          Metric{"hardest", "Hardest negatives: mean score", Unit::Logit, Better::Smaller},
                          Metric{"level", "Visibility (grey levels)", Unit::Number, Better::Smaller, 2},
                          Metric{"residual_db", "PSNR of the residual (dB)", Unit::Decibel, Better::Larger},
                          Metric{"loss_presence", "Loss: presence", Unit::Number, Better::Smaller}})
        all.push_back(std::move(metric));
    return all;
}

StuckWatch::Signs PresenceObjective::stuckSigns(const TrainingOptions& /*options*/) {
    StuckWatch::Signs signs;
    signs.loss = "loss_presence";
    return signs;
}

}  // namespace signet::signature
