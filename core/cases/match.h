#pragma once

#include <optional>
#include <span>

#include "core/cases/case_types.h"

namespace signet::cases {

/// A code as a detector read it.
struct ReadCode {
    std::string hex;
    int bits = 0;
    std::string model;
    int hypotheses = 1;  ///< geometries the detector tried for it
    /// Probability that each bit was read right, if the image was signed and treated no worse than the
    /// calibration's images; empty: not known.
    std::vector<double> bitConfidence;
};

/// The registered code nearest to a decoded one among those of its model (or of no model) and length: the
/// most likely one given how surely each bit was read, at equal likelihood the one that agrees in more bits;
/// nothing when there is none to compare with. The chance of a match is that of unrelated codes; where
/// registered codes are alike, those of other holders that would pass for a match too are its rivals. The
/// chance of at least so many equal bits is the binomial tail at 1/2, corrected (Sidak) for searched x
/// hypotheses comparisons (core/metrics/binomial.h): whichever code is chosen, some code
/// must agree in so many bits.
std::optional<CodeMatch> matchCode(const ReadCode& code, std::span<const RegisteredCode> codes);

/// As the "match" of a finding in the record of `signet check`.
Json toJson(const CodeMatch& match);

/// The match of a recorded finding, the chances worked out anew from the counts; of a record of an earlier
/// version also whether it is contradicted, from its bit confidences. Nothing where there is none.
std::optional<CodeMatch> matchFromJson(const Json& finding);

/// Codes of other holders than code's that are so like it that what reads as one could be called a match with
/// the other (a single comparison), nearest first; for the moment of registering.
std::vector<RegisteredCode> codesLike(const RegisteredCode& code, std::span<const RegisteredCode> codes);

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

}  // namespace signet::cases
