#include "core/base/option_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>
#include <sstream>

#include "core/base/error.h"

namespace signet {
namespace {

constexpr std::size_t kNear = 3;                     ///< edits up to which a key counts as mistyped
constexpr double kExactIntegers = 9007199254740992;  ///< 2^53: whole numbers below it are exact as a double

std::vector<std::string> splitChoices(const char* choices) {
    std::vector<std::string> list;
    std::istringstream text(choices);
    for (std::string choice; std::getline(text, choice, '|');) list.push_back(choice);
    return list;
}

/// Levenshtein distance.
std::size_t editDistance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t(0));
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] =
                std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? std::size_t(0) : 1)});
            diagonal = above;
        }
    }
    return row.back();
}

/// A number as a person types it (.5, 5., +1, 1e4), of the kind of the option's value now; nothing where the
/// option or the text is no number.
std::optional<Json> typedNumber(const std::string& text, const Json& now) {
    const std::string digits = text.starts_with('+') && !text.starts_with("+-") ? text.substr(1) : text;
    double number = 0;
    const char* const last = digits.data() + digits.size();
    const auto [end, problem] = std::from_chars(digits.data(), last, number);
    if (!now.is_number() || end != last || problem != std::errc() || !std::isfinite(number))
        return std::nullopt;
    const bool whole = number == std::trunc(number) && std::abs(number) < kExactIntegers;
    if (now.is_number_integer() && whole) return Json(static_cast<std::int64_t>(number));
    return Json(number);
}

}  // namespace

OptionDescription describeOption(const OptionInfo& info, const Json& standard, const std::string& keyPrefix) {
    OptionDescription d;
    d.key = keyPrefix + info.key;
    d.group = info.group;
    d.help = info.help;
    d.unit = info.unit;
    d.only = info.only;
    d.low = info.low;
    d.high = info.high;
    d.choices = splitChoices(info.choices);
    d.standard = standard;
    using Kind = OptionDescription::Kind;
    if (standard.is_boolean())
        d.kind = Kind::Switch;
    else if (standard.is_number_integer())
        d.kind = Kind::Integer;
    else if (standard.is_number())
        d.kind = Kind::Real;
    else if (standard.is_array())
        d.kind = Kind::Integers;
    else
        d.kind = d.choices.empty() ? Kind::Text : Kind::Choice;
    return d;
}

void checkOption(const OptionDescription& option, const Json& value) {
    if (value.is_array()) {
        for (const Json& entry : value) checkOption(option, entry);
    } else if (value.is_number()) {
        const double number = value.get<double>();
        if (!(number >= option.low && number <= option.high))
            throw Error(ErrorCode::BadOption,
                        fmt::format("{} is {}; it lies in {}..{}{}{}", option.key, number, option.low,
                                    option.high, option.unit.empty() ? "" : " ", option.unit));
    } else if (value.is_string() && !option.choices.empty()) {
        if (std::find(option.choices.begin(), option.choices.end(), value.get<std::string>()) ==
            option.choices.end())
            throw Error(ErrorCode::BadOption, fmt::format("{} is {}; it is one of: {}", option.key,
                                                          value.dump(), fmt::join(option.choices, ", ")));
    }
}

std::string nearestKey(const std::string& key, const std::vector<std::string>& known) {
    std::string best;
    std::size_t least = kNear + 1;
    for (const auto& candidate : known) {
        if (const auto distance = editDistance(key, candidate); distance < std::min(least, key.size())) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

void throwUnknownOption(const std::string& key, const Json& known, const std::string& prefix) {
    std::vector<std::string> keys;
    for (const auto& [name, value] : known.items()) keys.push_back(name);
    const std::string nearest = nearestKey(key, keys);
    throw Error(ErrorCode::BadOption,
                fmt::format("unknown key \"{}{}\" in the training configuration{}", prefix, key,
                            nearest.empty() ? "" : fmt::format("; did you mean \"{}{}\"?", prefix, nearest)));
}

Json withAssignment(Json options, const std::string& assignment) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0)
        throw Error(ErrorCode::BadOption, fmt::format("\"{}\" is not key=value", assignment));
    const std::string key = assignment.substr(0, equals);
    const std::string text = assignment.substr(equals + 1);
    const auto dot = key.find('.');
    const std::string part = key.substr(0, dot);
    const bool nested = dot != std::string::npos && options.contains(part) && options[part].is_object();
    Json& fields = nested ? options[part] : options;
    const std::string field = nested ? key.substr(dot + 1) : key;
    if (!fields.contains(field)) throwUnknownOption(field, fields, nested ? part + "." : "");
    Json value = Json::parse(text, nullptr, false);
    if (value.is_discarded() || (fields[field].is_string() && !value.is_string())) value = text;
    fields[field] = typedNumber(text, fields[field]).value_or(value);
    return options;
}

}  // namespace signet
