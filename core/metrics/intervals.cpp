#include "core/metrics/intervals.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/metrics/log_gamma.h"

namespace signet::metrics {
namespace {

/// The continued fraction of I_x(a, b) (DLMF 8.17.22), converging fast for x < (a + 1) / (a + b + 2).
double betaContinuedFraction(double a, double b, double x) {
    constexpr double kTiny = 1e-300;
    constexpr double kEps = std::numeric_limits<double>::epsilon();
    constexpr int kMaxTerms = 100'000;  // about sqrt(max(a, b)) are needed
    const auto notZero = [](double v) { return std::abs(v) < kTiny ? kTiny : v; };
    double c = 1;
    double d = 1 / notZero(1 - (a + b) * x / (a + 1));
    double h = d;
    for (int m = 1; m < kMaxTerms; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / notZero(1 + even * d);
        c = notZero(1 + even / c);
        h *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / notZero(1 + odd * d);
        c = notZero(1 + odd / c);
        const double factor = d * c;
        h *= factor;
        if (std::abs(factor - 1) <= kEps) break;
    }
    return h;
}

/// ln I_x(a, b) where the continued fraction converges fast.
double logLowerPart(double a, double b, double x) {
    return logGamma(a + b) - logGamma(a) - logGamma(b) + a * std::log(x) + b * std::log1p(-x) +
           std::log(betaContinuedFraction(a, b, x) / a);
}

/// The argument in [low, high] at which the increasing function f reaches target.
template <class F>
double bisect(F f, double target, double low, double high) {
    for (int i = 0; i < 2100; ++i) {  // down to denormals at most
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) break;
        (f(middle) < target ? low : high) = middle;
    }
    return low + (high - low) / 2;
}

void checkCounts(std::int64_t k, std::int64_t n, double alpha) {
    if (k < 0 || k > n) throw Error(ErrorCode::BadOption, fmt::format("{} of {} is no proportion", k, n));
    if (!(alpha > 0 && alpha < 1)) {
        throw Error(ErrorCode::BadOption, fmt::format("alpha is {}; it must be between 0 and 1", alpha));
    }
}

}  // namespace

double logIncompleteBeta(double a, double b, double x) {
    if (!(x > 0)) return -std::numeric_limits<double>::infinity();
    if (!(x < 1)) return 0;
    if (x < (a + 1) / (a + b + 2)) return logLowerPart(a, b, x);
    return std::log1p(-std::exp(logLowerPart(b, a, 1 - x)));
}

double regularizedIncompleteBeta(double a, double b, double x) {
    if (!(x > 0)) return 0;
    if (!(x < 1)) return 1;
    if (x < (a + 1) / (a + b + 2)) return std::exp(logLowerPart(a, b, x));
    return -std::expm1(logLowerPart(b, a, 1 - x));
}

double betaQuantile(double p, double a, double b) {
    if (!(p > 0)) return 0;
    if (!(p < 1)) return 1;
    return bisect([&](double x) { return regularizedIncompleteBeta(a, b, x); }, p, 0, 1);
}

double normalQuantile(double p) {
    if (p > 0.5) return -normalQuantile(1 - p);
    return bisect([](double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }, p, -40, 0);
}

double studentQuantile(double p, double degreesOfFreedom) {
    if (p < 0.5) return -studentQuantile(1 - p, degreesOfFreedom);
    // P(|T| > t) = I_x(v/2, 1/2) with x = v / (v + t^2)
    const double x = betaQuantile(2 * (1 - p), degreesOfFreedom / 2, 0.5);
    return std::sqrt(degreesOfFreedom * (1 - x) / x);
}

Interval clopperPearson(std::int64_t k, std::int64_t n, double alpha) {
    checkCounts(k, n, alpha);
    return {clopperPearsonLower(k, n, alpha / 2), clopperPearsonUpper(k, n, alpha / 2)};
}

double clopperPearsonUpper(std::int64_t k, std::int64_t n, double alpha) {
    checkCounts(k, n, alpha);
    if (k == n) return 1;
    if (k == 0) return -std::expm1(std::log(alpha) / static_cast<double>(n));
    return betaQuantile(1 - alpha, static_cast<double>(k + 1), static_cast<double>(n - k));
}

double clopperPearsonLower(std::int64_t k, std::int64_t n, double alpha) {
    checkCounts(k, n, alpha);
    if (k == 0) return 0;
    if (k == n) return std::exp(std::log(alpha) / static_cast<double>(n));
    return betaQuantile(alpha, static_cast<double>(k), static_cast<double>(n - k + 1));
}

Interval shareMeanInterval(double sum, double squares, double n) {
    if (n < 2) return {};
    const double mean = sum / n;
    const double variance = std::max(0.0, (squares - n * mean * mean) / (n - 1));
    const double half = studentQuantile(0.975, n - 1) * std::sqrt(variance / n);
    return {std::max(0.0, mean - half), std::min(1.0, mean + half)};
}

}  // namespace signet::metrics
