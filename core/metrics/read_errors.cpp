#include "core/metrics/read_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace signet::metrics {
namespace {

constexpr double kStep = 0.01;         ///< of log10 odds
constexpr double kSurest = 1 - 1e-12;  ///< keeps odds finite

}  // namespace

double supportedProbability(double p, int n) {
    return std::clamp(p, 0.5, std::max(0.5, 1 - 1.0 / (std::max(0, n) + 1)));
}

ReadErrors::ReadErrors(std::span<const double> probabilityRight) {
    std::vector<double> chances{1};  // P(sum == index)
    for (const double given : probabilityRight) {
        if (!(given >= 0.5 && given <= 1))
            throw Error(ErrorCode::BadOption,
                        fmt::format("{} is no probability of a bit read right (0.5 to 1)", given));
        const double p = std::min(given, kSurest);
        m_logOdds.push_back(std::log10(p / (1 - p)));
        const int weight = static_cast<int>(std::lround(m_logOdds.back() / kStep));
        m_weights.push_back(weight);
        const std::size_t before = chances.size();
        chances.resize(before + static_cast<std::size_t>(weight), 0);
        for (std::size_t i = chances.size(); i-- > 0;) {
            const double right = i < before ? p * chances[i] : 0;
            const auto from = static_cast<std::ptrdiff_t>(i) - weight;
            chances[i] = right + (from >= 0 ? (1 - p) * chances[static_cast<std::size_t>(from)] : 0);
        }
    }
    // from the rare end, where sums of small chances keep their digits
    m_tail = std::move(chances);
    for (std::size_t i = m_tail.size() - 1; i-- > 0;) m_tail[i] += m_tail[i + 1];
}

void ReadErrors::requireLength(std::size_t length) const {
    if (length != m_weights.size())
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} bits are compared with {}", length, m_weights.size()));
}

double ReadErrors::log10Likelihood(std::span<const std::uint8_t> differs) const {
    requireLength(differs.size());
    double sum = 0;
    for (std::size_t i = 0; i < differs.size(); ++i)
        if (differs[i] != 0) sum -= m_logOdds[i];
    return sum;
}

double ReadErrors::log10Tail(std::span<const std::uint8_t> differs) const {
    requireLength(differs.size());
    std::size_t sum = 0;
    for (std::size_t i = 0; i < differs.size(); ++i)
        if (differs[i] != 0) sum += static_cast<std::size_t>(m_weights[i]);
    return std::min(0.0, std::log10(m_tail[sum]));
}

}  // namespace signet::metrics
