#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/examine/record.h"
#include "core/models/manifest.h"

namespace signet::examine {

/// What images of either kind are called where both are counted: those that should reach the threshold, and
/// those that should not.
struct SetWords {
    std::string positives = "signed", negatives = "unsigned";
    bool operator==(const SetWords&) const = default;
};

/// What several detectors call them: as each does where all do alike, else "positive", "negative".
SetWords commonWords(std::span<const SetWords> each);

/// What a finding states, and what it does not, in the words of the window, the reports and the tables; it
/// comes with the kind of the model. Sentences end with a full stop.
struct Claim {
    std::string line;                           ///< the line of evidence: "Presence"
    std::string absent, inconclusive, present;  ///< the three answers
    std::string h1, h2;                         ///< the propositions a score speaks for and against
    std::string isReported;   ///< what is said from the threshold on: "A signature is reported"
    std::string ofNegatives;  ///< which photographs should not reach it: "without a signature"
    SetWords sets;
    std::string ifInconclusive;  ///< what that answer supports
    std::string ifAbsent;        ///< what that answer does not say
    std::string method;          ///< "signature detection"
    std::string howItWorks;      ///< the method, for a reader of a report
};

/// Of a keyed signature it also depends on which keys were tried, and on whether a code is named.
Claim claimOf(const Finding& finding);

/// What the findings of a model state, before there is one; of a keyed signature, whatever the key.
Claim claimOf(const models::Manifest& manifest);

/// One of the three answers has the same word for every kind.
inline constexpr std::string_view kInconclusive = "inconclusive";

/// One of the claim's three answers.
std::string answerOf(const Finding& finding);

/// How exhibits are examined by models of a kind: Claim::method.
std::string methodOf(models::Kind kind);

}  // namespace signet::examine
