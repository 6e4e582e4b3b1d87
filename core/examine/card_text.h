#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/examine/p_value_shares.h"
#include "core/metrics/measured.h"

namespace signet::examine {

/// What the parts of a card are made of.

/// "97.28 (93.8–99.1)"; "–" for nothing.
std::string percent(const std::optional<metrics::Proportion>& share);
std::string percent(const std::optional<metrics::MeanCi95>& mean);

/// "p ≤ 0.1 in 9.80 (8.1–11.7) %, ..., smallest 1e-3.2"
std::string shareText(const PValueShares& shares);

/// In Markdown; rows have a cell more than titles, which is on the left.
std::string tableOf(const std::string& first, const std::vector<std::string>& titles,
                    const std::vector<std::vector<std::string>>& rows);

}  // namespace signet::examine
