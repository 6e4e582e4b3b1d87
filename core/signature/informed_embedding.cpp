#include "core/signature/informed_embedding.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "core/attacks/tensor_attacks.h"
#include "core/nn/runtime.h"
#include "core/signature/geometry.h"
#include "core/signature/networks.h"

namespace signet::signature {
namespace {

using attacks::PhotometricAttack;
using torch::Tensor;

constexpr int kMaxSteps = 16;
constexpr double kStepSize = 0.2;        ///< of a step, in units of the residual's root mean square
constexpr int kPatience = 5;             ///< steps at the strength asked for; each later one raises it
constexpr double kStrengthRiseDb = 0.5;  ///< by this much
constexpr double kMostRiseDb = 4;        ///< and by no more than this in all
constexpr double kPresenceMargin = 10;   ///< logit of a presence model
constexpr double kReaderMargin = 5;      ///< logit of a code reader's presence share
constexpr double kBitMargin = 0.5;       ///< logit in favour of the bit embedded, under an attack
constexpr int kUnsureBits = 1;           ///< that may miss the margin under an attack
constexpr double kCleanBitMargin = 2;    ///< of every bit, without an attack: the saved file is to read back

/// An attack the signature is to survive. It is applied at the working size, so sigma is in pixels of that;
/// only the codecs see the picture at detectSide, where their blocks have about their true size.
struct View {
    PhotometricAttack kind = PhotometricAttack::None;
    attacks::PhotometricRanges ranges;
    std::optional<Tensor> map;  ///< the geometric part, [1,2,3]

    bool isCodec() const { return kind == PhotometricAttack::Jpeg || kind == PhotometricAttack::WebP; }
    Tensor apply(const Tensor& image) const {
        StepRandom fixed(0, 0, 0);  // the ranges leave nothing to chance
        const auto seen = attacks::apply(kind, image, ranges, fixed);
        return map ? warp(seen, *map, image.size(2)) : seen;
    }
};

View brightness(double factor) {
    return {PhotometricAttack::Brightness, {.factorLow = factor, .factorHigh = factor}, {}};
}
View contrast(double factor) {
    return {PhotometricAttack::Contrast, {.factorLow = factor, .factorHigh = factor}, {}};
}
View jpeg(int quality) {
    return {PhotometricAttack::Jpeg, {.jpegLow = quality, .jpegHigh = quality}, {}};
}
View webp(int quality) {
    return {PhotometricAttack::WebP, {.webpLow = quality, .webpHigh = quality}, {}};
}
View turned(double sigma, double degrees, bool mirrored) {
    const double c = std::cos(degrees * std::numbers::pi / 180);
    const double s = std::sin(degrees * std::numbers::pi / 180);
    const double m = mirrored ? -1 : 1;
    return {PhotometricAttack::Blur,
            {.blurLow = sigma, .blurHigh = sigma},
            torch::tensor({c * m, -s, 0.0, s * m, c, 0.0}, torch::kFloat32).view({1, 2, 3})};
}

/// What survives these survives the rest of the first grid of evaluations (examine::grids). A code is read in
/// the signature's frame, where geometry has been undone.
std::vector<View> viewsFor(bool hasCode) {
    if (hasCode) return {brightness(1.5), jpeg(50), View()};
    return {contrast(1.5),         brightness(1.5),        webp(40), jpeg(45), contrast(0.5),
            turned(1.2, 27, true), turned(1.2, -27, false)};
}

double rms(const Tensor& x) {
    return x.square().mean().sqrt().item<double>();
}

/// What a view shows: whether the signature reads there with its margin, and what is to be made smaller.
struct Outcome {
    bool reads;
    Tensor loss;
};

Outcome codeOutcome(CompactNetworks& networks, const Tensor& seen, const Tensor& code, bool attacked) {
    const auto reading = networks.readFrame(seen);
    const auto margins = (code * 2 - 1) * reading.bits;
    const double margin = attacked ? kBitMargin : kCleanBitMargin;
    const auto unsure = (margins < margin).sum().item<std::int64_t>();
    return {unsure <= (attacked ? kUnsureBits : 0) && reading.presence.item<double>() > kReaderMargin,
            torch::softplus(2 * margin - margins).mean() +
                0.5 * torch::softplus(1 + kReaderMargin - reading.presence).mean()};
}

Outcome presenceOutcome(CompactNetworks& networks, const Tensor& seen) {
    const auto presence = networks.locateReduced(seen).select(1, 0).mean();
    return {presence.item<double>() > kPresenceMargin, torch::softplus(1 + kPresenceMargin - presence)};
}

}  // namespace

Tensor informResidual(CompactNetworks& networks, const Tensor& image, const Tensor& residual,
                      const Tensor& code) {
    const nn::Bf16Guard bf16(nn::processorHasBf16());
    const bool hasCode = networks.options().hasCode();
    const auto side = image.size(2);
    const auto small = torch::avg_pool2d(image, 2);
    const double least = rms(residual);
    const double most = least * std::pow(10, kMostRiseDb / 20);
    const auto views = viewsFor(hasCode);
    Tensor result = residual;
    double level = least;
    int steps = 0;
    std::size_t readable = 0;  // views in a row that read
    for (std::size_t v = 0; readable < views.size() && steps < kMaxSteps; v = (v + 1) % views.size()) {
        const at::AutoGradMode differentiate(true);
        const auto leaf = result.detach().requires_grad_(true);
        const auto enlarged = torch::upsample_bilinear2d(leaf, {side, side}, false);
        const auto marked = (small + torch::avg_pool2d(enlarged, 2)).clamp(-1, 1);
        Tensor seen;
        if (views[v].isCodec()) {
            const auto decoded = views[v].apply((image + enlarged.detach()).clamp(-1, 1));
            seen = marked + (torch::avg_pool2d(decoded, 2) - marked).detach();
        } else {
            seen = views[v].apply(marked);
        }
        const auto outcome = hasCode
                                 ? codeOutcome(networks, seen, code, views[v].kind != PhotometricAttack::None)
                                 : presenceOutcome(networks, seen);
        if (outcome.reads) {
            ++readable;
            continue;
        }
        readable = 0;
        if (++steps > kPatience) level = std::min(level * std::pow(10, kStrengthRiseDb / 20), most);
        const auto slope = torch::autograd::grad({outcome.loss}, {leaf})[0];
        const torch::NoGradGuard plain;
        const double steepness = rms(slope);
        if (!(steepness > 0)) break;
        result = result.detach() - slope * (kStepSize * level / steepness);
        result = result * (level / rms(result));
    }
    return result.detach();
}

}  // namespace signet::signature
