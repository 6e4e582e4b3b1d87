#pragma once

#include <vector>

#include "core/models/manifest.h"
#include "ui/itemmodels/key_value_model.h"

namespace signet::ui {

/// What a model's manifest says, for people.
std::vector<KeyValueModel::Row> manifestRows(const models::Manifest& manifest);

}  // namespace signet::ui
