#include "core/base/csv.h"

#include <algorithm>
#include <iterator>

#include "core/base/visible_text.h"

namespace signet {

std::string csvQuoted(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

std::string csvField(std::string_view text, std::string_view also) {
    const bool plain = text.find_first_of(",;\t\"\r\n") == std::string_view::npos &&
                       text.find_first_of(also) == std::string_view::npos;
    return plain ? std::string(text) : csvQuoted(text);
}

std::string csvText(std::string_view text) {
    // the full-width forms too: spreadsheets of East Asia take them for the narrow ones
    static constexpr std::string_view kFormula[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                                    "\n", "＝", "＋", "－", "＠"};
    std::string shown = visible(text);
    if (std::any_of(std::begin(kFormula), std::end(kFormula),
                    [&](std::string_view begin) { return shown.starts_with(begin); }))
        shown.insert(shown.begin(), '\'');
    return csvField(shown);
}

std::vector<std::string> csvFields(const std::string& line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"') {
            if (quoted && i + 1 < line.size() && line[i + 1] == '"') {
                fields.back() += '"';
                ++i;
            } else {
                quoted = !quoted;
            }
        } else if (c == ',' && !quoted) {
            fields.emplace_back();
        } else if (c != '\r') {
            fields.back() += c;
        }
    }
    return fields;
}

}  // namespace signet
