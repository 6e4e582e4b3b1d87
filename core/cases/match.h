#pragma once

#include <optional>
#include <span>

#include "core/cases/case_types.h"

namespace signet::cases {

/// The registered code nearest to a decoded one among those of its model (or of no model) and length; nothing
/// when there is none to compare with. The chance of a match is that of unrelated codes; where registered
/// codes are alike, those of other holders that would pass for a match too are its rivals. hypotheses:
/// geometries the detector tried for this code. The chance of at least so many equal bits is the binomial
/// tail at 1/2, corrected (Sidak) for searched x hypotheses comparisons (spec/evaluation.md;
/// core/metrics/binomial.h).
std::optional<CodeMatch> matchCode(const std::string& hex, int bits, const std::string& model, int hypotheses,
                                   std::span<const RegisteredCode> codes);

/// As the "match" of a finding in the record of `signet check`.
Json toJson(const CodeMatch& match);

/// Codes of other holders than code's that are so like it that what reads as one could be called a match with
/// the other (a single comparison), nearest first; for the moment of registering.
std::vector<RegisteredCode> codesLike(const RegisteredCode& code, std::span<const RegisteredCode> codes);

/// A match is named as such at a corrected chance of at most this; a nearest code beyond it is no match. Nor
/// is it where another holder's code agrees in as many bits.
inline constexpr double kMatchLog10P = -3;

/// Whether a match is named. nearestRival: equal bits of the nearest rival; less than 0: there is none.
bool isNamed(double log10PCorrected, int matched, int nearestRival);

}  // namespace signet::cases
