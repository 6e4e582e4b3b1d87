#pragma once

#include <string>

#include "core/report/conclusions.h"

namespace signet::report {

/// What is concluded from the finding of a fingerprinting model: the p-value and what it is the probability
/// of, the instance that agrees best and whom it was issued to.
void addFingerprintConclusions(Conclusion& conclusion, const examine::Finding& finding);

/// ", instance 3 of “North”" for the summary's table; empty where none is reported.
std::string fingerprintHeadline(const examine::Finding& finding);

}  // namespace signet::report
