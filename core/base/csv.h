#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace signet {

/// A field of a CSV line (RFC 4180) in quotes.
std::string csvQuoted(std::string_view text);

/// A field of a CSV line: in quotes where it holds a separator (comma, semicolon, tab), a quote or a line
/// break, or one of the characters in also.
std::string csvField(std::string_view text, std::string_view also = {});

/// A cell of a table that people open in a spreadsheet: what cannot be seen is shown (visible()), a text that
/// would be taken for a formula gets an apostrophe in front, and quotes stand where a field needs them.
std::string csvText(std::string_view text);

/// The fields of one CSV line; quoted fields may hold commas and doubled quotes.
std::vector<std::string> csvFields(const std::string& line);

}  // namespace signet
