#include "core/examine/card_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "core/base/file_io.h"

namespace signet::examine {
namespace {

std::string inPercent(double value, const metrics::Interval& interval) {
    return fmt::format("{:.2f} ({:.1f}–{:.1f})", 100 * value, 100 * interval.lower, 100 * interval.upper);
}

}  // namespace

std::string grouped(std::int64_t n) {
    std::string text = std::to_string(n);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), ",");
    return text;
}

std::string percent(const std::optional<metrics::Proportion>& p) {
    return p && p->n > 0 ? inPercent(p->value(), p->ci95()) : "–";
}

std::string percent(const std::optional<metrics::MeanCi95>& m) {
    return m && std::isfinite(m->mean) ? inPercent(m->mean, m->ci95) : "–";
}

std::string shareText(const PValueShares& shares) {
    std::string text;
    for (std::size_t i = 0; i < shares.upTo.size(); ++i)
        text += fmt::format("p ≤ {:g} in {} %, ", PValueShares::kAlphas[i],
                            percent(std::optional(shares.upTo[i])));
    return text + fmt::format("smallest 1e{:.1f}", shares.smallestLog10P);
}

std::string tableOf(const std::string& first, const std::vector<std::string>& titles,
                    const std::vector<std::vector<std::string>>& rows) {
    std::string text = fmt::format("| {} | {} |\n| --- |", first, fmt::join(titles, " | "));
    for (std::size_t i = 0; i < titles.size(); ++i) text += " ---: |";
    for (const auto& row : rows) text += fmt::format("\n| {} |", fmt::join(row, " | "));
    return text + "\n";
}

std::string noteOf(const models::Manifest& manifest, const char* file) {
    const auto path = manifest.folder / file;
    if (!std::filesystem::exists(path)) return {};
    const std::string text = readTextFile(path);
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first) + "\n";
}

std::string section(const char* heading, const std::string& text) {
    return text.empty() ? std::string() : fmt::format("\n{}\n\n{}", heading, text);
}

}  // namespace signet::examine
