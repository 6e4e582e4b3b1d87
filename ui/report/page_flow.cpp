#include "ui/report/page_flow.h"

#include <fmt/format.h>

#include <QPainterPath>

#include "core/base/error.h"
#include "core/report/report_text.h"
#include "ui/report/page_colours.h"

namespace signet::ui {
namespace {

constexpr double kMargin = pt(45);
constexpr double kTop = pt(66);
constexpr double kBannerHeight = pt(20);
constexpr double kBottom = PageFlow::kHeight - pt(58);
constexpr double kLogoWidth = pt(110);
constexpr double kLogoHeight = pt(46);
constexpr int kLogoSide = 460;  ///< px

const TextStyle kBody{.size = 8.8};
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
    double y = pt(30);
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

    rule(kHeight - pt(48), kLine, pt(0.7));
    const TextPiece page(QStringLiteral("Page %1 of %2").arg(m_page).arg(m_known.pages), right, width());
    page.draw(p, {left(), kHeight - pt(42)});
    const QString laboratory = printable(report::oneLine(m_content.field("organisation"), 200), kSmall);
    TextStyle plain = kSmall;
    plain.alignment = Qt::AlignLeft | Qt::AlignAbsolute;
    TextPiece(elided(laboratory, plain, width() - pt(90)), plain, width() - pt(90))
        .draw(p, {left(), kHeight - pt(42)});
}

void PageFlow::titleBlock() {
    const double top = m_y;
    double titleWidth = width();
    if (!m_content.options.logo.empty()) {
        titleWidth -= kLogoWidth + pt(14);
        if (m_painter) {
            const image::Image logo = report::loadLogo(m_content.options.logo, kLogoSide);
            const QImage picture(logo.data.data(), logo.width, logo.height, 3 * logo.width,
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

void PageFlow::tableOfContents() {
    space(pt(8));
    const TextStyle head{.size = 9.5, .bold = true};
    const TextPiece title(QStringLiteral("Contents"), head, width());
    flowText(title, 0);
    space(pt(2));
    const auto line = [&](const char* text, const char* key) {
        const TextPiece piece(QString::fromUtf8(text), kBody, width());
        ensure(piece.height());
        if (m_painter) {
            piece.draw(*m_painter, {left(), m_y});
            TextStyle right = kBody;
            right.alignment = Qt::AlignRight;
            const int page = m_known.sections.value(QString::fromUtf8(key));
            TextPiece(QString::number(page), right, width()).draw(*m_painter, {left(), m_y});
        }
        m_y += piece.height() + pt(1.5);
        rule(m_y, kLine, pt(0.4));
        space(pt(1.5));
    };
    for (const report::SectionInfo& info : report::reportSections())
        if (m_content.options.has(info.section)) line(info.title, info.key);
    line("Authorisation", "authorisation");
    space(pt(8));
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
