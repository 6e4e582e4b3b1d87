#pragma once

#include <torch/types.h>

#include <array>
#include <functional>
#include <string_view>
#include <vector>

#include "core/attacks/paper_draw.h"
#include "core/base/random.h"

namespace signet::attacks {

/// Photometric attacks for training, on [B,3,H,W] batches in [-1,1]. Real codecs and the last four, which are
/// what evaluations do to an image (perturbation.h), pass the gradient straight through; the rest is
/// differentiable. The result is not clipped where the real attack would not clip in between.
enum class PhotometricAttack {
    None,
    Jpeg,
    WebP,
    Avif,
    Noise,
    Blur,
    Resize,
    Brightness,
    Contrast,
    Colour,
    Saturation,
    Hue,
    Gamma,
    Posterise,
    Median,
    Equalise,
    Palette,
    Overlay
};
/// Those that the first tasks draw from: their runs go on as they began.
inline constexpr std::array<PhotometricAttack, 9> kPhotometricAttacks{
    PhotometricAttack::None,       PhotometricAttack::Jpeg,     PhotometricAttack::WebP,
    PhotometricAttack::Noise,      PhotometricAttack::Blur,     PhotometricAttack::Resize,
    PhotometricAttack::Brightness, PhotometricAttack::Contrast, PhotometricAttack::Colour};

std::string_view toString(PhotometricAttack attack);

/// Ranges drawn from, at full strength.
struct PhotometricRanges {
    int jpegLow = 40, jpegHigh = 95;
    int webpLow = 40, webpHigh = 95;
    int avifLow = 35, avifHigh = 90;
    double noiseSigma = 0.06;                  ///< up to, in [0,1] units
    double blurLow = 0.2, blurHigh = 2.0;      ///< sigma, px
    double resizeLow = 0.4;                    ///< down to this factor and back
    double factorLow = 0.5, factorHigh = 1.6;  ///< brightness and contrast
    double greyShare = 0.3;                    ///< of the changes of saturation: to none at all
    double saturationHigh = 2;
    double hue = 0.15;  ///< up to this share of the colour circle, either way
    double gammaLow = 0.5, gammaHigh = 2.0;
    int bitsLow = 3, bitsHigh = 5;  ///< left by posterising
    int medianHigh = 5;             ///< odd, px
    int coloursLow = 32, coloursHigh = 256;
    double overlayLow = 0.05, overlayHigh = 0.2;  ///< share of the area under an opaque plate
};

/// What one attack on some images draws. Every image gets the same kind and parameters, codecs a quality
/// each. Drawing stands apart from applying, so that processes that share the images draw alike.
struct PhotometricDraw {
    PhotometricAttack attack = PhotometricAttack::None;
    std::array<double, 4> values{};  ///< its parameters, in the order they are drawn
    std::uint64_t seed = 0;          ///< of the noise; of the plate, which every image gets for itself
    struct Codec {
        int quality;
        bool subsample;
    };
    std::vector<Codec> codecs;  ///< an image each
};
PhotometricDraw drawPhotometric(PhotometricAttack attack, std::int64_t images,
                                const PhotometricRanges& ranges, StepRandom& random);

/// Attacks x, which holds those of the images drawn for that begin with the first-th.
torch::Tensor apply(const PhotometricDraw& draw, const torch::Tensor& x, std::int64_t first = 0);

/// Draws for x and attacks it.
torch::Tensor apply(PhotometricAttack attack, const torch::Tensor& x, const PhotometricRanges& ranges,
                    StepRandom& random);

/// Attacks a batch that processes may share, in groups of so many images: each group has the draws that
/// drawChain(images of the group) gives, applied in their order. Drawn for all images, so that every process
/// draws alike; x holds those that begin with the first-th.
torch::Tensor applyInGroups(
    const torch::Tensor& x, std::int64_t first, std::int64_t all, std::int64_t group,
    const std::function<std::vector<PhotometricDraw>(std::int64_t images)>& drawChain);

/// 8-bit rounding, straight-through: forward value quantised, gradient identity (paper A, "padding to
/// 1/255"). truncate follows the reference code (fact sheet 1.2), else rounds to nearest as an image writer
/// does.
torch::Tensor quantizeStraightThrough(const torch::Tensor& x, bool truncate);

/// Paper A's augmentation (fact sheet 1.4), one draw a batch: rotation, blur, flip in this order.
torch::Tensor paperAugment(const torch::Tensor& x, PaperSource source, const PaperDraw& draw);
torch::Tensor paperAugment(const torch::Tensor& x, PaperSource source, StepRandom& random);
/// The same with a draw for each of `all` images, of which x holds those that begin with the first-th.
torch::Tensor paperAugmentEach(const torch::Tensor& x, std::int64_t first, std::int64_t all,
                               PaperSource source, StepRandom& random);
/// Where a picture lies in what a draw makes of it: the map from the view's places to the picture's, [1,2,3]
/// in [-1,1] units.
torch::Tensor paperMap(const PaperDraw& draw);

/// How far a geometric attack goes.
struct GeometricRanges {
    double identityShare = 0.2;
    double cropSide = 0.65;  ///< down to this share of each side
    double aspect = 0.08;    ///< the two sides of a crop differ by up to this factor
    double rotationDegrees = 12;
    double flipShare = 0;
};

/// Maps from attacked-view coordinates to original coordinates, [batch,2,3], drawn at strength 0..1.
torch::Tensor drawGeometry(std::int64_t batch, const GeometricRanges& ranges, double strength,
                           StepRandom& random);

}  // namespace signet::attacks
