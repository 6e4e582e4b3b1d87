#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/examine/record.h"

namespace signet::report {

/// Why a likelihood ratio is given or not. Exactly one of value and reason is there.
struct LikelihoodResult {
    std::optional<double> log10Lr;
    bool bounded = false;   ///< the measurements support no ratio further from 1
    std::string boundedBy;  ///< what they are, as a sentence
    std::string condition;  ///< what the ratio holds for
    std::string reason;     ///< why none is given
};

/// What one model said about one exhibit, and what a report may say of it.
struct ModelResult {
    examine::Finding finding;
    bool validated = false;  ///< filled in from the model's manifest
    LikelihoodResult likelihood;
};

/// How surely a code was read.
struct CodeConfidence {
    double mean = 0;    ///< over the bits: probability that one is right, see examine::CodeReading
    double lowest = 0;  ///< of the least sure one
};
/// Nothing where no code was read, it passed a check of its own, or no signature is reported.
std::optional<CodeConfidence> codeConfidence(const examine::Finding& finding);

/// "matches a registered code", "checked" (it passed a check of its own) or examine::kUnverified: what a
/// report calls the code of a finding.
std::string codeState(const examine::Finding& finding);

/// What a finding's claim is made of (examine::claimOf), its names on one line and fit for a sentence.
examine::Finding named(const examine::Finding& finding);

/// The findings of a record, not yet assessed.
std::vector<ModelResult> modelResults(const examine::Record& record);

}  // namespace signet::report
