#include "ui/report/page_flow.h"

#include <fmt/format.h>

#include <QPainterPath>

#include "core/base/error.h"
#include "core/report/report_text.h"
#include "ui/report/page_colours.h"

namespace signet::ui {
namespace {

constexpr double kMargin = pt(41);
constexpr double kTop = pt(55);
constexpr double kBannerHeight = pt(20);
constexpr double kBottom = PageFlow::kHeight - pt(49);
constexpr double kLogoWidth = pt(110);
constexpr double kLogoHeight = pt(46);
constexpr int kLogoSide = 460;  ///< px

const TextStyle kBody = bodyStyle(report::Tone::Plain, false);
const TextStyle kSmall{.size = 7.4, .colour = kSoftInk};

QString elided(const QString& text, const TextStyle& style, double width) {
    return QFontMetricsF(reportFont(style)).elidedText(text, Qt::ElideRight, width);
}

}  // namespace

PageFlow::PageFlow(const report::ReportContent& content, const PageCounts& known, BeginPage beginPage,
                   const WorkContext& context)
    : m_content(content), m_known(known), m_beginPage(std::move(beginPage)), m_context(context) {}

PageCounts PageFlow::run() {
    newPage();
    titleBlock();
    report::writePreliminaries(m_content, [this](const report::Block& block) { add(block); });
    tableOfContents();
    report::writeDocument(m_content, [this](const report::Block& block) {
        if (m_context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "the report was stopped");
        add(block);
    });
    endMark();
    m_counts.pages = m_page;
    return m_counts;
}

double PageFlow::left() const {
    return kMargin;
}
double PageFlow::width() const {
    return kWidth - 2 * kMargin;
}
double PageFlow::room() const {
    return kBottom - m_y;
}

void PageFlow::newPage() {
    ++m_page;
    m_painter = m_beginPage(m_page);
    m_top = m_y = kTop + (m_content.options.banner.empty() ? 0 : kBannerHeight);
    if (m_painter) furniture();
    m_context.report(static_cast<std::uint64_t>(m_page), static_cast<std::uint64_t>(m_known.pages),
                     m_painter ? "writing pages" : "laying out pages");
}

void PageFlow::ensure(double height) {
    if (height > room()) newPage();
}

void PageFlow::space(double height) {
    if (m_y > m_top) m_y += height;
}

void PageFlow::rule(double y, const QColor& colour, double thickness) {
    if (m_painter) m_painter->fillRect(QRectF(left(), y - thickness / 2, width(), thickness), colour);
}

/// What stands on each page: id, status, banner, page x of y; DRAFT across a draft.
void PageFlow::furniture() {
    QPainter& p = *m_painter;
    if (m_content.draft()) {
        // as an outline, so that it does not run into the text when that is searched or copied
        QPainterPath word;
        word.addText(0, 0, reportFont({.size = 150, .bold = true}), QStringLiteral("DRAFT"));
        const QRectF bounds = word.boundingRect();
        p.save();
        p.translate(kWidth / 2, kHeight / 2);
        p.rotate(-52);
        p.translate(-bounds.center());
        p.fillPath(word, kWatermark);
        p.restore();
    }
    double y = pt(25);
    if (!m_content.options.banner.empty()) {
        const TextStyle style{.size = 9.5, .bold = true, .alignment = Qt::AlignHCenter};
        const QRectF box(left(), y - pt(6), width(), kBannerHeight - pt(4));
        p.setPen(QPen(kInk, pt(0.8)));
        p.setBrush(Qt::NoBrush);
        p.drawRect(box);
        const QString text = printable(report::oneLine(m_content.options.banner, 200), style);
        const TextPiece piece(elided(text, style, width() - pt(12)), style, width());
        piece.draw(p, {left(), box.center().y() - piece.height() / 2});
        y += kBannerHeight;
    }
    const QString id = QString::fromStdString(fmt::format(
        "Report {} · version {}{}", m_content.id, m_content.version, m_content.draft() ? " · DRAFT" : ""));
    const TextStyle bold{.size = 7.8, .bold = true};
    const TextPiece idPiece(id, bold, width());
    idPiece.draw(p, {left(), y});
    const double idWidth = QFontMetricsF(reportFont(bold)).horizontalAdvance(id);
    TextStyle right = kSmall;
    right.alignment = Qt::AlignRight | Qt::AlignAbsolute;
    const QString title = printable(report::oneLine(m_content.options.title, 200), kSmall);
    const double titleWidth = width() - idWidth - pt(16);
    TextPiece(elided(title, right, titleWidth), right, titleWidth)
        .draw(p, {left() + width() - titleWidth, y});
    rule(y + pt(15), kLine, pt(0.7));

    rule(kHeight - pt(43), kLine, pt(0.7));
    const TextPiece page(QStringLiteral("Page %1 of %2").arg(m_page).arg(m_known.pages), right, width());
    page.draw(p, {left(), kHeight - pt(38)});
    const QString laboratory = printable(report::oneLine(m_content.field("organisation"), 200), kSmall);
    TextStyle plain = kSmall;
    plain.alignment = Qt::AlignLeft | Qt::AlignAbsolute;
    TextPiece(elided(laboratory, plain, width() - pt(90)), plain, width() - pt(90))
        .draw(p, {left(), kHeight - pt(38)});
}

void PageFlow::titleBlock() {
    const double top = m_y;
    double titleWidth = width();
    if (!m_content.options.logo.empty()) {
        titleWidth -= kLogoWidth + pt(14);
        if (m_painter) {
            const image::Image logo = report::loadLogo(m_content.options.logo, kLogoSide);
            const QImage picture(logo.data.data(), logo.width, logo.height, qsizetype{3} * logo.width,
                                 QImage::Format_RGB888);
            const double scale = std::min(kLogoWidth / logo.width, kLogoHeight / logo.height);
            const QSizeF size(logo.width * scale, logo.height * scale);
            m_painter->setRenderHint(QPainter::LosslessImageRendering, true);
            m_painter->drawImage(QRectF(QPointF(left() + width() - size.width(), top), size), picture);
            m_painter->setRenderHint(QPainter::LosslessImageRendering, false);
        }
    }
    const TextStyle style{.size = 16.5, .bold = true};
    flowText(TextPiece(printable(report::oneLine(m_content.options.title, 500), style), style, titleWidth),
             0);
    if (!m_content.options.logo.empty() && m_page == 1) m_y = std::max(m_y, top + kLogoHeight);
    space(pt(8));
    facts(report::identification(m_content));
}

/// In two columns, the second begins where the first ends.
void PageFlow::tableOfContents() {
    struct Entry {
        QString title;
        QString key;
    };
    std::vector<Entry> entries;
    for (const report::SectionInfo& info : report::reportSections())
        if (m_content.options.has(info.section))
            entries.push_back({QString::fromUtf8(info.title), QString::fromUtf8(info.key)});
    entries.push_back({QStringLiteral("Authorisation"), QStringLiteral("authorisation")});

    const TextPiece title(QStringLiteral("Contents"), {.size = 9.5, .bold = true}, width());
    constexpr double kGap = pt(24);
    const double columnWidth = (width() - kGap) / 2;
    const double rowHeight = TextPiece(QStringLiteral("x"), kBody, width()).height() + pt(2);
    const std::size_t rows = (entries.size() + 1) / 2;
    space(pt(6));
    ensure(title.height() + pt(2) + rowHeight * static_cast<double>(rows));
    flowText(title, 0);
    space(pt(2));
    TextStyle numberStyle = kBody;
    numberStyle.alignment = Qt::AlignRight;
    for (std::size_t i = 0; m_painter && i < entries.size(); ++i) {
        const double x = left() + (i < rows ? 0 : columnWidth + kGap);
        const QPointF at(x, m_y + rowHeight * static_cast<double>(i % rows));
        TextPiece(entries[i].title, kBody, columnWidth).draw(*m_painter, at);
        TextPiece(QString::number(m_known.sections.value(entries[i].key)), numberStyle, columnWidth)
            .draw(*m_painter, at);
        m_painter->fillRect(QRectF(x, at.y() + rowHeight - pt(1), columnWidth, pt(0.4)), kLine);
    }
    m_y += rowHeight * static_cast<double>(rows);
    space(pt(6));
}

void PageFlow::endMark() {
    const TextStyle style{.size = 9.5, .bold = true, .alignment = Qt::AlignHCenter};
    const TextPiece piece(QString::fromStdString("End of report " + m_content.id), style, width());
    ensure(piece.height() + pt(40));
    space(pt(22));
    rule(m_y, kInk, pt(1.2));
    space(pt(6));
    flowText(piece, 0);
}

void PageFlow::flowText(const TextPiece& piece, double indent, const QColor& bar) {
    int line = 0;
    while (line < piece.lines()) {
        int fitting = piece.linesBeforeBreak(room(), line);
        if (fitting == 0) {
            newPage();
            fitting = std::max(1, piece.linesBeforeBreak(room(), line));
        }
        const double height = piece.height(line, line + fitting);
        if (m_painter) {
            if (bar.isValid()) m_painter->fillRect(QRectF(left(), m_y, pt(2.2), height), bar);
            piece.draw(*m_painter, {left() + indent, m_y}, line, line + fitting);
        }
        m_y += height;
        line += fitting;
    }
}

}  // namespace signet::ui
