#include "app/cli/table.h"

#include <algorithm>

namespace signet::cli {
namespace {

constexpr const char* kGap = "  ";
constexpr const char* kEllipsis = "\u2026";

bool startsCharacter(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0u) != 0x80u;
}

std::string padded(const std::string& text, const Table::Column& column) {
    const std::size_t columns = columnsOf(text);
    const std::string fill(columns < column.width ? column.width - columns : 0, ' ');
    return column.align == Table::Align::Right ? fill + text : text + fill;
}

}  // namespace

std::size_t columnsOf(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), startsCharacter));
}

std::string truncateColumns(const std::string& text, std::size_t columns) {
    if (columnsOf(text) <= columns || columns == 0) return columns == 0 ? std::string() : text;
    std::size_t at = 0;
    for (std::size_t seen = 0; at < text.size(); ++at) {
        if (startsCharacter(text[at]) && ++seen == columns) break;
    }
    return text.substr(0, at) + kEllipsis;
}

std::string truncateFront(const std::string& text, std::size_t columns) {
    const std::size_t all = columnsOf(text);
    if (all <= columns || columns == 0) return columns == 0 ? std::string() : text;
    std::size_t at = 0;
    for (std::size_t seen = 0; at < text.size(); ++at) {
        if (startsCharacter(text[at]) && seen++ == all - columns + 1) break;
    }
    return kEllipsis + text.substr(at);
}

Table::Table(std::vector<Column> columns) : m_columns(std::move(columns)) {
    for (Column& column : m_columns) column.width = std::max(column.width, columnsOf(column.title));
}

std::string Table::header() const {
    std::vector<std::string> titles;
    std::vector<std::string> rules;
    for (const Column& column : m_columns) {
        titles.push_back(column.title);
        rules.emplace_back(column.width, '-');
    }
    return row(titles) + "\n" + row(rules);
}

std::string Table::row(const std::vector<std::string>& cells) const {
    std::string line;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (i > 0) line += kGap;
        line += padded(i < cells.size() ? cells[i] : std::string(), m_columns[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

}  // namespace signet::cli
