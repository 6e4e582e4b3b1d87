#include "core/fingerprint/immunisation.h"

#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/attacks/tensor_attacks.h"
#include "core/base/error.h"

namespace signet::fingerprint {

using torch::Tensor;

namespace {

constexpr std::array kKinds{"crop", "blur", "jpeg", "noise"};
constexpr double kUntouched = 0.5;
constexpr double kCutLeast = 0.05, kCutMost = 0.20;  ///< of the area
constexpr double kBlurMost = 1.7;                    ///< px, of a kernel of 9
constexpr double kNoiseMost = 20.0 / 255;            ///< of the range [0,1]

/// Cut to a part anywhere and resized back.
Tensor cropped(const Tensor& x, StepRandom& random) {
    const double side = std::sqrt(1 - random.uniform(kCutLeast, kCutMost));
    const auto part = [&](std::int64_t whole) {
        const auto length = std::max<std::int64_t>(1, std::llround(static_cast<double>(whole) * side));
        const auto first =
            static_cast<std::int64_t>(random.index(static_cast<std::uint64_t>(whole - length + 1)));
        return std::pair(first, first + length);
    };
    const auto [top, bottom] = part(x.size(2));
    const auto [left, right] = part(x.size(3));
    return torch::upsample_bilinear2d(x.slice(2, top, bottom).slice(3, left, right), {x.size(2), x.size(3)},
                                      false);
}

}  // namespace

Tensor perturbed(const std::string& immunise, const Tensor& x, StepRandom& random) {
    if (immunise == "none" || random.chance(kUntouched)) return x;
    const std::string kind = immunise == "all" ? kKinds[random.index(kKinds.size())] : immunise;
    if (kind == "crop") return cropped(x, random);
    attacks::PhotometricRanges ranges;
    ranges.jpegLow = 10;
    ranges.jpegHigh = 75;
    ranges.blurHigh = kBlurMost;
    ranges.noiseSigma = kNoiseMost;
    using enum attacks::PhotometricAttack;
    if (kind == "jpeg") return attacks::apply(Jpeg, x, ranges, random);
    if (kind == "blur") return attacks::apply(Blur, x, ranges, random);
    if (kind == "noise") return attacks::apply(Noise, x, ranges, random);
    throw Error(ErrorCode::BadOption, "pictures are not immunised against \"" + kind + "\"");
}

}  // namespace signet::fingerprint
