#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace signet::metrics {

/// The surest probability that n independent observations support: one more error than was seen is supposed,
/// as the bounds of the likelihood ratios do (Vergeer et al. 2016), so that nothing above 1 - 1/(n + 1) is
/// claimed; 1/2 where nothing was observed. p in [0.5, 1].
double supportedProbability(double p, int n);

/// Whether a code that was read with errors could be another one. Given how probably each bit was read right
/// (p_i), the read code is the most likely one; a code that differs from it in the bits D is less likely by
/// the factor prod over D of (1 - p_i) / p_i (the L-values of Hagenauer, Offer and Papke 1996, IEEE
/// Trans. Inf. Theory 42(2), 429-445, for independent bits that are equally probably 0 and 1). How far below
/// 1 that factor lies is also the statistic of a test of the hypothesis that the differing code was embedded:
/// each bit is then wrong with probability 1 - p_i, and the tail is the chance of a factor at least so
/// small. The distribution is exact for the weights log10(p_i / (1 - p_i)) rounded to 0.01.
class ReadErrors {
public:
    /// probabilityRight: one a bit, in [0.5, 1). Throws BadOption for others.
    explicit ReadErrors(std::span<const double> probabilityRight);

    /// log10 of the likelihood of a code over that of the code read; <= 0. differs: one a bit, not 0 where
    /// the two differ. Throws BadOption where the lengths differ.
    double log10Likelihood(std::span<const std::uint8_t> differs) const;
    /// log10 of the chance that reading an embedded code errs at least so surely; 0 where none differs.
    double log10Tail(std::span<const std::uint8_t> differs) const;

private:
    void requireLength(std::size_t length) const;

    std::vector<double> m_logOdds;  ///< log10(p / (1 - p))
    std::vector<int> m_weights;     ///< the same in steps
    std::vector<double> m_tail;     ///< P(sum of the wrong bits' weights >= index)
};

}  // namespace signet::metrics
