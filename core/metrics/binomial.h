#pragma once

#include <cstdint>
#include <optional>

namespace signet::metrics {

/// How a p-value is corrected for the number of trials (codes compared, regions or keys tried).
enum class Correction {
    Sidak,      ///< 1 - (1 - p)^N: exact for independent trials
    Bonferroni  ///< min(1, N p): holds for any dependence
};

/// log10 P(X >= k) for X ~ Bin(n, q), summed in log space so that it never underflows; 0 for k <= 0, minus
/// infinity for k > n. Throws BadOption unless n >= 0 and 0 <= q <= 1.
double log10BinomialTail(std::int64_t n, std::int64_t k, double q = 0.5);

/// The log10 of a p-value corrected for trials >= 1 independent or dependent trials; log10P <= 0.
double correctedLog10P(double log10P, double trials, Correction correction = Correction::Sidak);

/// The smallest k of n agreeing bits whose corrected p-value is at most alpha (spec 2.7: 103 for n = 128, 1e6
/// trials, alpha 1e-6); nothing where even k = n is not rare enough. Throws BadOption unless n >= 0, trials
/// >= 1, 0 < alpha < 1.
std::optional<std::int64_t> matchThreshold(std::int64_t n, double alpha, double trials = 1,
                                           Correction correction = Correction::Sidak);

}  // namespace signet::metrics
