#pragma once

#include <fmt/format.h>

#include <string>
#include <type_traits>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/option_info.h"

namespace signet {

// What presets, stored runs and forms need of an options struct, made from its one walk over its fields:
// walk(visit) calls visit(field, OptionInfo) for each.

template <typename Walk>
Json fieldsToJson(Walk&& walk) {
    Json json = Json::object();
    walk([&](const auto& field, const OptionInfo& info) { json[info.key] = field; });
    return json;
}

/// Sets the fields that json has and takes them out of it. Throws BadOption for a value of the wrong kind.
template <typename Walk>
void takeFields(Walk&& walk, Json& json) {
    walk([&](auto& field, const OptionInfo& info) {
        if (!json.contains(info.key)) return;
        field = strictValue<std::decay_t<decltype(field)>>(json[info.key], info.key);
        json.erase(info.key);
    });
}

/// The options that a JSON object gives, those it does not name as they are by default; walkOf(options) gives
/// their walk. Throws BadOption for what is no object, an unknown key (what: "a training configuration is",
/// for the message), a value of the wrong kind or out of its range.
template <typename Options, typename WalkOf>
Options optionsFrom(const Json& json, WalkOf&& walkOf, const char* what) {
    if (!json.is_object()) throw Error(ErrorCode::BadOption, fmt::format("{} a JSON object", what));
    Options options;
    Json left = json;
    takeFields(walkOf(options), left);
    if (!left.empty()) throwUnknownOption(left.begin().key(), options.toJson());
    options.validate();
    return options;
}

/// Throws BadOption naming the first field out of its range.
template <typename Walk>
void checkFields(Walk&& walk) {
    walk([](const auto& field, const OptionInfo& info) {
        checkOption(describeOption(info, field, ""), field);
    });
}

template <typename Walk>
std::vector<OptionDescription> describeFields(Walk&& walk) {
    std::vector<OptionDescription> fields;
    walk([&](const auto& field, const OptionInfo& info) {
        fields.push_back(describeOption(info, field, ""));
    });
    return fields;
}

}  // namespace signet
