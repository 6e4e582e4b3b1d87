#include "core/experiments/result_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/base/csv.h"
#include "core/report/report_text.h"

namespace signet::experiments {
namespace {

constexpr const char* kInterval = "_ci95";

std::string spaced(std::string name) {
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

std::string valueText(const Json& value) {
    if (value.is_number_float()) return fmt::format("{:.4g}", value.get<double>());
    if (value.is_number()) return value.dump();
    if (value.is_string()) return value.get<std::string>();
    return {};
}

/// Numbers and words, those of objects under "<name> <key>"; lists but for intervals are left out.
struct NamedCell {
    std::string name, text;
};
void addCells(const Json& values, const std::string& prefix, std::vector<NamedCell>& cells) {
    for (const auto& [key, value] : values.items()) {
        if (value.is_object()) {
            addCells(value, prefix + key + " ", cells);
        } else if (key.ends_with(kInterval) && value.is_array() && value.size() == 2) {
            const std::string of = key.substr(0, key.size() - std::string_view(kInterval).size());
            for (NamedCell& cell : cells)
                if (cell.name == prefix + of)
                    cell.text += fmt::format(" ({} to {})", valueText(value[0]), valueText(value[1]));
        } else if (!value.is_array() && !value.is_null()) {
            cells.push_back({prefix + key, valueText(value)});
        }
    }
}

std::vector<NamedCell> cellsOf(const Json& values) {
    std::vector<NamedCell> cells;
    if (values.is_object()) addCells(values, "", cells);
    return cells;
}

/// Where there are more columns than rows, the other way round: a page is narrow.
ResultTable fewerColumns(ResultTable table) {
    if (table.columns.size() <= table.cells.size() + 1) return table;
    ResultTable turned;
    turned.columns.push_back(table.columns.front());
    for (const auto& row : table.cells) turned.columns.push_back(row.front());
    for (std::size_t column = 1; column < table.columns.size(); ++column) {
        auto& line = turned.cells.emplace_back(1, table.columns[column]);
        for (const auto& row : table.cells) line.push_back(row[column]);
    }
    return turned;
}

std::string escaped(std::string_view text) {
    return report::escapeHtml(text);
}

}  // namespace

ResultTable tableOf(const std::vector<Row>& rows) {
    struct Column {
        std::string name;
        bool ofPaper;
    };
    std::vector<Column> columns;
    const auto add = [&](const Json& values, bool ofPaper) {
        for (const NamedCell& cell : cellsOf(values))
            if (std::none_of(columns.begin(), columns.end(), [&](const Column& column) {
                    return column.name == cell.name && column.ofPaper == ofPaper;
                }))
                columns.push_back({cell.name, ofPaper});
    };
    for (const Row& row : rows) add(row.paper, true);
    for (const Row& row : rows) add(row.ours, false);
    ResultTable table;
    table.columns.push_back("row");
    for (const Column& column : columns)
        table.columns.push_back(spaced(column.name) + (column.ofPaper ? " (paper)" : ""));
    for (const Row& row : rows) {
        auto& line = table.cells.emplace_back(1, row.name);
        const auto paper = cellsOf(row.paper), ours = cellsOf(row.ours);
        for (const Column& column : columns) {
            const auto& from = column.ofPaper ? paper : ours;
            const auto found = std::find_if(from.begin(), from.end(),
                                            [&](const NamedCell& cell) { return cell.name == column.name; });
            line.push_back(found != from.end() ? found->text : "");
        }
    }
    if (std::any_of(rows.begin(), rows.end(), [](const Row& row) { return !row.remark.empty(); })) {
        table.columns.push_back("remark");
        for (std::size_t i = 0; i < rows.size(); ++i) table.cells[i].push_back(rows[i].remark);
    }
    return table;
}

std::string csvOf(const std::vector<Row>& rows) {
    const ResultTable table = tableOf(rows);
    const auto line = [](const std::vector<std::string>& cells) {
        std::string text;
        for (std::size_t i = 0; i < cells.size(); ++i) text += (i > 0 ? "," : "") + csvText(cells[i]);
        return text + "\r\n";
    };
    std::string csv = line(table.columns);
    for (const auto& cells : table.cells) csv += line(cells);
    return csv;
}

std::string htmlOf(const Experiment& experiment, const std::vector<Row>& rows) {
    const ResultTable table = fewerColumns(tableOf(rows));
    std::string html = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0} {1}</title>\n"
        "<style>body{{font-family:sans-serif;font-size:9pt}} table{{border-collapse:collapse}} "
        "td,th{{border:1px solid #888;padding:2px 5px;text-align:left}}</style></head><body>\n"
        "<h1>{0}: {1}</h1>\n<p>{2}. {3}</p>\n<table><tr>",
        escaped(experiment.id), escaped(experiment.title), escaped(experiment.source),
        escaped(experiment.note));
    for (const std::string& column : table.columns) html += fmt::format("<th>{}</th>", escaped(column));
    for (const auto& cells : table.cells) {
        html += "</tr>\n<tr>";
        for (const std::string& cell : cells) html += fmt::format("<td>{}</td>", escaped(cell));
    }
    html += "</tr></table>\n";
    for (const Row& row : rows)
        html += fmt::format("<p>{}: measured in {:.0f} s; {}</p>\n", escaped(row.name), row.seconds,
                            escaped(row.setting.dump()));
    return html + "</body></html>\n";
}

}  // namespace signet::experiments
