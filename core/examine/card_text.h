#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/examine/p_value_shares.h"
#include "core/metrics/measured.h"
#include "core/models/manifest.h"

namespace signet::examine {

/// What the parts of a card are made of.

/// "1,234,567"
std::string grouped(std::int64_t n);

/// "97.28 (93.8–99.1)"; "–" for nothing.
std::string percent(const std::optional<metrics::Proportion>& share);
std::string percent(const std::optional<metrics::MeanCi95>& mean);

/// "p ≤ 0.1 in 9.80 (8.1–11.7) %, ..., smallest 1e-3.2"
std::string shareText(const PValueShares& shares);

/// In Markdown; rows have a cell more than titles, which is on the left.
std::string tableOf(const std::string& first, const std::vector<std::string>& titles,
                    const std::vector<std::vector<std::string>>& rows);

/// A column of what was measured after attacks.
template <typename Row>
struct AttackColumn {
    const char* title;
    std::function<std::string(const Row&)> cell;
};

/// One line a row under its attack; a column that no row has a value in ("–") is left out.
template <typename Row>
std::string attackTable(const std::string& first, std::vector<AttackColumn<Row>> columns,
                        const std::vector<Row>& rows) {
    std::erase_if(columns, [&](const AttackColumn<Row>& column) {
        return std::all_of(rows.begin(), rows.end(), [&](const Row& row) { return column.cell(row) == "–"; });
    });
    std::vector<std::string> titles;
    for (const auto& column : columns) titles.emplace_back(column.title);
    std::vector<std::vector<std::string>> lines;
    for (const Row& row : rows) {
        auto& line = lines.emplace_back(1, row.attack);
        for (const auto& column : columns) line.push_back(column.cell(row));
    }
    return tableOf(first, titles, lines);
}

/// Text under a heading; empty where the text is.
std::string section(const char* heading, const std::string& text);

/// Written by hand beside a model's manifest, for its card: what limits it, and how it was trained.
inline constexpr const char* kLimitsFile = "limits.md";
inline constexpr const char* kHistoryFile = "history.md";

/// Such a text without the space around it, its last line ended; empty where there is none.
std::string noteOf(const models::Manifest& manifest, const char* file);

}  // namespace signet::examine
