#pragma once

#include <vector>

#include "core/base/json.h"
#include "core/models/manifest.h"

namespace signet::examine {

/// What `signet evaluate MODEL --keep` leaves in a model's folder, one JSON object a line.
inline constexpr const char* kEvaluationFile = "evaluation.jsonl";
inline constexpr const char* kUnsignedFile = "unsigned.jsonl";
inline constexpr const char* kForgeryFile = "forgery.jsonl";
inline constexpr const char* kRemovalFile = "removal.jsonl";
inline constexpr const char* kDrawnFile = "drawn.jsonl";

/// Replaces what was kept. Throws NoPermission, DiskFull.
void keepRecords(const models::Manifest& manifest, const char* file, const std::vector<Json>& records);

/// The same of rows that have a toJson().
template <typename Row>
void keepRows(const models::Manifest& manifest, const char* file, const std::vector<Row>& rows) {
    std::vector<Json> records;
    records.reserve(rows.size());
    for (const Row& row : rows) records.push_back(toJson(row));
    keepRecords(manifest, file, records);
}

/// None where nothing is kept. Throws Corrupt.
std::vector<Json> keptRecords(const models::Manifest& manifest, const char* file);

/// Sets value to what read makes of a record's key, where it is there and not null.
template <typename Value, typename Read>
void take(const Json& json, const char* key, Value& value, Read read) {
    if (const auto at = json.find(key); at != json.end() && !at->is_null()) value = read(*at);
}

}  // namespace signet::examine
