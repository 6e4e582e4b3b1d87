#include "core/metrics/cielab.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace signet::metrics {
namespace {

constexpr std::array<double, 3> kWhite{0.9505, 1.0, 1.089};  ///< kXyzOfRgb of (1, 1, 1)
constexpr double kDegree = std::numbers::pi / 180;

/// Hue angle in degrees, 0..360; 0 for grey.
double hueOf(double a, double b) {
    if (a == 0 && b == 0) return 0;
    const double angle = std::atan2(b, a) / kDegree;
    return angle < 0 ? angle + 360 : angle;
}

double seventhPowerRatio(double chroma) {
    const double power = std::pow(chroma, 7);
    return std::sqrt(power / (power + 6103515625.0));  // 25^7
}

}  // namespace

double linearLight(double level) {
    const double v = level / 255;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

Lab labOfXyz(const std::array<double, 3>& xyz) {
    std::array<double, 3> f{};
    for (std::size_t i = 0; i < 3; ++i) {
        const double t = std::max(0.0, xyz[i] / kWhite[i]);
        constexpr double kEdge = 6.0 / 29;
        f[i] = t > kEdge * kEdge * kEdge ? std::cbrt(t) : t / (3 * kEdge * kEdge) + 4.0 / 29;
    }
    return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

double ciede2000(const Lab& first, const Lab& second) {
    // Equation numbers of Sharma, Wu & Dalal 2005.
    const double meanChroma =
        (std::hypot(first.a, first.b) + std::hypot(second.a, second.b)) / 2;  // (2), (3)
    const double g = 0.5 * (1 - seventhPowerRatio(meanChroma));               // (4)
    const double a1 = (1 + g) * first.a;                                      // (5)
    const double a2 = (1 + g) * second.a;
    const double c1 = std::hypot(a1, first.b);  // (6)
    const double c2 = std::hypot(a2, second.b);
    const double h1 = hueOf(a1, first.b);  // (7)
    const double h2 = hueOf(a2, second.b);
    const bool grey = c1 * c2 == 0;
    const double dL = second.lightness - first.lightness;  // (8)
    const double dC = c2 - c1;                             // (9)
    double turn = grey ? 0 : h2 - h1;                      // (10)
    if (turn > 180) turn -= 360;
    if (turn < -180) turn += 360;
    const double dH = 2 * std::sqrt(c1 * c2) * std::sin(turn / 2 * kDegree);  // (11)
    const double lightness = (first.lightness + second.lightness) / 2;        // (12)
    const double chroma = (c1 + c2) / 2;                                      // (13)
    double hue = h1 + h2;                                                     // (14)
    if (!grey) {
        if (std::abs(h1 - h2) > 180) hue += hue < 360 ? 360 : -360;
        hue /= 2;
    }
    const double t = 1 - 0.17 * std::cos((hue - 30) * kDegree) + 0.24 * std::cos(2 * hue * kDegree) +
                     0.32 * std::cos((3 * hue + 6) * kDegree) -
                     0.20 * std::cos((4 * hue - 63) * kDegree);             // (15)
    const double rotation = 30 * std::exp(-std::pow((hue - 275) / 25, 2));  // (16)
    const double rc = 2 * seventhPowerRatio(chroma);                        // (17)
    const double offset = (lightness - 50) * (lightness - 50);
    const double sl = 1 + 0.015 * offset / std::sqrt(20 + offset);  // (18)
    const double sc = 1 + 0.045 * chroma;                           // (19)
    const double sh = 1 + 0.015 * chroma * t;                       // (20)
    const double rt = -std::sin(2 * rotation * kDegree) * rc;       // (21)
    const double l = dL / sl, c = dC / sc, h = dH / sh;
    return std::sqrt(std::max(0.0, l * l + c * c + h * h + rt * c * h));  // (22)
}

}  // namespace signet::metrics
