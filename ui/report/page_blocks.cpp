#include <algorithm>
#include <numeric>

#include "ui/report/page_colours.h"
#include "ui/report/page_flow.h"

// How PageFlow sets each kind of block.

namespace signet::ui {
namespace {

constexpr double kLabelWidth = pt(112);
constexpr double kColumnGap = pt(8);  ///< between two facts of a line
constexpr double kPadding = pt(2.2);
constexpr double kTall = pt(150);  ///< rows of tables are cut at the foot of a page, lower ones move on

TextStyle cellStyle(const report::Column& column, report::Tone tone) {
    // The text of narrow columns is broken where it must be; many columns need smaller letters.
    TextStyle style{.size = column.mono ? 6.4 : 7.1, .mono = column.mono, .colour = colourOf(tone)};
    if (column.right) style.alignment = Qt::AlignRight | Qt::AlignAbsolute;
    return style;
}

TextStyle headStyle(const report::Column& column) {
    TextStyle style{.size = 7, .bold = true};
    if (column.right) style.alignment = Qt::AlignRight | Qt::AlignAbsolute;
    return style;
}

TextStyle headingStyle(int level) {
    return {.size = level == 1 ? 11.8 : level == 2 ? 9.4 : 8.1, .bold = true};
}

double spaceBefore(int level) {
    return level == 1 ? pt(11) : level == 2 ? pt(7) : pt(4);
}

double spaceAfter(int level) {
    return level == 1 ? pt(4.5) : pt(1.5);
}

/// Columns share the width by their weights, but each has room for its longest word where that can be: a
/// name, a code or a hash is broken only where it is wider than most of the table.
std::vector<double> columnWidths(const report::Table& table, double width) {
    constexpr double kMostOfIt = 0.6;
    const std::size_t n = table.columns.size();
    std::vector<double> needed(n, 0);
    for (std::size_t k = 0; k < n; ++k) {
        const auto fit = [&](const std::string& text, const TextStyle& style) {
            needed[k] = std::max(needed[k], longestWord(printable(text, style), style));
        };
        fit(table.columns[k].title, headStyle(table.columns[k]));
        for (const auto& row : table.rows)
            if (k < row.size()) fit(row[k], cellStyle(table.columns[k], report::Tone::Plain));
        needed[k] = std::min(needed[k] + 2 * kPadding + pt(1), kMostOfIt * width);
    }
    const double all = std::accumulate(needed.begin(), needed.end(), 0.0);
    std::vector<double> widths(n, 0);
    std::vector<bool> fixed(n, all > width);  // too many long words: each gives way alike
    if (all > width)
        for (std::size_t k = 0; k < n; ++k) widths[k] = needed[k] * width / all;
    for (bool settled = false; !settled;) {
        double rest = width;
        double weights = 0;
        for (std::size_t k = 0; k < n; ++k) {
            rest -= fixed[k] ? widths[k] : 0;
            weights += fixed[k] ? 0 : table.columns[k].weight;
        }
        settled = true;
        for (std::size_t k = 0; k < n; ++k) {
            if (fixed[k]) continue;
            widths[k] = rest * table.columns[k].weight / weights;
            if (widths[k] >= needed[k]) continue;
            widths[k] = needed[k];
            fixed[k] = true;
            settled = false;
            break;
        }
    }
    return widths;
}

double heightOf(const std::vector<TextPiece>& cells) {
    double height = 0;
    for (const TextPiece& cell : cells) height = std::max(height, cell.height());
    return height + 2 * kPadding;
}

std::vector<TextPiece> headerCells(const report::Table& table, const std::vector<double>& widths) {
    std::vector<TextPiece> cells;
    for (std::size_t k = 0; k < table.columns.size(); ++k) {
        const TextStyle style = headStyle(table.columns[k]);
        cells.emplace_back(printable(table.columns[k].title, style), style, widths[k] - 2 * kPadding);
    }
    return cells;
}

std::vector<TextPiece> rowCells(const report::Table& table, std::size_t row,
                                const std::vector<double>& widths) {
    const report::Tone tone = row < table.tones.size() ? table.tones[row] : report::Tone::Plain;
    std::vector<TextPiece> cells;
    for (std::size_t k = 0; k < table.columns.size() && k < table.rows[row].size(); ++k) {
        const TextStyle style = cellStyle(table.columns[k], tone);
        cells.emplace_back(printable(table.rows[row][k], style), style, widths[k] - 2 * kPadding);
    }
    return cells;
}

/// What of a row must stand with what is before it.
double leadOfRow(const std::vector<TextPiece>& cells) {
    const double height = heightOf(cells);
    return height < kTall ? height : pt(60);
}

/// A paragraph's text as it is set, and how far in.
struct ParagraphText {
    TextPiece piece;
    double indent;
};

ParagraphText textOf(const report::Paragraph& p, double width) {
    TextStyle style = bodyStyle(p.tone, p.mono);
    if (p.small) style.size = 7.1;
    TextStyle leadStyle = style;
    leadStyle.bold = true;
    const QString lead = printable(p.lead, leadStyle);
    const double indent = p.tone == report::Tone::Plain ? 0 : pt(9);
    const QString text = printable(p.text, style);
    const QString gap = lead.isEmpty() || text.startsWith('\n') ? QString() : QStringLiteral(" ");
    return {TextPiece(lead + gap + text, style, width - indent, lead.size()), indent};
}

struct FactText {
    TextPiece label;
    TextPiece value;
    bool narrow;  ///< fits on one line of half the width

    double leadHeight() const { return std::max(label.height(), value.leadHeight()); }
};

FactText textOf(const report::Fact& fact, double width) {
    TextStyle labelStyle = bodyStyle(report::Tone::Plain, false);
    labelStyle.colour = kSoftInk;
    const TextStyle style = bodyStyle(fact.tone, fact.mono);
    const QString value = printable(fact.value, style);
    TextPiece label(printable(fact.label, labelStyle), labelStyle, kLabelWidth - pt(6));
    const bool narrow = label.lines() == 1 && !value.contains(QLatin1Char('\n')) &&
                        QFontMetricsF(reportFont(style)).horizontalAdvance(value) <=
                            (width - kColumnGap) / 2 - kLabelWidth - pt(1);
    return {std::move(label), TextPiece(value, style, width - kLabelWidth), narrow};
}

}  // namespace

void PageFlow::add(const report::Block& block) {
    if (const auto* h = std::get_if<report::Heading>(&block)) {
        m_headings.push_back(*h);
        return;
    }
    flushHeadings(m_headings.empty() ? 0 : leadOf(block));
    if (const auto* p = std::get_if<report::Paragraph>(&block)) return paragraph(*p);
    if (const auto* f = std::get_if<report::Facts>(&block)) return facts(*f);
    if (const auto* t = std::get_if<report::Table>(&block)) return table(*t);
    pictures(std::get<report::Pictures>(block));
}

double PageFlow::leadOf(const report::Block& block) const {
    if (const auto* p = std::get_if<report::Paragraph>(&block)) return textOf(*p, width()).piece.leadHeight();
    if (const auto* f = std::get_if<report::Facts>(&block))
        return f->facts.empty() ? 0 : textOf(f->facts.front(), width()).leadHeight();
    if (const auto* t = std::get_if<report::Table>(&block)) {
        const std::vector<double> widths = columnWidths(*t, width());
        return heightOf(headerCells(*t, widths)) + (t->rows.empty() ? 0 : leadOfRow(rowCells(*t, 0, widths)));
    }
    return pictureRowHeight(std::get<report::Pictures>(block), 0);
}

void PageFlow::flushHeadings(double leadHeight) {
    if (m_headings.empty()) return;
    std::vector<TextPiece> pieces;
    double height = leadHeight;
    for (const report::Heading& h : m_headings) {
        const TextStyle style = headingStyle(h.level);
        pieces.emplace_back(printable(h.text, style), style, width());
        height += spaceBefore(h.level) + pieces.back().height() + spaceAfter(h.level);
    }
    ensure(height);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const report::Heading& h = m_headings[i];
        space(spaceBefore(h.level));
        if (h.level == 1) m_counts.sections.insert(QString::fromStdString(h.key), m_page);
        flowText(pieces[i], 0);
        if (h.level == 1) rule(m_y + pt(1), kInk, pt(1.2));
        space(spaceAfter(h.level));
    }
    m_headings.clear();
}

void PageFlow::paragraph(const report::Paragraph& p) {
    const ParagraphText text = textOf(p, width());
    flowText(text.piece, text.indent, text.indent > 0 ? colourOf(p.tone) : QColor());
    space(pt(3));
}

void PageFlow::facts(const report::Facts& facts) {
    std::vector<FactText> texts;
    texts.reserve(facts.facts.size());
    for (const report::Fact& fact : facts.facts) texts.push_back(textOf(fact, width()));
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const FactText& text = texts[i];
        ensure(text.leadHeight());
        const double top = m_y;
        const int page = m_page;
        if (m_painter) text.label.draw(*m_painter, {left(), m_y});
        if (text.narrow && i + 1 < texts.size() && texts[i + 1].narrow) {  // two short ones on a line
            const FactText& second = texts[++i];
            const double x = left() + (width() + kColumnGap) / 2;
            if (m_painter) second.label.draw(*m_painter, {x, m_y});
            if (m_painter) second.value.draw(*m_painter, {x + kLabelWidth, m_y});
        }
        flowText(text.value, kLabelWidth);
        if (m_page == page) m_y = std::max(m_y, top + text.label.height());
        space(pt(1));
    }
    space(pt(3));
}

void PageFlow::table(const report::Table& table) {
    const std::vector<double> widths = columnWidths(table, width());
    const std::vector<TextPiece> titles = headerCells(table, widths);
    const auto pageBreak = [&] {
        newPage();
        tableHeader(titles, widths);
    };
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const std::vector<TextPiece> cells = rowCells(table, row, widths);
        if (row == 0) {
            ensure(heightOf(titles) + leadOfRow(cells));
            tableHeader(titles, widths);
        }
        tableRow(cells, widths, pageBreak);
    }
    space(pt(5));
}

void PageFlow::tableHeader(const std::vector<TextPiece>& titles, const std::vector<double>& widths) {
    const double height = heightOf(titles);
    if (m_painter) {
        m_painter->fillRect(QRectF(left(), m_y, width(), height), kHeaderFill);
        double x = left();
        for (std::size_t k = 0; k < titles.size(); ++k) {
            titles[k].draw(*m_painter, {x + kPadding, m_y + kPadding});
            x += widths[k];
        }
    }
    m_y += height;
    rule(m_y, kSoftInk, pt(0.6));
}

void PageFlow::tableRow(const std::vector<TextPiece>& cells, const std::vector<double>& widths,
                        const std::function<void()>& pageBreak) {
    const double height = heightOf(cells);
    if (height > room() && (height < kTall || room() < pt(60))) pageBreak();

    std::vector<int> done(cells.size(), 0);
    for (;;) {
        double drawn = 0;
        bool left_over = false;
        double x = left();
        for (std::size_t k = 0; k < cells.size(); ++k) {
            const int fitting = cells[k].linesIn(room() - 2 * kPadding, done[k]);
            if (m_painter)
                cells[k].draw(*m_painter, {x + kPadding, m_y + kPadding}, done[k], done[k] + fitting);
            drawn = std::max(drawn, cells[k].height(done[k], done[k] + fitting));
            done[k] += fitting;
            left_over = left_over || done[k] < cells[k].lines();
            x += widths[k];
        }
        m_y += drawn + 2 * kPadding;
        rule(m_y, kLine, pt(0.5));
        if (!left_over) return;
        pageBreak();
    }
}

}  // namespace signet::ui
