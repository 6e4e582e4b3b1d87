#include <algorithm>
#include <numeric>

#include "core/examine/examine.h"
#include "core/report/report_text.h"
#include "ui/report/page_colours.h"
#include "ui/report/page_flow.h"

// How PageFlow sets each kind of block.

namespace signet::ui {
namespace {

constexpr double kLabelWidth = pt(122);
constexpr double kPadding = pt(3);
constexpr double kGap = pt(10);  ///< between pictures
constexpr double kLegendHeight = pt(13);
constexpr double kCaptionHeight = pt(21);
constexpr int kCaptionLines = 2;

TextStyle bodyStyle(report::Tone tone, bool mono) {
    return {.size = mono ? 7.4 : 8.8, .mono = mono, .colour = colourOf(tone)};
}

/// Columns share the width by their weights.
std::vector<double> columnWidths(const report::Table& table, double width) {
    const double sum =
        std::accumulate(table.columns.begin(), table.columns.end(), 0.0,
                        [](double total, const report::Column& c) { return total + c.weight; });
    std::vector<double> widths;
    for (const report::Column& column : table.columns) widths.push_back(width * column.weight / sum);
    return widths;
}

TextStyle cellStyle(const report::Column& column, report::Tone tone) {
    // The text of narrow columns is broken where it must be; many columns need smaller letters.
    TextStyle style{.size = column.mono ? 6.6 : 7.5, .mono = column.mono, .colour = colourOf(tone)};
    if (column.right) style.alignment = Qt::AlignRight | Qt::AlignAbsolute;
    return style;
}

}  // namespace

void PageFlow::add(const report::Block& block) {
    if (const auto* h = std::get_if<report::Heading>(&block)) return heading(*h);
    if (const auto* p = std::get_if<report::Paragraph>(&block)) return paragraph(*p);
    if (const auto* f = std::get_if<report::Facts>(&block)) return facts(*f);
    if (const auto* t = std::get_if<report::Table>(&block)) return table(*t);
    pictures(std::get<report::Pictures>(block));
}

void PageFlow::heading(const report::Heading& h) {
    const double size = h.level == 1 ? 14 : h.level == 2 ? 10.8 : 9;
    const TextStyle style{.size = size, .bold = true};
    const TextPiece piece(printable(h.text, style), style, width());
    space(h.level == 1 ? pt(20) : h.level == 2 ? pt(13) : pt(7));
    // a heading stays with what follows
    ensure(std::min(piece.height(), pt(60)) + (h.level == 1 ? pt(90) : h.level == 2 ? pt(70) : pt(34)));
    if (h.level == 1) m_counts.sections.insert(QString::fromStdString(h.key), m_page);
    flowText(piece, 0);
    if (h.level == 1) {
        rule(m_y + pt(1), kInk, pt(1.2));
        space(pt(7));
    } else {
        space(pt(2));
    }
}

void PageFlow::paragraph(const report::Paragraph& p) {
    const TextStyle style = bodyStyle(p.tone, p.mono);
    const QString lead = printable(p.lead, style);
    const bool barred = p.tone != report::Tone::Plain;
    const double indent = barred ? pt(9) : 0;
    const QString text = printable(p.text, style);
    const QString gap = lead.isEmpty() || text.startsWith('\n') ? QString() : QStringLiteral(" ");
    flowText(TextPiece(lead + gap + text, style, width() - indent, lead.size()), indent,
             barred ? colourOf(p.tone) : QColor());
    space(pt(4));
}

void PageFlow::facts(const report::Facts& facts) {
    TextStyle labelStyle = bodyStyle(report::Tone::Plain, false);
    labelStyle.colour = kSoftInk;
    for (const report::Fact& fact : facts.facts) {
        const TextStyle style = bodyStyle(fact.tone, fact.mono);
        const TextPiece label(printable(fact.label, labelStyle), labelStyle, kLabelWidth - pt(8));
        const TextPiece value(printable(fact.value, style), style, width() - kLabelWidth);
        ensure(std::max(label.height(), value.height(0, std::min(2, value.lines()))));
        const double top = m_y;
        const int page = m_page;
        if (m_painter) label.draw(*m_painter, {left(), m_y});
        flowText(value, kLabelWidth);
        if (m_page == page) m_y = std::max(m_y, top + label.height());
        space(pt(1.5));
    }
    space(pt(4));
}

void PageFlow::table(const report::Table& table) {
    const std::vector<double> widths = columnWidths(table, width());
    ensure(pt(44));
    tableHeader(table, widths);
    for (std::size_t row = 0; row < table.rows.size(); ++row) tableRow(table, row, widths);
    space(pt(7));
}

void PageFlow::tableHeader(const report::Table& table, const std::vector<double>& widths) {
    std::vector<TextPiece> pieces;
    double height = 0;
    for (std::size_t k = 0; k < table.columns.size(); ++k) {
        TextStyle style{.size = 7, .bold = true};
        if (table.columns[k].right) style.alignment = Qt::AlignRight | Qt::AlignAbsolute;
        pieces.emplace_back(printable(table.columns[k].title, style), style, widths[k] - 2 * kPadding);
        height = std::max(height, pieces.back().height());
    }
    height += 2 * kPadding;
    if (m_painter) {
        m_painter->fillRect(QRectF(left(), m_y, width(), height), kHeaderFill);
        double x = left();
        for (std::size_t k = 0; k < pieces.size(); ++k) {
            pieces[k].draw(*m_painter, {x + kPadding, m_y + kPadding});
            x += widths[k];
        }
    }
    m_y += height;
    rule(m_y, kSoftInk, pt(0.6));
}

void PageFlow::tableRow(const report::Table& table, std::size_t row, const std::vector<double>& widths) {
    const report::Tone tone = row < table.tones.size() ? table.tones[row] : report::Tone::Plain;
    std::vector<TextPiece> cells;
    double height = 0;
    for (std::size_t k = 0; k < table.columns.size() && k < table.rows[row].size(); ++k) {
        const TextStyle style = cellStyle(table.columns[k], tone);
        cells.emplace_back(printable(table.rows[row][k], style), style, widths[k] - 2 * kPadding);
        height = std::max(height, cells.back().height());
    }
    const auto pageBreak = [&] {
        newPage();
        tableHeader(table, widths);
    };
    constexpr double kTall = pt(150);  // such rows are cut at the foot of a page, others move to the next
    if (height + 2 * kPadding > room() && (height < kTall || room() < pt(60))) pageBreak();

    std::vector<int> done(cells.size(), 0);
    for (;;) {
        double drawn = 0;
        bool left_over = false;
        for (std::size_t k = 0; k < cells.size(); ++k) {
            const int fitting = cells[k].linesIn(room() - 2 * kPadding, done[k]);
            const double x =
                left() + std::accumulate(widths.begin(), widths.begin() + static_cast<long>(k), 0.0);
            if (m_painter)
                cells[k].draw(*m_painter, {x + kPadding, m_y + kPadding}, done[k], done[k] + fitting);
            drawn = std::max(drawn, cells[k].height(done[k], done[k] + fitting));
            done[k] += fitting;
            left_over = left_over || done[k] < cells[k].lines();
        }
        m_y += drawn + 2 * kPadding;
        rule(m_y, kLine, pt(0.5));
        if (!left_over) return;
        pageBreak();
    }
}

void PageFlow::pictures(const report::Pictures& pictures) {
    const std::size_t across = std::clamp<std::size_t>(pictures.boxes.size(), 2, 3);
    const double boxWidth = (width() - kGap * static_cast<double>(across - 1)) / static_cast<double>(across);
    for (std::size_t first = 0; first < pictures.boxes.size(); first += across) {
        const std::size_t end = std::min(first + across, pictures.boxes.size());
        double pictureHeight = 0;  // what the tallest needs at most
        for (std::size_t i = first; i < end; ++i) {
            const double aspect = pictures.boxes[i].aspect;
            const double whole = mm(pictures.heightMm);
            pictureHeight =
                std::max(pictureHeight, aspect > 0 ? std::clamp(boxWidth / aspect, pt(40), whole) : whole);
        }
        ensure(pictureHeight + kLegendHeight + kCaptionHeight);
        for (std::size_t i = first; i < end; ++i) {
            const double x = left() + static_cast<double>(i - first) * (boxWidth + kGap);
            if (m_painter) pictureBox(pictures.boxes[i], {x, m_y, boxWidth, pictureHeight});
        }
        m_y += pictureHeight + kLegendHeight + kCaptionHeight;
    }
    space(pt(3));
}

void PageFlow::pictureBox(const report::PictureBox& box, const QRectF& frame) {
    QPainter& p = *m_painter;
    const report::Picture picture = box.load();
    double below = frame.bottom();
    if (picture.problem.empty()) {
        const image::Image& image = picture.image;
        const QImage pixels(image.data.data(), image.width, image.height, 3 * image.width,
                            QImage::Format_RGB888);
        const double scale = std::min(frame.width() / image.width, frame.height() / image.height);
        const QRectF target(frame.topLeft(), QSizeF(image.width * scale, image.height * scale));
        p.setRenderHint(QPainter::LosslessImageRendering, box.lineArt);
        p.drawImage(target, pixels);
        p.setRenderHint(QPainter::LosslessImageRendering, false);
        below = target.bottom();
        if (box.evidenceMap) {
            legend({target.left(), below, std::max(target.width(), pt(110)), kLegendHeight});
            below += kLegendHeight;
        }
    } else {
        p.setPen(QPen(kSoftInk, pt(0.6), Qt::DashLine));
        p.setBrush(Qt::NoBrush);
        p.drawRect(frame);
        const TextStyle style = bodyStyle(report::Tone::Note, false);
        const TextPiece piece(printable(report::visible(picture.problem), style), style,
                              frame.width() - pt(12));
        piece.draw(p, frame.topLeft() + QPointF(pt(6), pt(6)), 0, piece.linesIn(frame.height() - pt(12), 0));
    }
    const TextStyle style{.size = 7.2, .colour = kSoftInk};
    const TextPiece caption(printable(box.caption, style), style, frame.width());
    caption.draw(p, {frame.left(), below + pt(2)}, 0, std::min(kCaptionLines, caption.lines()));
}

void PageFlow::legend(const QRectF& frame) {
    constexpr int kSteps = 60;
    const TextStyle style{.size = 6.4, .colour = kSoftInk};
    const QString low = QStringLiteral("-%1").arg(examine::kEvidenceRange, 0, 'f', 0);
    const QString high = QStringLiteral("+%1 logits a cell").arg(examine::kEvidenceRange, 0, 'f', 0);
    const QFontMetricsF metrics(reportFont(style));
    const double lowWidth = metrics.horizontalAdvance(low) + pt(3);
    const double highWidth = metrics.horizontalAdvance(high) + pt(3);
    const double barWidth = frame.width() - lowWidth - highWidth;
    const double top = frame.top() + pt(4);
    for (int i = 0; i < kSteps; ++i) {
        const auto c = examine::viridis((i + 0.5) / kSteps);
        m_painter->fillRect(
            QRectF(frame.left() + lowWidth + barWidth * i / kSteps, top, barWidth / kSteps + 1, pt(5)),
            QColor(c[0], c[1], c[2]));
    }
    const double textTop = top + pt(2.5) - metrics.height() / 2;
    TextPiece(low, style, lowWidth + pt(4)).draw(*m_painter, {frame.left(), textTop});
    TextPiece(high, style, highWidth + pt(4))
        .draw(*m_painter, {frame.left() + lowWidth + barWidth + pt(3), textTop});
}

}  // namespace signet::ui
