#pragma once

#include <optional>
#include <span>

#include "core/cases/case_types.h"

namespace signet::cases {

/// The registered code nearest to a decoded one among those of its model (or of no model) and length; nothing
/// when there is none to compare with. hypotheses: geometries the detector tried for this code. The chance of
/// at least so many equal bits is the binomial tail at 1/2, corrected (Sidak) for searched x hypotheses
/// comparisons (spec/evaluation.md; core/metrics/binomial.h).
std::optional<CodeMatch> matchCode(const std::string& hex, int bits, const std::string& model, int hypotheses,
                                   std::span<const RegisteredCode> codes);

/// As the "match" of a finding in the record of `signet check`.
Json toJson(const CodeMatch& match);

/// A match is named as such at a corrected chance of at most this; a nearest code beyond it is no match.
inline constexpr double kMatchLog10P = -3;

}  // namespace signet::cases
