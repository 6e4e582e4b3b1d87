#include <fmt/format.h>

#include <cmath>

#include "core/experiments/measures.h"
#include "core/experiments/paper_b.h"
#include "core/fingerprint/code_search.h"
#include "core/metrics/binomial.h"

namespace signet::experiments {
namespace {

constexpr std::size_t kRandomCodes = 1'000'000;
constexpr std::uint64_t kCodesStream = 1;

/// Any two of so many random codes agree in no more bits, but for less than one pair that is expected to.
double expectedOverlap(int bits) {
    const double pairs = 0.5 * kRandomCodes * (kRandomCodes - 1.0);
    int overlap = bits;
    while (overlap > 0 && std::log10(pairs) + metrics::log10BinomialTail(bits, overlap) < 0) --overlap;
    return static_cast<double>(overlap) / bits;
}

/// Measured of one with so many random codes.
double overlapOfOne(int bits, int threads) {
    StepRandom random(kTestSeed, kCodesStream, static_cast<std::uint64_t>(bits));
    fingerprint::PackedCodes codes(bits), one(bits);
    one.addRandom(1, random);
    codes.addRandom(kRandomCodes, random);
    const auto nearest = fingerprint::nearestCodes(codes, {one.words(0), one.wordsEach()}, 1, threads);
    return 1 - static_cast<double>(nearest.front().differing) / bits;
}

}  // namespace

std::vector<RowPlan> capacityRows(const Settings& settings) {
    std::vector<RowPlan> rows;
    for (const std::int64_t bits : settings.numbers("lengths"))
        rows.push_back({.name = fmt::format("{} bits", bits),
                        .trainings = {settings.training("fingerprint", {{"bits", bits}})},
                        .measure = [bits](Workshop& workshop, const auto& models) {
                            auto model = fingerprintModel(workshop, models[0]);
                            Json ours = bitsRead(workshop, model);
                            const int length = static_cast<int>(bits);
                            ours["overlap_of_any_two"] = expectedOverlap(length);
                            ours["overlap_of_one"] = overlapOfOne(length, workshop.threads());
                            ours["overlap_among"] = kRandomCodes;
                            return ours;
                        }});
    return rows;
}

}  // namespace signet::experiments
