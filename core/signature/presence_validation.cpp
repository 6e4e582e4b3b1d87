#include "core/signature/presence_validation.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "core/attacks/tensor_attacks.h"
#include "core/metrics/visible_difference.h"
#include "core/signature/drawn_views.h"
#include "core/signature/hard_negatives.h"
#include "core/signature/working_size.h"
#include "core/training/picture_tensors.h"

namespace signet::signature {

using attacks::PhotometricAttack;
using torch::Tensor;
using training::Metric;

namespace {

constexpr double kFalsePositives = 0.001;  ///< of the hard negatives, at the threshold
constexpr std::int64_t kChunk = 16;        ///< pictures read at a time
constexpr std::uint64_t kFamilyStream = 42, kNegativeStream = 43;
/// Of the made negatives: others than the training's.
constexpr std::uint64_t kOtherSeed = 0x5eed;

/// No view but the whole picture; what a family is about is changed.
constexpr ViewRanges kWhole{.smallest = 1,
                            .largest = 1,
                            .anyAngleShare = 0,
                            .slightAngleShare = 0,
                            .mirrorShare = 0,
                            .stretchShare = 0,
                            .perspectiveShare = 0,
                            .wholeShare = 1};

ViewRanges seen(void (*change)(ViewRanges&)) {
    ViewRanges ranges = kWhole;
    ranges.wholeShare = 0;
    change(ranges);
    return ranges;
}

/// One kind of attack, as strong as an evaluation's rows have it (examine::grids).
struct Family {
    const char* name;
    const char* title;
    PhotometricAttack attack = PhotometricAttack::None;
    double value = 0;
    ViewRanges view = kWhole;
};

const std::vector<Family>& families() {
    using enum PhotometricAttack;
    static const std::vector<Family> kFamilies{
        {"none", "unchanged"},
        {"jpeg", "JPEG 50", Jpeg, 50},
        {"webp", "WebP 50", WebP, 50},
        {"avif", "AVIF 40", Avif, 40},
        {"resize", "scaled to 0.5", Resize, 0.5},
        {"blur", "blur 2", Blur, 2},
        {"noise", "noise 0.05", Noise, 0.05},
        {"median", "median 5", Median, 5},
        {"dark", "brightness 0.5", Brightness, 0.5},
        {"contrast", "contrast 1.5", Contrast, 1.5},
        {"grey", "grey", Saturation, 0},
        {"saturation", "saturation 2", Saturation, 2},
        {"hue", "hue 10 %", Hue, 0.1},
        {"gamma", "gamma 1.8", Gamma, 1.8},
        {"equalise", "equalised", Equalise},
        {"posterise", "3 bits", Posterise, 3},
        {"palette", "64 colours", Palette, 64},
        {"overlay", "text and logo", Overlay, 0.15},
        {"crop", "crop to half", None, 0, seen([](auto& v) { v.smallest = v.largest = 0.71; })},
        {"turned", "any angle", None, 0, seen([](auto& v) { v.anyAngleShare = 1; })},
        {"mirrored", "mirrored", None, 0, seen([](auto& v) { v.mirrorShare = 1; })},
        {"stretched", "stretched", None, 0, seen([](auto& v) { v.stretchShare = 1; })},
        {"perspective", "perspective", None, 0, seen([](auto& v) { v.perspectiveShare = 1; })},
        {"page", "page, half of it", None, 0, seen([](auto& v) { v.smallest = v.largest = 1.41; })}};
    return kFamilies;
}

attacks::PhotometricDraw drawOf(const Family& family, std::int64_t images, StepRandom& random) {
    attacks::PhotometricDraw draw;
    draw.attack = family.attack;
    draw.values = {family.value, std::ceil(3 * family.value)};  // the second is a blur's reach
    draw.seed = random.bits();
    draw.codecs.assign(static_cast<std::size_t>(images), {static_cast<int>(family.value), true});
    return draw;
}

/// Presence of pictures [n,3,S,S].
std::vector<float> presences(TextureNetworks& networks, const Tensor& pictures) {
    std::vector<float> scores;
    for (const Tensor& chunk : pictures.split(kChunk)) {
        const auto presence = networks.evidence(chunk).mean({1, 2}).to(torch::kCPU).contiguous();
        scores.insert(scores.end(), presence.const_data_ptr<float>(),
                      presence.const_data_ptr<float>() + presence.numel());
    }
    return scores;
}

double shareAbove(const std::vector<float>& scores, double threshold) {
    const auto above = std::count_if(scores.begin(), scores.end(),
                                     [&](float score) { return static_cast<double>(score) > threshold; });
    return static_cast<double>(above) / static_cast<double>(std::max<std::size_t>(1, scores.size()));
}

std::string foundName(const Family& family) {
    return std::string("val_found_") + family.name;
}

}  // namespace

PresenceValidation::PresenceValidation(const TrainingOptions& options, torch::Device device)
    : m_options(options), m_device(device) {}

std::vector<float> PresenceValidation::scoresOfNegatives(TextureNetworks& networks) {
    const std::uint64_t seed = training::seedOf(m_options);
    const int side = networks.detectSide();
    if (!m_negatives.defined()) {
        const HardNegatives source(negativeSets(m_options.negatives, training::Split::Validation),
                                   seed + kOtherSeed);
        StepRandom random(seed, kNegativeStream, 0);
        std::vector<Tensor> all;
        for (int i = 0; i < m_options.validationNegatives; ++i) {
            const std::uint64_t number = source.draw(random);
            all.push_back(((source.pictures({&number, 1}, side) + 1) * 127.5).round().to(torch::kUInt8));
        }
        m_negatives = torch::cat(all);
    }
    std::vector<PhotometricAttack> kinds;
    for (const Family& family : families()) kinds.push_back(family.attack);
    std::vector<float> scores;
    StepRandom random(seed, kNegativeStream, 1);
    for (const Tensor& levels : m_negatives.split(2 * kChunk)) {
        const auto pictures = levels.to(m_device, torch::kFloat32) / 127.5 - 1;
        const auto half = pictures.slice(0, 0, (pictures.size(0) + 1) / 2);
        const ImageShare share{half.size(0), 0, half.size(0)};
        half.copy_(attackViews(showViews(half, half.roll(1, 0), drawViews(share.all, {}, random)), share,
                               kinds, 1, m_options.attackBoth, random));
        const auto more = presences(networks, pictures);
        scores.insert(scores.end(), more.begin(), more.end());
    }
    std::sort(scores.begin(), scores.end(), std::greater<>());
    return scores;
}

training::Validation PresenceValidation::validate(TextureNetworks& networks,
                                                  const std::vector<Tensor>& pictures, double level) {
    const torch::NoGradGuard guard;
    const auto negatives = scoresOfNegatives(networks);
    const auto allowed = static_cast<std::size_t>(kFalsePositives * static_cast<double>(negatives.size()));
    const double threshold = static_cast<double>(negatives[allowed]);

    const auto count = static_cast<std::int64_t>(pictures.size());
    const auto before = torch::cat(pictures);
    const auto after = attacks::quantizeStraightThrough(
        added(before, networks.residual(before, {})).clamp(-1, 1), m_options.truncate);
    // On a page they lie on a hard negative.
    const auto ground =
        m_negatives.index_select(0, torch::remainder(torch::arange(count), m_negatives.size(0)))
                .to(m_device, torch::kFloat32) /
            127.5 -
        1;
    StepRandom random(training::seedOf(m_options), kFamilyStream, 0);
    training::NamedValues found;
    double sum = 0, least = 1, reported = 0;
    for (const Family& family : families()) {
        const auto draw = drawOf(family, count, random);
        const auto maps = drawViews(count, family.view, random);
        const auto scoresOf = [&](const Tensor& all) {
            return presences(networks, showViews(attacks::apply(draw, all), ground, maps));
        };
        const double share = shareAbove(scoresOf(after), threshold);
        found.emplace_back(foundName(family), share);
        sum += share;
        least = std::min(least, share);
        reported += shareAbove(scoresOf(before), threshold);
    }
    double psnr = 0, visible = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto one = before.slice(0, i, i + 1), signedOne = after.slice(0, i, i + 1);
        psnr += training::psnrDb(signedOne, one);
        visible += metrics::visibleDifference(training::toImage(one), training::toImage(signedOne)).p99;
    }
    const auto n = static_cast<double>(count), kinds = static_cast<double>(families().size());
    training::Validation result;
    result.photographs = static_cast<int>(count);
    result.values = {{"val_found", sum / kinds},
                     {"val_found_least", least},
                     {"val_threshold", threshold},
                     {"val_reported", reported / kinds},
                     {"val_visible_p99", visible / n},
                     {"val_psnr_db", psnr / n},
                     {"val_score", -20 * std::log10(level) - 100 * (1 - sum / kinds)}};
    result.values.insert(result.values.end(), found.begin(), found.end());
    return result;
}

std::vector<Metric> PresenceValidation::metrics() {
    using Unit = Metric::Unit;
    using Better = Metric::Better;
    std::vector<Metric> all{
        {"val_found", "Validation: found", Unit::Share, Better::Larger},
        {"val_found_least", "Validation: found after the worst attack", Unit::Share, Better::Larger},
        {"val_threshold", "Validation: threshold of 0.1 % of the hard negatives", Unit::Logit},
        {"val_reported", "Validation: unsigned, found", Unit::Share, Better::Smaller},
        {"val_visible_p99", "Validation: CIEDE2000, 99 % quantile", Unit::Number, Better::Smaller},
        {"val_psnr_db", "Validation: PSNR (dB)", Unit::Decibel, Better::Larger},
        {"val_score", "Validation: score (dB)", Unit::Decibel, Better::Larger, 0, true}};
    for (const Family& family : families())
        all.push_back({foundName(family), std::string("Validation: found, ") + family.title, Unit::Share,
                       Better::Larger});
    return all;
}

}  // namespace signet::signature
