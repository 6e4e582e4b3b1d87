#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/examine/record.h"

namespace signet::examine {

/// The finding an image is summed up by where there is room for one (a row of a table): the strongest answer,
/// among equals one that reads a code, among those the model that was asked first. Scores do not decide:
/// those of different models cannot be compared. Whoever shows its score names its model. Null without
/// findings.
const Finding* leadingFinding(std::span<const Finding> findings);

/// The same among the findings that read a code of more than one bit.
const Finding* leadingCode(std::span<const Finding> findings);

/// What a code is called that matches no registered one.
inline constexpr std::string_view kUnverified = "unverified";
/// Why, as one sentence.
inline constexpr std::string_view kUnverifiedMeaning =
    "Unverified: the signature holds no check that its code was read right, so that a wrong code reads like "
    "a right one.";
/// What a bit's confidence is, as the end of a sentence.
inline constexpr std::string_view kConfidenceMeaning =
    "probability that a bit is right, if the image was signed and treated no worse than the calibration's "
    "images";

/// "5a17c0de (unverified)".
std::string unverifiedCode(const std::string& hex);
/// The same where the code's check does not hold it; else "5a17c0de".
std::string codeText(const CodeReading& code);

/// What is said instead of a code where a keyed signature is there and no code passes its check.
inline constexpr std::string_view kNotReadable = "present, code not readable";

/// log10 of the p-value that a finding rests on: of a keyed signature, or of the registered instance that a
/// fingerprint agrees best with; nothing of a finding without one.
std::optional<double> log10POf(const Finding& finding);

/// "p = 10^-45.6"; "p = 1" where the exponent rounds to 0.
std::string pValueText(double log10P);

/// "conflict: ..." for each conflict and each warning as it stands, as rows of tables show them.
std::vector<std::string> remarksOf(const Record& record);

}  // namespace signet::examine
