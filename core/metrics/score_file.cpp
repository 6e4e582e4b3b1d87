#include "core/metrics/score_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>

#include "core/base/csv.h"
#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"

namespace fs = std::filesystem;

namespace signet::metrics {
namespace {

constexpr std::size_t kShown = 40;  ///< bytes of a line in a message

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string shown(std::string_view text) {
    if (text.size() <= kShown) return toUtf8(text);
    std::size_t end = kShown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return toUtf8(text.substr(0, end)) + "…";
}

std::optional<double> numberIn(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
    return value;
}

/// Calls line(text, number) for each line without its end; numbers count from 1.
template <class Line>
void forEachLine(std::string_view text, Line line) {
    std::size_t number = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        line(rest.substr(0, end), ++number);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

[[noreturn]] void refuse(std::size_t line, const std::string& what) {
    throw Error(ErrorCode::Corrupt, fmt::format("line {} {}", line, what));
}

/// The fields of a line, without the quotes around them.
std::vector<std::string> fieldsOf(std::string_view line, char separator, std::size_t number) {
    std::vector<std::string> fields;
    for (std::size_t at = 0;;) {
        while (at < line.size() && (line[at] == ' ' || (line[at] == '\t' && separator != '\t'))) ++at;
        std::string field;
        if (at < line.size() && line[at] == '"') {
            for (++at;; ++at) {
                if (at >= line.size()) refuse(number, "has a quote that does not end");
                if (line[at] == '"' && !(at + 1 < line.size() && line[at + 1] == '"')) break;
                if (line[at] == '"') ++at;
                field += line[at];
            }
            ++at;
            while (at < line.size() && line[at] == ' ' && separator != ' ') ++at;
            if (at < line.size() && line[at] != separator) refuse(number, "has text behind a closing quote");
        } else {
            const std::size_t end = std::min(line.find(separator, at), line.size());
            field = trimmed(line.substr(at, end - at));
            at = end;
        }
        fields.push_back(std::move(field));
        if (at >= line.size()) return fields;
        ++at;
        if (separator == ' ' && line.find_first_not_of(' ', at) == std::string_view::npos) return fields;
    }
}

char separatorOf(std::string_view line) {
    for (const char candidate : {'\t', ';', ','})
        if (line.find(candidate) != std::string_view::npos) return candidate;
    return ' ';
}

std::string lowerCase(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

struct Columns {
    std::size_t score = 0;
    std::size_t label = 1;
    std::optional<std::size_t> detector;
    bool byName = false;
    std::size_t needed() const { return std::max({score, label, detector.value_or(0)}) + 1; }
};

Columns columnsOf(const std::vector<std::string>& header) {
    Columns columns;
    std::optional<std::size_t> score, label, detector;
    for (std::size_t i = 0; i < header.size(); ++i) {
        const std::string name = lowerCase(header[i]);
        if (name == "score") score = i;
        if (name == "label") label = i;
        if (name == "detector" || name == "model") detector = i;
    }
    if (!score || !label) return columns;  // a header in other words: the usual order
    return {*score, *label, detector, true};
}

int labelIn(const std::string& field, std::size_t line) {
    const std::string name = lowerCase(field);
    if (name == "signed") return 1;
    if (name == "unsigned") return 0;
    const auto number = numberIn(field);
    if (!number || (*number != 0 && *number != 1))
        refuse(line, fmt::format("has the label \"{}\"; labels are 1 (signed) or 0", shown(field)));
    return *number == 1;
}

double scoreIn(const std::string& field, std::size_t line) {
    const auto number = numberIn(field);
    if (!number) refuse(line, fmt::format("has no number as its score: \"{}\"", shown(field)));
    if (!std::isfinite(*number)) refuse(line, fmt::format("has a score that is not finite: {}", field));
    return *number;
}

/// One line a score, whatever a file is called.
std::string nameField(const std::string& text) {
    std::string utf8 = toUtf8(text);
    std::replace_if(
        utf8.begin(), utf8.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return csvField(utf8, " #");
}

std::string readText(const fs::path& path) {
    std::string text = readTextFile(path, kMaxScoreFileBytes);
    if (text.find('\0') != std::string::npos)
        throw Error(ErrorCode::Corrupt, "it is no text file: it has a zero byte");
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    return text;
}

}  // namespace

std::vector<double> readNumbers(const fs::path& path) {
    const std::string text = readText(path);
    std::vector<double> numbers;
    std::size_t emptySince = 0;
    forEachLine(text, [&](std::string_view raw, std::size_t number) {
        const std::string_view line = trimmed(raw);
        if (line.empty()) {
            if (emptySince == 0) emptySince = number;
            return;
        }
        if (emptySince != 0) refuse(emptySince, "is empty");
        const auto value = numberIn(line);
        if (!value) refuse(number, fmt::format("is not a number: \"{}\"", shown(line)));
        numbers.push_back(*value);
    });
    return numbers;
}

std::vector<int> readLabels(const fs::path& path) {
    std::vector<int> labels;
    for (const double value : readNumbers(path)) {
        if (value != 0 && value != 1)
            refuse(labels.size() + 1, fmt::format("is {}; labels are 1 (signed) or 0", value));
        labels.push_back(value == 1);
    }
    return labels;
}

std::vector<DetectorScores> readScoreFile(const fs::path& path) {
    const std::string text = readText(path);
    std::vector<DetectorScores> detectors;
    std::map<std::string, std::size_t> places;
    Columns columns;
    char separator = 0;
    forEachLine(text, [&](std::string_view raw, std::size_t number) {
        const std::string_view line = trimmed(raw);
        if (line.empty() || line.front() == '#') return;
        const bool first = separator == 0;
        if (first) separator = separatorOf(line);
        const auto fields = fieldsOf(separator == '\t' ? raw.substr(0, raw.find_last_not_of('\r') + 1) : line,
                                     separator, number);
        if (first && std::none_of(fields.begin(), fields.end(),
                                  [](const std::string& field) { return numberIn(field).has_value(); })) {
            columns = columnsOf(fields);
            return;
        }
        if (fields.size() < columns.needed()) {
            refuse(number, fields.size() < 2 ? fmt::format("has no label: \"{}\"", shown(line))
                                             : fmt::format("has {} fields instead of {}: \"{}\"",
                                                           fields.size(), columns.needed(), shown(line)));
        }
        const double score = scoreIn(fields[columns.score], number);
        const int label = labelIn(fields[columns.label], number);
        std::string name;
        if (columns.detector) name = fields[*columns.detector];
        if (!columns.byName && fields.size() > 2) name = fields[2];
        const auto [place, isNew] = places.try_emplace(name, detectors.size());
        if (isNew) detectors.push_back({toUtf8(name), {}, {}});
        detectors[place->second].scores.push_back(score);
        detectors[place->second].labels.push_back(label);
    });
    if (detectors.empty()) throw Error(ErrorCode::Corrupt, "it has no line with a score and a label");
    return detectors;
}

std::string scoreCsv(const std::vector<ScoreLine>& lines) {
    std::string text = "score,label,detector,path\n";
    for (const ScoreLine& line : lines)
        text += fmt::format("{},{},{},{}\n", line.score, line.label, nameField(line.detector),
                            nameField(line.path));
    return text;
}

}  // namespace signet::metrics
