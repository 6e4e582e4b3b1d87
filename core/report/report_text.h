#pragma once

#include <string>
#include <string_view>

#include "core/base/visible_text.h"

namespace signet::report {

using signet::visible;

/// visible() on one line: line breaks and tabs become spaces, and what is longer than maxCharacters ends in
/// an ellipsis.
std::string oneLine(std::string_view text, std::size_t maxCharacters = 1000);

/// A file name or path as visibleName() shows it, what is longer than maxCharacters ending in an ellipsis.
std::string shownName(std::string_view name, std::size_t maxCharacters = 5000);

/// visible() that cannot reorder the text it stands in: enclosed in isolates where it has
/// characters written from right to left, as a whole from left to right, so that the ending of a file name
/// stays at its end.
std::string embedded(std::string_view text);

/// What is left is safe between tags and in quoted attributes.
std::string escapeHtml(std::string_view text);

/// "2026-11-24T22:05:39.120Z" as "2026-11-24 23:05:39 +01:00" in the machine's time zone; other text as it
/// is.
std::string localTime(const std::string& utc);

/// A number with so many decimals and a true minus sign (U+2212); never "−0.00".
std::string decimal(double value, int decimals);

/// A text of the program as CSV and JSON hold it: hyphen-minus (U+002D) before numbers.
std::string plainMinus(std::string_view text);

/// text of a document (a model's card) with true minus signs before its numbers; a hyphen within a word or
/// between digits stays.
std::string trueMinus(std::string_view text);

/// A rate in per cent with as many decimals as give its limit two significant digits: 0.0013 of 0.0053 is
/// "0.13 %".
std::string percent(double rate, double limit);
/// 0.00532 is "0.53 %".
std::string percent(double rate);

/// A probability given by its log10, two significant digits: "0.012", "2.4 × 10⁻⁶" (with no-break
/// spaces).
std::string probability(double log10P);

/// The probability of being right with two significant digits of what is missing to 1: "99.87 %".
std::string confidence(double p);

/// A likelihood ratio given by its log10, two significant digits, rounded towards 1: "750", "1/750",
/// "1.2 × 10⁷".
std::string ratio(double log10Lr);

/// Bytes as "2.4 MB (2,412,345 bytes)".
std::string fileSize(std::int64_t bytes);
std::string grouped(std::int64_t number);  ///< 2,412,345, with a true minus sign

}  // namespace signet::report
