#pragma once

#include <optional>
#include <span>

#include "core/cases/case_types.h"
#include "core/examine/code_match.h"

namespace signet::cases {

/// A code as a detector read it.
struct ReadCode {
    std::string hex;
    int bits = 0;
    std::string model;
    int geometriesTried = 1;  ///< geometries the detector tried for it
    /// Probability that each bit was read right, if the image was signed and treated no worse than the
    /// calibration's images; empty: not known.
    std::vector<double> bitConfidence;
    bool checked = false;             ///< it passed a check of its own: see CodeMatch::checked
    std::string keyFingerprint = {};  ///< of the key it was read with; empty: none
};

/// The registered code nearest to a decoded one among those of its model and key (or of none) and length: the
/// most likely one given how surely each bit was read, at equal likelihood the one that agrees in more bits;
/// nothing when there is none to compare with. The chance of a match is that of unrelated codes; where
/// registered codes are alike, those of other holders that would pass for a match too are its rivals. The
/// chance of at least so many equal bits is the binomial tail at 1/2, corrected (Sidak) for searched x
/// geometriesTried comparisons (core/metrics/binomial.h): whichever code is chosen, some code
/// must agree in so many bits. A code that passed a check of its own matches those it is equal to, and no
/// others.
std::optional<examine::CodeMatch> matchCode(const ReadCode& code, std::span<const RegisteredCode> codes);

/// Codes of other holders than code's that are so like it that what reads as one could be called a match with
/// the other (a single comparison), nearest first; for the moment of registering.
std::vector<RegisteredCode> codesLike(const RegisteredCode& code, std::span<const RegisteredCode> codes);

}  // namespace signet::cases
