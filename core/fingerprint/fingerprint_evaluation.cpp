#include "core/fingerprint/fingerprint_evaluation.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/fingerprint/code_search.h"
#include "core/metrics/binomial.h"

namespace signet::fingerprint {
namespace {

constexpr std::array kLevels = {0.1, 0.01, 0.001};
constexpr std::uint64_t kCodeStream = 61;

}  // namespace

void BitTally::add(const std::vector<std::uint8_t>& code, std::span<const float> logits) {
    const auto read = codeOf(logits);
    std::int64_t right = 0;
    for (std::size_t i = 0; i < code.size(); ++i) right += read[i] == code[i];
    add(right, static_cast<std::int64_t>(code.size()));
}

void BitTally::add(std::int64_t right, std::int64_t bits) {
    const double share = static_cast<double>(right) / static_cast<double>(bits);
    m_sum += share;
    m_squares += share * share;
    m_right += right;
    m_whole += right == bits;
    m_fewest = m_pictures == 0 ? right : std::min(m_fewest, right);
    ++m_pictures;
}

metrics::Interval BitTally::interval() const {
    return metrics::shareMeanInterval(m_sum, m_squares, static_cast<double>(m_pictures));
}

BitTally readBack(FingerprintModel& model, std::int64_t pictures, std::uint64_t seed,
                  const WorkContext& context) {
    if (pictures < 2) throw Error(ErrorCode::BadOption, "at least two pictures are drawn");
    BitTally tally;
    model.draw(seed, pictures, context,
               [&](const std::vector<std::uint8_t>& code, const image::Image& picture) {
                   tally.add(code, model.decode(picture));
               });
    return tally;
}

NullMeasure::NullMeasure(int bits, std::int64_t codesEach, std::uint64_t seed)
    : m_bits(bits),
      m_codesEach(codesEach),
      m_seed(seed),
      m_ones(static_cast<std::size_t>(bits)),
      m_atMost(kLevels.size()) {}

void NullMeasure::add(std::span<const float> logits) {
    const auto code = codeOf(logits);
    for (std::size_t i = 0; i < code.size(); ++i) m_ones[i] += code[i];
    PackedCodes codes(m_bits);
    StepRandom random(m_seed, kCodeStream, static_cast<std::uint64_t>(m_images));
    codes.addRandom(static_cast<std::size_t>(m_codesEach), random);
    const auto nearest = nearestCodes(codes, PackedCodes::packed(code), 1, 1);
    const double log10P =
        metrics::correctedLog10P(metrics::log10BinomialTail(m_bits, m_bits - nearest.front().differing),
                                 static_cast<double>(m_codesEach));
    for (std::size_t level = 0; level < kLevels.size(); ++level)
        m_atMost[level] += log10P <= std::log10(kLevels[level]);
    m_smallestLog10P = std::min(m_smallestLog10P, log10P);
    ++m_images;
}

Json NullMeasure::report() const {
    Json report = {{"images", m_images}, {"bits", m_bits}, {"codes_each", m_codesEach}};
    if (m_images == 0) return report;
    const auto n = static_cast<double>(m_images);
    double mean = 0, farthest = 0, alike = 0;
    std::size_t mostBiased = 0;
    for (std::size_t i = 0; i < m_ones.size(); ++i) {
        const double share = static_cast<double>(m_ones[i]) / n;
        mean += share / m_bits;
        alike += (share * share + (1 - share) * (1 - share)) / m_bits;
        if (std::abs(share - 0.5) > farthest) {
            farthest = std::abs(share - 0.5);
            mostBiased = i;
        }
    }
    report["ones_share"] = mean;
    report["most_biased_bit"] = {{"bit", mostBiased},
                                 {"ones_share", static_cast<double>(m_ones[mostBiased]) / n}};
    // Of two images' codes: 0.5 where bits are even and images say nothing of each other.
    report["bits_alike_of_two_images"] = alike;
    report["smallest_log10_p"] = m_smallestLog10P;
    report["p_at_most"] = Json::array();
    for (std::size_t level = 0; level < kLevels.size(); ++level) {
        const auto interval = metrics::clopperPearson(m_atMost[level], m_images);
        report["p_at_most"].push_back({{"p", kLevels[level]},
                                       {"images", m_atMost[level]},
                                       {"share", static_cast<double>(m_atMost[level]) / n},
                                       {"lower95", interval.lower},
                                       {"upper95", interval.upper}});
    }
    return report;
}

}  // namespace signet::fingerprint
