#include "core/metrics/binomial.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/metrics/log_gamma.h"

namespace signet::metrics {
namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();
const double kLn10 = std::log(10.0);

/// ln P(X = j)
double logTerm(std::int64_t n, std::int64_t j, double q) {
    const double count = static_cast<double>(n);
    const double hits = static_cast<double>(j);
    const double logChoose = logGamma(count + 1) - logGamma(hits + 1) - logGamma(count - hits + 1);
    const double logHits = j == 0 ? 0 : hits * std::log(q);
    const double logMisses = j == n ? 0 : (count - hits) * std::log1p(-q);
    return logChoose + logHits + logMisses;
}

}  // namespace

double log10BinomialTail(std::int64_t n, std::int64_t k, double q) {
    if (n < 0) throw Error(ErrorCode::BadOption, "the number of bits must not be negative");
    if (!(q >= 0 && q <= 1)) throw Error(ErrorCode::BadOption, "a probability must be between 0 and 1");
    if (k <= 0) return 0;
    if (k > n || q == 0) return kMinusInfinity;
    if (q == 1) return 0;
    // Terms fall on both sides of the mode: from the largest one in the tail outwards until they no longer
    // count.
    const auto mode = std::min(n, static_cast<std::int64_t>((static_cast<double>(n) + 1) * q));
    const std::int64_t top = std::max(k, mode);
    const double largest = logTerm(n, top, q);
    double sum = 0;
    const auto add = [&](std::int64_t j) {
        const double term = std::exp(logTerm(n, j, q) - largest);
        sum += term;
        return term > 1e-20 * sum;
    };
    for (std::int64_t j = top; j <= n && add(j); ++j) {
    }
    for (std::int64_t j = top - 1; j >= k && add(j); --j) {
    }
    return std::min(0.0, (largest + std::log(sum)) / kLn10);
}

double correctedLog10P(double log10P, double trials, Correction correction) {
    if (!(trials >= 1)) throw Error(ErrorCode::BadOption, "the number of trials must be at least 1");
    if (log10P == kMinusInfinity) return log10P;
    const double bonferroni = std::min(0.0, log10P + std::log10(trials));
    if (correction == Correction::Bonferroni || trials == 1) return bonferroni;
    if (log10P + std::log10(trials) < -12) return bonferroni;  // they agree to 12 digits, and p may underflow
    const double p = std::pow(10.0, log10P);
    if (p >= 1) return 0;
    return std::log10(-std::expm1(trials * std::log1p(-p)));
}

std::optional<std::int64_t> matchThreshold(std::int64_t n, double alpha, double trials,
                                           Correction correction) {
    if (!(alpha > 0 && alpha < 1)) throw Error(ErrorCode::BadOption, "alpha must be between 0 and 1");
    const auto rareEnough = [&](std::int64_t k) {
        return correctedLog10P(log10BinomialTail(n, k), trials, correction) <= std::log10(alpha);
    };
    if (!rareEnough(n)) return std::nullopt;
    std::int64_t low = 0;  // never rare enough: P(X >= 0) = 1
    std::int64_t high = n;
    while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        (rareEnough(middle) ? high : low) = middle;
    }
    return high;
}

}  // namespace signet::metrics
