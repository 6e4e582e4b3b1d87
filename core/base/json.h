#pragma once

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/base/error.h"

namespace signet {

/// Keys in the order they were written: records read the way their documentation lists them.
using Json = nlohmann::ordered_json;

/// JSON knows no infinity and no NaN: such a number is null.
inline Json finiteOrNull(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

/// An empty text stands for none: null.
inline Json textOrNull(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

/// value as a T without any silent conversion: a fraction, a switch or a number out of range is no int, a
/// number no switch. Throws BadOption naming key.
template <typename T>
T strictValue(const Json& value, std::string_view key) {
    bool fits = true;
    if constexpr (std::is_same_v<T, bool>) {
        fits = value.is_boolean();
    } else if constexpr (std::is_integral_v<T>) {
        fits = value.is_number_integer() &&
               (value.is_number_unsigned() ? std::in_range<T>(value.get<std::uint64_t>())
                                           : std::in_range<T>(value.get<std::int64_t>()));
    } else if constexpr (std::is_floating_point_v<T>) {
        fits = value.is_number();
    }
    if (fits) {
        try {
            return value.get<T>();
        } catch (const Json::exception&) {
        }
    }
    throw Error(ErrorCode::BadOption, fmt::format("{} has a value of the wrong kind: {}", key, value.dump()));
}

}  // namespace signet
