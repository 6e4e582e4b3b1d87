#pragma once

#include <array>

namespace signet::metrics {

using Matrix3 = std::array<std::array<double, 3>, 3>;

/// Linear sRGB to XYZ of the white Y = 1 (IEC 61966-2-1).
inline constexpr Matrix3 kXyzOfRgb{
    {{0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}}};

/// A level of sRGB, 0..255, as linear light, 0..1.
double linearLight(double level);

/// A colour in CIELAB, relative to the white of sRGB (D65).
struct Lab {
    double lightness = 0;
    double a = 0;
    double b = 0;
};

Lab labOfXyz(const std::array<double, 3>& xyz);

/// The colour difference CIEDE2000 with kL = kC = kH = 1 (Sharma, Wu & Dalal 2005, "The CIEDE2000
/// color-difference formula", Color Research and Application 30, 21-30; their 34 pairs are in
/// test_visible_difference).
double ciede2000(const Lab& first, const Lab& second);

}  // namespace signet::metrics
