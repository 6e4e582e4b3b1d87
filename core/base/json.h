#pragma once

#include <nlohmann/json.hpp>

namespace signet {

/// Keys in the order they were written: records read the way their documentation lists them.
using Json = nlohmann::ordered_json;

}  // namespace signet
