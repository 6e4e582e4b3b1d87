#include "core/report/markdown.h"

#include <algorithm>
#include <string_view>

#include "core/report/report_text.h"

namespace signet::report {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string withoutMarks(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '`') continue;
        if (text.substr(i, 2) == "**") {
            ++i;
            continue;
        }
        out += text[i];
    }
    return trueMinus(out);
}

std::vector<std::string> cells(std::string_view line) {
    line = trimmed(line);
    if (line.starts_with('|')) line.remove_prefix(1);
    if (line.ends_with('|')) line.remove_suffix(1);
    std::vector<std::string> out;
    for (;;) {
        const auto bar = line.find('|');
        out.push_back(withoutMarks(trimmed(line.substr(0, bar))));
        if (bar == std::string_view::npos) return out;
        line.remove_prefix(bar + 1);
    }
}

bool isRule(std::string_view line) {
    return line.find_first_not_of("|-: \t") == std::string_view::npos &&
           line.find('-') != std::string_view::npos;
}

class Reader {
public:
    std::vector<Block> read(std::string_view text) {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            line(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        flush();
        return std::move(m_blocks);
    }

private:
    void line(std::string_view raw) {
        const std::string_view line = trimmed(raw);
        if (line.starts_with('|')) {
            tableLine(line);
            return;
        }
        endTable();
        const bool code = raw.starts_with("    ") && (m_paragraph.empty() || m_code);
        if (code != m_code) endParagraph();
        m_code = code;
        if (line.empty()) {
            endParagraph();
        } else if (code) {
            m_paragraph += (m_paragraph.empty() ? "" : "\n") + std::string(raw.substr(4));
        } else if (line.starts_with('#')) {
            endParagraph();
            const auto begin = line.find_first_not_of("# ");
            m_blocks.push_back(
                Heading{3, begin == std::string_view::npos ? "" : withoutMarks(line.substr(begin)), {}});
        } else if (line.starts_with("- ") || line.starts_with("* ")) {
            endParagraph();
            m_paragraph = "• " + withoutMarks(line.substr(2));
        } else {
            m_paragraph += (m_paragraph.empty() ? "" : " ") + withoutMarks(line);
        }
    }

    void tableLine(std::string_view line) {
        endParagraph();
        if (isRule(line)) {
            const std::vector<std::string> marks = cells(line);
            for (std::size_t k = 0; k < std::min(marks.size(), m_table.columns.size()); ++k)
                m_table.columns[k].right = marks[k].ends_with(':') && !marks[k].starts_with(':');
            return;
        }
        if (m_table.columns.empty()) {
            for (std::string& title : cells(line))
                m_table.columns.push_back({std::move(title), 1, false, false});
            return;
        }
        m_table.rows.push_back(cells(line));
        m_table.rows.back().resize(m_table.columns.size());
    }

    /// A column is as wide as what stands in it.
    void endTable() {
        for (std::size_t k = 0; k < m_table.columns.size(); ++k) {
            std::size_t longest = m_table.columns[k].title.size();
            for (const auto& row : m_table.rows) longest = std::max(longest, row[k].size());
            constexpr std::size_t kNarrow = 4, kWide = 60;
            m_table.columns[k].weight = static_cast<double>(std::clamp(longest, kNarrow, kWide));
        }
        if (!m_table.columns.empty()) m_blocks.push_back(std::move(m_table));
        m_table = {};
    }

    void endParagraph() {
        if (!m_paragraph.empty())
            m_blocks.push_back(Paragraph{{}, std::move(m_paragraph), Tone::Plain, m_code});
        m_paragraph.clear();
    }

    void flush() {
        endTable();
        endParagraph();
    }

    std::vector<Block> m_blocks;
    Table m_table;
    std::string m_paragraph;
    bool m_code = false;
};

}  // namespace

std::vector<Block> markdownBlocks(const std::string& text) {
    return Reader().read(visible(text));
}

CardParts cardParts(const std::string& card) {
    CardParts parts;
    std::size_t level = 0;  // of the heading that began the training; 0: outside
    std::string_view rest = card;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
        const std::string_view line = rest.substr(0, end);
        const std::size_t marks = line.find_first_not_of('#');
        if (marks > 0 && marks != std::string_view::npos && line[marks] == ' ') {
            if (level == 0 || marks <= level)
                level = trimmed(line.substr(marks)).starts_with("Training") ? marks : 0;
        }
        (level > 0 ? parts.training : parts.page) += line;
        rest.remove_prefix(end);
    }
    return parts;
}

}  // namespace signet::report
