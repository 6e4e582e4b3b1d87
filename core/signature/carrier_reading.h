#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/signature/payload_code.h"
#include "core/signature/sync_search.h"

namespace signet::signature {

/// What reading asks of a key. Made once for many pictures: some milliseconds.
struct CarrierKey {
    PatternSet patterns;
    PayloadCode code;
    BandSpectrum sync;  ///< of pattern 0

    CarrierKey(const PatternBand& band, const SecretKey& key);
};

struct ReadingOptions {
    double log10CodeLimit = -6;  ///< a code is named up to this p-value
    int randomKeys = 0;          ///< that the synchronisation pattern is compared with, see rankP
    std::uint64_t seed = 1;      ///< of these
};

/// What one key reads of one estimate. All p-values are for "the key is a random one that the picture knows
/// nothing of"; they hold for any picture whatever, without a calibration, since only the patterns are random
/// (PatternSet): a folded tile, however it came about, is a fixed vector.
///
/// Two facts, independent of each other under that hypothesis:
/// - sync: how well pattern 0 fits the best of trials geometries (lattices, positions, shifts), all of which
///   are fixed before the key is asked. Law of its correlation, times trials (Bonferroni). The view as it is
///   shown is one geometry by itself: half of the p-value is for it, half for all others together, since a
///   picture that was never turned or cut is the likeliest of all. Where it is clear (a code, 1e-12) no other
///   is tried.
/// - bits: what patterns 1 .. n find in the folded tile once its part along pattern 0 is taken off. Search
/// and
///   refinement ask pattern 0 alone, and given it the others are uniformly distributed over all directions at
///   right angles to it. So however many geometries the refinement tried, and although it went where pattern
///   0 fits best, these laws hold exactly, times the number of readings only. Of the rest's energy the share
///   in the span of patterns 1 .. n; and, where a codeword passes its check, the correlation with its
///   carrier, times the 2^32 codewords. The lesser of the two, times 2.
/// The presence is Fisher's product of both: q (1 - ln q), q the product of the two p-values, times 2 for the
/// two ways.
struct CarrierReading {
    double log10P = 0;  ///< the signature of this key is not there
    double log10PSync = 0;
    double log10PEnergy = 0;
    double log10PCode = 0;  ///< 0 where no codeword passes its check

    /// The code, if a codeword passes its check and log10PCode and log10P are at most the limit.
    std::optional<PayloadCode::Decoded> code;
    /// Log-odds of the coded bits up to a factor (a part of the length of the folded tile), [128]: their
    /// signs are what was read bit by bit, whether a code is named or not.
    std::vector<float> softBits;
    double syncCorrelation = 0;  ///< of the folded tile with pattern 0, -1 .. 1

    FrameMap map;             ///< where the view lies in the frame; whole tiles are not known
    std::int64_t trials = 0;  ///< geometries that the synchronisation pattern was looked for in
    double smallTiles = 0;    ///< what the view repeats at of small chips (ViewMaps); 0: not looked for
    int readings = 0;         ///< geometries that bits were read under
    /// Share of the true and the random keys whose synchronisation pattern fits as well as the true one's,
    /// over the same trials: an exact p-value too, no smaller than 1 / (1 + randomKeys). A check of
    /// log10PSync.
    std::optional<double> rankP;
};

CarrierReading readCarrier(const FoldedEstimate& folded, const CarrierKey& key,
                           const ReadingOptions& options = {});

/// The carrier that a reading found, [N] of length 1: of its code, where none is named of pattern 0 alone.
std::vector<float> carrierFound(const CarrierReading& reading, const CarrierKey& key);

/// log10 of the p-value that Fisher's product of two independent ones has.
double log10Product(double log10P, double log10Q);

}  // namespace signet::signature
