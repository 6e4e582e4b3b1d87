#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"

namespace signet {

/// What a form, a message and a help text need to know about one field of an options struct. The struct's one
/// walk over its fields gives it; see TrainingOptions.
struct OptionInfo {
    const char* key;
    const char* group;
    const char* help;          ///< one sentence
    double low = 0;            ///< inclusive, for numbers
    double high = 0;           ///< inclusive, for numbers
    const char* unit = "";     ///< "" where there is none
    const char* choices = "";  ///< of a text field: the values it may have, separated by |
    /// The field has a meaning only where this holds: another text field has one of the values after "=",
    /// separated by |, e.g. "objective=ladder|presence".
    const char* only = "";
};

/// The same as plain data, with the value's kind and the struct's default.
struct OptionDescription {
    enum class Kind { Switch, Integer, Real, Text, Choice, Integers };
    std::string key, group, help, unit, only;
    Kind kind = Kind::Text;
    double low = 0, high = 0;
    std::vector<std::string> choices;
    Json standard;  ///< the default value
};

OptionDescription describeOption(const OptionInfo& info, const Json& standard, const std::string& keyPrefix);

/// Throws BadOption "KEY is VALUE; it lies in LOW..HIGH UNIT" (or names the choices) where value, of the
/// right kind, is not one the option may have.
void checkOption(const OptionDescription& option, const Json& value);

/// The known key nearest to an unknown one, for "did you mean"; empty where none is near.
std::string nearestKey(const std::string& key, const std::vector<std::string>& known);

/// Throws BadOption "unknown key "KEY" in the training configuration", with the nearest of known's keys.
/// prefix: of the part of the options that known is, e.g. "network.".
[[noreturn]] void throwUnknownOption(const std::string& key, const Json& known,
                                     const std::string& prefix = {});

/// options changed by "key=value" as typed after --set; a key with a dot is one of a nested object. Numbers
/// may be written as a person does (.5, +1, 1e4). Throws BadOption naming an unknown key; whether the value
/// is in range is for the options' struct to say.
Json withAssignment(Json options, const std::string& assignment);

}  // namespace signet
