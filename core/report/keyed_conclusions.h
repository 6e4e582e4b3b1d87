#pragma once

#include <cstdint>
#include <string>

#include "core/report/conclusions.h"

namespace signet::report {

/// What is concluded from the finding of a keyed signature: the p-value and what it is the probability of,
/// the key by its fingerprint, the code with its check, the parts of the image that are signed. finding.keyed
/// must be there.
void addKeyedConclusions(Conclusion& conclusion, const examine::Finding& finding,
                         std::int64_t registeredCodes);

/// ", key 1f0c… (public), code 5a17c0de" for the summary's table; empty where no signature is reported.
std::string keyedHeadline(const examine::Finding& finding);

}  // namespace signet::report
