#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/metrics/read_errors.h"

namespace signet::examine {

/// What a comparison of a decoded code with the registered ones says.
enum class MatchAnswer {
    None,          ///< agrees in no more bits than unrelated codes may
    Match,         ///< agrees in so many, contradicted by no bit that was read surely, and one holder's alone
    Contradicted,  ///< agrees in so many, but differs in bits that were read surely
    Shared         ///< another holder's code agrees in as many bits
};

/// "no match", "match", "near, but differs in bits read with certainty", "as near as another holder's".
std::string_view toString(MatchAnswer answer);

/// The best match of a decoded code among the registered ones (cases::matchCode finds it).
struct CodeMatch {
    std::string holder;
    std::string hex;  ///< the registered code
    int matched = 0;
    int bits = 0;
    std::int64_t searched = 0;   ///< registered codes compared with
    int geometriesTried = 1;     ///< geometries tried by the detector
    double log10P = 0;           ///< log10 P(at least so many bits agree by chance), one code, one geometry
    double log10PCorrected = 0;  ///< the same for the best of searched x geometriesTried (Sidak)

    /// The following weigh the bits by how surely each was read (core/metrics/read_errors.h); false: that is
    /// not known.
    bool weighed = false;
    double log10Likelihood = 0;  ///< of the registered code over the code read, <= 0
    double log10PErrors = 0;     ///< log10 of the chance of errors at least so sure if it was embedded
    bool contradicted = false;   ///< that chance is at most kContradictedP

    /// A code of another holder that agrees in so many bits that it would be called a match as well.
    struct Rival {
        std::string holder;
        std::string hex;
        int matched = 0;
        bool contradicted = false;
    };
    std::vector<Rival> rivals;  ///< nearest first

    std::int64_t instance = 0;  ///< of a fingerprint: number of the instance in its registry; else 0
    bool revoked = false;       ///< the instance was revoked after it was issued

    /// The code read passed a check of its own: it is the registered one or it is not, and how surely each
    /// bit was read is no question.
    bool checked = false;

    MatchAnswer answer() const;

    /// Works out log10P and log10PCorrected from the counts: the binomial tail at 1/2, corrected (Sidak) for
    /// searched x geometriesTried comparisons (core/metrics/binomial.h).
    void setChances();
    /// Weighs the bits that differ (one value a bit, 0 where the two codes agree).
    void weigh(const metrics::ReadErrors& errors, std::span<const std::uint8_t> differs);
};

/// How surely the bits of a code were read, from the probability of each to be right; nothing where that is
/// not known of each.
std::optional<metrics::ReadErrors> readErrorsOf(int bits, std::span<const double> bitConfidence);

/// A match is named as such at a corrected chance of at most this; a nearest code beyond it is no match.
inline constexpr double kMatchLog10P = -3;

/// The level of the test that contradicts a match: were the registered code embedded, and the image treated
/// no worse than the calibration's images, errors at least as sure as those found have at most this chance.
/// No bit counts as surer than 1 - 1/(n + 1) for n photographs of the calibration; with all of 32 bits that
/// sure one wrong bit has a chance of 4.7 % (n = 665), two have 0.11 %. For one wrong bit the level holds
/// whether or not bits err independently: it is then no more than the sum over the bits. It is set so that
/// it rather leaves a true holder without a name than names the holder of a neighbouring code. Measured with
/// photo-code32 on 102 photographs outside training and calibration, unchanged and through jpeg:90, jpeg:75,
/// jpeg:50, webp:75 and resize:0.5: of 612 codes embedded 0 were contradicted (upper limit 0.49 %); treated
/// worse, 2 of 102 (crop:0.75, rotate:5), 2 of 101 (brightness:1.5), 7 of 102 (jpeg:30).
inline constexpr double kContradictedP = 0.05;

}  // namespace signet::examine
