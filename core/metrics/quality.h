#pragma once

#include <limits>
#include <span>

#include "core/image/image.h"
#include "core/metrics/intervals.h"

namespace signet::metrics {

/// All functions compare two images of one size as 8-bit RGB (image::toRgb8: 16-bit samples rounded, grey
/// repeated, alpha dropped). They throw BadOption when the sizes differ or an image is empty.

/// Mean squared error over all pixels and three channels, in squared 8-bit levels.
double mse(const image::Image& a, const image::Image& b);

/// 10 log10(255^2 / mse) dB; +infinity for mse 0 (JSON writers turn that into null).
double psnrFromMse(double mse);

/// Peak signal-to-noise ratio in dB of two images; +infinity for identical ones.
double psnr(const image::Image& a, const image::Image& b);

/// Structural similarity as in Wang et al. 2004: 11x11 Gaussian window of sigma 1.5, population covariance,
/// K1 = 0.01, K2 = 0.03, L = 255, windows wholly inside the image, mean per channel, then over channels.
/// Throws TooSmall under 11 px.
double ssim(const image::Image& a, const image::Image& b);

/// The mean of the same index over a regular grid of at most maxWindows of those windows (all of them when
/// there are no more): an estimate within milliseconds for images of many megapixels. Throws TooSmall,
/// BadOption (maxWindows < 1).
double ssimSampled(const image::Image& a, const image::Image& b, int maxWindows = 4096);

/// A mean with its 95 % interval by Student's t.
struct MeanCi95 {
    double mean = 0;
    Interval ci95{0, 0};
    double standardDeviation = 0;
    int n = 0;         ///< finite values, the ones averaged
    int excluded = 0;  ///< values left out because they are not finite (PSNR of identical images)
};

/// Mean of per-image values, e.g. of PSNR in dB (the mean of dB, not the dB of the mean error). mean is NaN
/// for n = 0. possible: what the values can be; the interval stays inside, and is all of it for fewer than
/// two values. Where all values are the same, Student's interval would have no width: it is then that of an
/// exact binomial, as another image may differ with a probability up to 1 - L (L: the lower Clopper-Pearson
/// limit of n in n) and by as much as is possible, mean L + (1 - L) possible.
MeanCi95 meanAndCi95(std::span<const double> values,
                     const Interval& possible = {-std::numeric_limits<double>::infinity(),
                                                 std::numeric_limits<double>::infinity()});

}  // namespace signet::metrics
