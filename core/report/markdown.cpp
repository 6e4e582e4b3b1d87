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
    return out;
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
        if (isRule(line)) return;
        if (m_table.columns.empty()) {
            for (std::string& title : cells(line))
                m_table.columns.push_back({std::move(title), 1, false, false});
            return;
        }
        m_table.rows.push_back(cells(line));
        m_table.rows.back().resize(m_table.columns.size());
    }

    void endTable() {
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

}  // namespace signet::report
