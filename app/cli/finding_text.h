#pragma once

#include <string>

#include "core/examine/record.h"

namespace signet::cli {

// What `check` and `case examine` print of a finding in the same words.

/// How sure an answer is: "p = 10^-14.2" of a keyed signature; else "0 of 600, ≤ 0.5 %", what was measured
/// and its one-sided 95 % limit, where it speaks of the image.
std::string assuranceText(const examine::Finding& finding);

/// The code: with "(unverified)" where no check holds it; empty where none is named.
std::string codeText(const examine::Finding& finding);

/// Lines under what is reported by a p-value, each beginning with a line end and indent: of a keyed signature
/// whose key it is, what the p-value is corrected for, further signed parts; of a fingerprint which instance
/// it is, and whose. Empty for other findings.
std::string detailsText(const examine::Finding& finding, const std::string& indent);

}  // namespace signet::cli
