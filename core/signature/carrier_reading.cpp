#include "core/signature/carrier_reading.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <tuple>
#include <utility>

#include "core/metrics/binomial.h"
#include "core/metrics/correlation_tail.h"
#include "core/signature/in_parallel.h"
#include "core/signature/key_stream.h"
#include "core/signature/sync_refinement.h"

namespace signet::signature {
namespace {

constexpr std::size_t kHits = 8;      ///< of the search that are refined
constexpr std::size_t kRefined = 4;   ///< of these that are read, and refined once more for perspective
constexpr std::size_t kInHalves = 2;  ///< of these that halves of the view are read under, too
constexpr double kCodewords = 0x1p32;
/// Bits of less energy are not decoded: a carrier that fits well enough for a code to be named (1e-6 after
/// 2^32 codewords) has some 1e-5.
constexpr double kLog10LeastEnergy = -1;
constexpr double kWays = 2;  ///< as it is shown, and after a search: each has half of the p-value
/// From there on a view that is read as it is shown is not searched.
constexpr double kLog10Clear = -12;

double corrected(double log10P, double trials) {
    return metrics::correctedLog10P(std::min(log10P, 0.0), trials, metrics::Correction::Bonferroni);
}

/// A tile as coefficients of the band.
std::vector<float> coefficientsOf(const BandSpectrum& spectrum) {
    std::vector<float> coefficients;
    coefficients.reserve(2 * spectrum.size());
    for (const auto& value : spectrum) {
        coefficients.push_back(value.real());
        coefficients.push_back(-value.imag());
    }
    return coefficients;
}

/// The maps to read under: near the best hits.
std::vector<SyncHit> candidates(const FoldedEstimate& folded, const BandSpectrum& sync,
                                const std::vector<SyncHit>& hits) {
    const SyncRefinement refinement(folded, sync);
    std::vector<SyncHit> refined(std::min(hits.size(), kHits));
    inParallel(refined.size(), [&](std::size_t i) { refined[i] = refinement.refined(hits[i], false); });
    std::stable_sort(refined.begin(), refined.end(),
                     [](const SyncHit& a, const SyncHit& b) { return a.correlation > b.correlation; });
    refined.resize(std::min(refined.size(), kRefined));
    const std::size_t n = refined.size();
    refined.resize(2 * n);
    inParallel(n, [&](std::size_t i) { refined[n + i] = refinement.refined(refined[i], true); });
    return refined;
}

/// Signed pictures side by side may fit one pattern 0 and carry different bits.
std::array<ChipWindow, 4> halvesOf(const ChipWindow& view) {
    const int rows = view.rows / 2, columns = view.columns / 2;
    return {{{0, 0, view.rows, columns},
             {0, columns, view.rows, view.columns - columns},
             {0, 0, rows, view.columns},
             {rows, 0, view.rows - rows, view.columns}}};
}

/// One reading of the bits, before correction for the number of readings.
struct BitReading {
    double log10PEnergy = 0, log10PCode = 0;
    std::vector<float> softBits;
    std::optional<PayloadCode::Decoded> code;

    bool isBetterThan(const BitReading& other) const {
        return std::tie(log10PCode, log10PEnergy) < std::tie(other.log10PCode, other.log10PEnergy);
    }
};

BitReading readBits(const BandSpectrum& tile, const CarrierKey& key) {
    const std::vector<float> products = key.patterns.correlate(coefficientsOf(tile));
    const int bits = static_cast<int>(products.size()) - 1;
    const int dimensions = static_cast<int>(key.patterns.dimensions()) - 1;  // without pattern 0's
    BitReading reading;
    reading.softBits.assign(products.begin() + 1, products.end());
    const double rest = 1 - double{products[0]} * products[0];
    double energy = 0;
    for (const float bit : reading.softBits) energy += double{bit} * bit;
    if (!(energy > 0 && rest > 0)) return reading;  // nothing was there
    reading.log10PEnergy = metrics::log10EnergyShareTail(energy / rest, bits, dimensions);
    if (reading.log10PEnergy > kLog10LeastEnergy) return reading;
    reading.code = key.code.decode(reading.softBits);
    if (reading.code) {
        // agreement: the cosine between the bits and the codeword
        const double correlation = reading.code->agreement * std::sqrt(energy / rest);
        reading.log10PCode = corrected(metrics::log10CorrelationTail(correlation, dimensions), kCodewords);
    }
    return reading;
}

double rankAmongRandom(const FoldedEstimate& folded, double correlation, const ReadingOptions& options) {
    int asGood = 1;
    for (const SecretKey& other : randomKeys(static_cast<std::size_t>(options.randomKeys), options.seed)) {
        const PatternSet patterns(folded.band(), other, 0);
        asGood += searchSync(folded, spectrumOf(patterns.pattern(0)), 1).front().correlation >= correlation;
    }
    return asGood / (options.randomKeys + 1.0);
}

/// The view as it is shown: one geometry, known before anything is asked.
CarrierReading readAsShown(const FoldedEstimate& folded, const CarrierKey& key) {
    CarrierReading reading;
    reading.trials = reading.readings = 1;
    const BandSpectrum tile = folded.spectrumUnder(reading.map);
    reading.syncCorrelation = correlationOf(tile, key.sync);
    reading.log10PSync = corrected(
        metrics::log10CorrelationTail(reading.syncCorrelation, static_cast<int>(key.patterns.dimensions())),
        1);
    BitReading bits = readBits(tile, key);
    reading.log10PEnergy = corrected(bits.log10PEnergy, 1);
    reading.log10PCode = corrected(bits.log10PCode, 1);
    reading.softBits = std::move(bits.softBits);
    reading.code = bits.code;
    return reading;
}

CarrierReading readSearched(const FoldedEstimate& folded, const CarrierKey& key,
                            const ReadingOptions& options) {
    CarrierReading reading;
    const std::vector<SyncHit> hits = searchSync(folded, key.sync, kHits);
    reading.trials = folded.trials();
    reading.log10PSync = corrected(
        metrics::log10CorrelationTail(hits.front().correlation, static_cast<int>(key.patterns.dimensions())),
        static_cast<double>(reading.trials));
    if (options.randomKeys > 0) reading.rankP = rankAmongRandom(folded, hits.front().correlation, options);

    const std::vector<SyncHit> maps = candidates(folded, key.sync, hits);
    const std::array<ChipWindow, 4> halves = halvesOf(folded.wholeView());
    reading.readings = static_cast<int>(maps.size() + kInHalves * halves.size());
    BitReading best;
    // Under so many of the maps, in a number of windows each.
    const auto read = [&](std::size_t most, std::span<const ChipWindow> windows) {
        std::vector<BitReading> found(most * windows.size());
        inParallel(found.size(), [&](std::size_t i) {
            found[i] = readBits(
                folded.spectrumUnder(maps[i / windows.size()].map, windows[i % windows.size()]), key);
        });
        for (std::size_t i = 0; i < found.size(); ++i) {
            reading.log10PEnergy = std::min(reading.log10PEnergy, found[i].log10PEnergy);
            if (!best.softBits.empty() && !found[i].isBetterThan(best)) continue;
            best = std::move(found[i]);
            reading.map = maps[i / windows.size()].map;
            reading.syncCorrelation = maps[i / windows.size()].correlation;
        }
    };
    const ChipWindow whole = folded.wholeView();
    read(maps.size(), {&whole, 1});
    if (best.log10PCode == 0) read(std::min(kInHalves, maps.size()), halves);
    reading.log10PEnergy = corrected(reading.log10PEnergy, reading.readings);
    reading.log10PCode = corrected(best.log10PCode, reading.readings);
    reading.softBits = std::move(best.softBits);
    reading.code = best.code;
    return reading;
}

/// The presence of a reading by one of kWays, and its code where its check holds.
void conclude(CarrierReading& reading, const ReadingOptions& options) {
    reading.log10PCode = corrected(reading.log10PCode, kWays);
    reading.log10P = corrected(
        log10Product(reading.log10PSync, corrected(std::min(reading.log10PEnergy, reading.log10PCode), 2)),
        kWays);
    // The product can be more than the lesser of the two: no code of a signature that may not be there.
    if (std::max(reading.log10PCode, reading.log10P) > options.log10CodeLimit) reading.code.reset();
}

}  // namespace

CarrierKey::CarrierKey(const PatternBand& band, const SecretKey& key)
    : patterns(band, key, PayloadCode::kLength), code(key), sync(spectrumOf(patterns.pattern(0))) {}

double log10Product(double log10P, double log10Q) {
    const double sum = log10P + log10Q;
    if (std::isinf(sum)) return sum;
    return std::min(0.0, sum + std::log10(1 - sum * std::numbers::ln10));
}

CarrierReading readCarrier(const FoldedEstimate& folded, const CarrierKey& key,
                           const ReadingOptions& options) {
    CarrierReading shown = readAsShown(folded, key);
    conclude(shown, options);
    if (shown.code && shown.log10P <= kLog10Clear && options.randomKeys == 0) return shown;
    CarrierReading searched = readSearched(folded, key, options);
    conclude(searched, options);
    const auto isBetter = [](const CarrierReading& a, const CarrierReading& b) {
        return a.code.has_value() != b.code.has_value() ? a.code.has_value() : a.log10P < b.log10P;
    };
    CarrierReading& best = isBetter(shown, searched) ? shown : searched;
    best.rankP = searched.rankP;
    best.smallTiles = folded.smallTiles();
    best.trials = searched.trials + shown.trials;
    best.readings = searched.readings + shown.readings;
    return best;
}

std::vector<float> carrierFound(const CarrierReading& reading, const CarrierKey& key) {
    if (!reading.code) {
        const auto sync = key.patterns.pattern(0);
        return {sync.begin(), sync.end()};
    }
    const PayloadCode::Signs signs = key.code.encode(reading.code->payload);
    return key.patterns.carrier(signs);
}

}  // namespace signet::signature
