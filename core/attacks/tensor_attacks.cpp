#include "core/attacks/tensor_attacks.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/attacks/perturbation.h"
#include "core/base/error.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/encode_avif.h"
#include "core/nn/image_random.h"

namespace signet::attacks {

using torch::Tensor;

namespace {

constexpr double kRadians = std::numbers::pi / 180;
constexpr double kRounding = 1.0 / 127.5;  ///< a grey level: more than rounding to 8 bits changes

std::vector<std::uint8_t> encoded(const image::Image& picture, PhotometricAttack codec,
                                  const PhotometricDraw::Codec& how) {
    if (codec == PhotometricAttack::Avif) return image::encodeAvif(picture, how.quality);
    const auto format = codec == PhotometricAttack::WebP ? image::Format::WebP : image::Format::Jpeg;
    return image::encode(picture, {.format = format, .quality = how.quality, .subsample = how.subsample});
}

/// What a change makes of every 8-bit picture of a batch: change(number in x, picture).
template <typename Change>
Tensor changedPictures(const Tensor& x, const Change& change) {
    const auto bytes = ((x.detach().clamp(-1, 1) + 1) * 127.5)
                           .round()
                           .to(torch::kCPU, torch::kUInt8)
                           .permute({0, 2, 3, 1})
                           .contiguous();
    auto changed = torch::empty_like(bytes);
    const int height = static_cast<int>(bytes.size(1));
    const int width = static_cast<int>(bytes.size(2));
    for (std::int64_t i = 0; i < bytes.size(0); ++i) {
        image::Image picture = image::makeImage(width, height, 3);
        std::memcpy(picture.data.data(), bytes[i].data_ptr(), picture.data.size());
        const image::Image after = change(i, picture);
        std::memcpy(changed[i].data_ptr(), after.data.data(), picture.data.size());
    }
    return changed.permute({0, 3, 1, 2}).to(x.device(), torch::kFloat32) / 127.5 - 1;
}

/// result, with the gradient of x.
Tensor straightThrough(const Tensor& x, const Tensor& result) {
    return x + (result - x).detach();
}

/// Every image encoded and decoded by the real codec.
Tensor throughCodec(const Tensor& x, PhotometricAttack codec, const PhotometricDraw::Codec* how) {
    return straightThrough(x, changedPictures(x, [&](std::int64_t i, const image::Image& picture) {
                               return image::decode(encoded(picture, codec, how[i])).image;
                           }));
}

/// A step of an evaluation on every image, the images' numbers beginning with first.
Tensor throughStep(const Tensor& x, const Step& step, std::uint64_t seed, std::int64_t first) {
    return changedPictures(x, [&](std::int64_t i, const image::Image& picture) {
        return apply(picture, Perturbation{{step}}, mixedSeed(seed, static_cast<std::uint64_t>(first + i)));
    });
}

Tensor gaussianKernel(double sigma, int radius) {
    const auto offsets = torch::arange(-radius, radius + 1, torch::kFloat32);
    const auto kernel = torch::exp(-offsets.square() / (2 * sigma * sigma));
    return kernel / kernel.sum();
}

Tensor blur(const Tensor& x, double sigma, int radius, bool reflect) {
    const auto kernel = gaussianKernel(sigma, radius).to(x.device());
    const int size = 2 * radius + 1;
    auto padded = reflect ? torch::reflection_pad2d(x, {radius, radius, radius, radius})
                          : torch::constant_pad_nd(x, {radius, radius, radius, radius}, 0);
    const auto along = [&](const Tensor& t, at::IntArrayRef shape) {
        return at::conv2d(t, kernel.view(shape).expand({3, 1, shape[2], shape[3]}), {}, at::IntArrayRef{1, 1},
                          at::IntArrayRef{0, 0}, at::IntArrayRef{1, 1}, 3);
    };
    return along(along(padded, {1, 1, 1, size}), {1, 1, size, 1});
}

/// Rec. 601, [B,1,H,W].
Tensor luminance(const Tensor& x) {
    return x.slice(1, 0, 1) * 0.299 + x.slice(1, 1, 2) * 0.587 + x.slice(1, 2, 3) * 0.114;
}

/// Turns the plane of colours of YIQ (NTSC 1953) by a share of the circle: [3,3] on RGB.
Tensor hueRotation(double share) {
    const double c = std::cos(2 * std::numbers::pi * share), s = std::sin(2 * std::numbers::pi * share);
    const auto toYiq =
        torch::tensor({0.299, 0.587, 0.114, 0.596, -0.274, -0.322, 0.211, -0.523, 0.312}, torch::kFloat64)
            .view({3, 3});
    const auto turn = torch::tensor({1.0, 0.0, 0.0, 0.0, c, -s, 0.0, s, c}, torch::kFloat64).view({3, 3});
    return torch::matmul(torch::linalg_inv(toYiq), torch::matmul(turn, toYiq)).to(torch::kFloat32);
}

}  // namespace

std::string_view toString(PhotometricAttack attack) {
    switch (attack) {
        case PhotometricAttack::None:
            return "none";
        case PhotometricAttack::Jpeg:
            return "jpeg";
        case PhotometricAttack::WebP:
            return "webp";
        case PhotometricAttack::Avif:
            return "avif";
        case PhotometricAttack::Noise:
            return "noise";
        case PhotometricAttack::Blur:
            return "blur";
        case PhotometricAttack::Resize:
            return "resize";
        case PhotometricAttack::Brightness:
            return "brightness";
        case PhotometricAttack::Contrast:
            return "contrast";
        case PhotometricAttack::Colour:
            return "colour";
        case PhotometricAttack::Saturation:
            return "saturation";
        case PhotometricAttack::Hue:
            return "hue";
        case PhotometricAttack::Gamma:
            return "gamma";
        case PhotometricAttack::Posterise:
            return "posterise";
        case PhotometricAttack::Median:
            return "median";
        case PhotometricAttack::Equalise:
            return "equalise";
        case PhotometricAttack::Palette:
            return "palette";
        case PhotometricAttack::Overlay:
            return "overlay";
    }
    return "none";
}

PhotometricDraw drawPhotometric(PhotometricAttack attack, std::int64_t images, const PhotometricRanges& r,
                                StepRandom& random) {
    PhotometricDraw draw;
    draw.attack = attack;
    const auto drawCodecs = [&](int low, int high) {
        for (std::int64_t i = 0; i < images; ++i) {
            const int quality = random.between(low, high);
            draw.codecs.push_back({quality, random.chance(0.7)});
        }
    };
    switch (attack) {
        case PhotometricAttack::None:
            break;
        case PhotometricAttack::Jpeg:
            drawCodecs(r.jpegLow, r.jpegHigh);
            break;
        case PhotometricAttack::WebP:
            drawCodecs(r.webpLow, r.webpHigh);
            break;
        case PhotometricAttack::Avif:
            drawCodecs(r.avifLow, r.avifHigh);
            break;
        case PhotometricAttack::Noise:
            draw.values[0] = random.uniform(0, r.noiseSigma);
            draw.seed = random.bits();
            break;
        case PhotometricAttack::Blur:
            draw.values = {random.uniform(r.blurLow, r.blurHigh), std::ceil(3 * r.blurHigh)};
            break;
        case PhotometricAttack::Resize:
            draw.values[0] = random.uniform(r.resizeLow, 0.95);
            break;
        case PhotometricAttack::Brightness:
        case PhotometricAttack::Contrast:
            draw.values[0] = random.uniform(r.factorLow, r.factorHigh);
            break;
        case PhotometricAttack::Colour:
            draw.values[0] = random.uniform(0.5, 1.5);
            for (std::size_t channel = 1; channel <= 3; ++channel)
                draw.values[channel] = random.uniform(0.9, 1.1);
            break;
        case PhotometricAttack::Saturation:
            draw.values[0] = random.chance(r.greyShare) ? 0 : random.uniform(0, r.saturationHigh);
            break;
        case PhotometricAttack::Hue:
            draw.values[0] = random.uniform(-r.hue, r.hue);
            break;
        case PhotometricAttack::Gamma:
            draw.values[0] = std::exp(random.uniform(std::log(r.gammaLow), std::log(r.gammaHigh)));
            break;
        case PhotometricAttack::Posterise:
            draw.values[0] = random.between(r.bitsLow, r.bitsHigh);
            break;
        case PhotometricAttack::Median:
            draw.values[0] = 1 + 2 * random.between(1, (r.medianHigh - 1) / 2);
            break;
        case PhotometricAttack::Equalise:
            break;
        case PhotometricAttack::Palette:
            draw.values[0] = random.between(r.coloursLow, r.coloursHigh);
            break;
        case PhotometricAttack::Overlay:
            draw.values[0] = random.uniform(r.overlayLow, r.overlayHigh);
            draw.seed = random.bits();
            break;
    }
    return draw;
}

Tensor apply(const PhotometricDraw& draw, const Tensor& x, std::int64_t first) {
    const auto& [value, second, third, fourth] = draw.values;
    switch (draw.attack) {
        case PhotometricAttack::None:
            return x;
        case PhotometricAttack::Jpeg:
        case PhotometricAttack::WebP:
        case PhotometricAttack::Avif:
            return throughCodec(x, draw.attack, draw.codecs.data() + first);
        case PhotometricAttack::Noise:
            return x + nn::normalLike(x, draw.seed, first) * (2 * value);
        case PhotometricAttack::Blur:
            return blur(x, value, static_cast<int>(second), true);
        case PhotometricAttack::Resize: {
            const auto small = static_cast<std::int64_t>(std::lround(static_cast<double>(x.size(2)) * value));
            return torch::upsample_bilinear2d(at::_upsample_bilinear2d_aa(x, {small, small}, false),
                                              {x.size(2), x.size(3)}, false);
        }
        case PhotometricAttack::Brightness:
            return ((x + 1) * value).clamp(0, 2) - 1;
        case PhotometricAttack::Contrast: {
            const auto mean = x.mean({1, 2, 3}, true);
            return ((x - mean) * value + mean).clamp(-1, 1);
        }
        case PhotometricAttack::Colour: {
            const auto grey = x.mean(1, true);
            const auto coloured = (x - grey) * value + grey;
            const auto gains = torch::tensor({second, third, fourth}, torch::kFloat32).to(x.device());
            return ((coloured + 1) * gains.view({1, 3, 1, 1})).clamp(0, 2) - 1;
        }
        case PhotometricAttack::Saturation: {
            const auto grey = luminance(x);
            return ((x - grey) * value + grey).clamp(-1, 1);
        }
        case PhotometricAttack::Hue: {
            const auto turned = torch::matmul(hueRotation(value).to(x.device()), x.flatten(2));
            return turned.view_as(x).clamp(-1, 1);
        }
        case PhotometricAttack::Gamma:
            // Away from 0, where the gradient of a root has no bound.
            return ((x + 1) * 0.5).clamp(1.0 / 255, 1).pow(value) * 2 - 1;
        case PhotometricAttack::Posterise: {
            const double step = std::exp2(8 - value);  // the upper bits stay, as Pillow's posterize does it
            const auto levels = ((x.detach().clamp(-1, 1) + 1) * 127.5).round();
            return straightThrough(x, (levels / step).floor() * step / 127.5 - 1);
        }
        case PhotometricAttack::Median:
            return straightThrough(x, throughStep(x, {Kind::Median, value}, draw.seed, first));
        case PhotometricAttack::Equalise:
            return straightThrough(x, throughStep(x, {Kind::Equalise, 0}, draw.seed, first));
        case PhotometricAttack::Palette:
            return straightThrough(x, throughStep(x, {Kind::Palette, value}, draw.seed, first));
        case PhotometricAttack::Overlay: {
            const auto after = throughStep(x, {Kind::Overlay, value}, draw.seed, first);
            const auto same = (after - x.detach()).abs().amax({1}, true) < kRounding;
            return torch::where(same, straightThrough(x, after), after);  // nothing is seen under the plate
        }
    }
    return x;
}

Tensor apply(PhotometricAttack attack, const Tensor& x, const PhotometricRanges& ranges, StepRandom& random) {
    return apply(drawPhotometric(attack, x.size(0), ranges, random), x);
}

Tensor applyInGroups(const Tensor& x, std::int64_t first, std::int64_t all, std::int64_t group,
                     const std::function<std::vector<PhotometricDraw>(std::int64_t)>& drawChain) {
    const std::int64_t end = first + x.size(0);
    std::vector<Tensor> parts;
    for (std::int64_t from = 0; from < all; from += group) {
        const std::int64_t to = std::min(from + group, all);
        const auto chain = drawChain(to - from);
        const std::int64_t low = std::max(from, first), high = std::min(to, end);
        if (low >= high) continue;
        auto part = x.slice(0, low - first, high - first);
        for (const auto& draw : chain) part = apply(draw, part, low - from);
        parts.push_back(part);
    }
    return torch::cat(parts);
}

Tensor quantizeStraightThrough(const Tensor& x, bool truncate) {
    const auto scaled = (x.detach().clamp(-1, 1) + 1) * 127.5;
    return straightThrough(x, (truncate ? scaled.floor() : scaled.round()) / 127.5 - 1);
}

Tensor paperMap(const PaperDraw& draw) {
    const double c = std::cos(draw.rotationDegrees * kRadians);
    const double s = std::sin(draw.rotationDegrees * kRadians);
    const double m = draw.flip ? -1 : 1;
    return torch::tensor({c * m, -s, 0.0, s * m, c, 0.0}, torch::kFloat32).view({1, 2, 3});
}

Tensor paperAugment(const Tensor& x, PaperSource source, const PaperDraw& draw) {
    const bool code = source == PaperSource::Code;
    const auto rotation = paperMap({draw.rotationDegrees, 0, false}).to(x.device()).expand({x.size(0), 2, 3});
    auto y = torch::grid_sampler(x, torch::affine_grid_generator(rotation, x.sizes(), false), code ? 1 : 0, 0,
                                 false);
    y = code ? blur(y, draw.blurSigma, 2, false) : blur(y, draw.blurSigma, 10, true);
    return draw.flip ? y.flip(3) : y;
}

Tensor paperAugment(const Tensor& x, PaperSource source, StepRandom& random) {
    return paperAugment(x, source, drawPaper(source, random));
}

Tensor paperAugmentEach(const Tensor& x, std::int64_t first, std::int64_t all, PaperSource source,
                        StepRandom& random) {
    std::vector<Tensor> images;
    for (std::int64_t i = 0; i < all; ++i) {
        const PaperDraw draw = drawPaper(source, random);
        const std::int64_t own = i - first;
        if (own >= 0 && own < x.size(0))
            images.push_back(paperAugment(x.slice(0, own, own + 1), source, draw));
    }
    return torch::cat(images);
}

Tensor drawGeometry(std::int64_t batch, const GeometricRanges& r, double strength, StepRandom& random) {
    auto maps = torch::empty({batch, 2, 3});
    auto m = maps.accessor<float, 3>();
    for (std::int64_t i = 0; i < batch; ++i) {
        double sx = 1, sy = 1, tx = 0, ty = 0, angle = 0, mirror = 1;
        if (!random.chance(r.identityShare)) {
            const double kind = random.uniform();  // 45 % crop, 35 % rotation, 20 % both
            if (kind < 0.45 || kind > 0.8) {
                const double side = random.uniform(1 - (1 - r.cropSide) * strength, 1);
                const double spread = r.aspect * strength;
                sx = std::min(1.0, side * random.uniform(1 - spread, 1 + spread));
                sy = std::min(1.0, side * random.uniform(1 - spread, 1 + spread));
                if (!random.chance(0.4)) {
                    tx = random.uniform(-(1 - sx), 1 - sx);
                    ty = random.uniform(-(1 - sy), 1 - sy);
                }
            }
            if (kind >= 0.45) {
                const double range = random.chance(0.6) ? 0.4 * r.rotationDegrees : r.rotationDegrees;
                angle = random.uniform(-range, range) * strength * kRadians;
            }
            if (random.chance(r.flipShare * strength)) mirror = -1;
        }
        const double c = std::cos(angle);
        const double s = std::sin(angle);
        m[i][0][0] = static_cast<float>(c * sx * mirror);
        m[i][0][1] = static_cast<float>(-s * sy);
        m[i][0][2] = static_cast<float>(tx);
        m[i][1][0] = static_cast<float>(s * sx * mirror);
        m[i][1][1] = static_cast<float>(c * sy);
        m[i][1][2] = static_cast<float>(ty);
    }
    return maps;
}

}  // namespace signet::attacks
