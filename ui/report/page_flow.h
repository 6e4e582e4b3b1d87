#pragma once

#include <QHash>
#include <QPainter>
#include <functional>

#include "core/report/document.h"
#include "ui/report/text_piece.h"

namespace signet::ui {

/// What the flow needs to know from its first run for its second.
struct PageCounts {
    int pages = 0;                 ///< 0: not known yet
    QHash<QString, int> sections;  ///< page of each section by its key
};

/// Gives the painter of a page, in units of 1/20 point from its top left corner, or null for a page that is
/// laid out and not drawn.
using BeginPage = std::function<QPainter*(int page)>;

/// Lays a report out on pages of A4, one block after another.
class PageFlow {
public:
    PageFlow(const report::ReportContent& content, const PageCounts& known, BeginPage beginPage,
             const WorkContext& context);

    /// The whole report; gives the counts for the next run. Throws Cancelled.
    PageCounts run();

    static constexpr double kWidth = mm(210);
    static constexpr double kHeight = mm(297);

private:
    void newPage();
    void furniture();
    void ensure(double height);
    /// Nothing at the top of a page.
    void space(double height);
    double left() const;
    double width() const;
    double room() const;

    void titleBlock();
    void tableOfContents();
    void endMark();

    /// Headings wait for what follows them, and go to the next page with it.
    void add(const report::Block& block);
    void flushHeadings(double leadHeight);
    void paragraph(const report::Paragraph& paragraph);
    void facts(const report::Facts& facts);
    void table(const report::Table& table);
    void tableHeader(const std::vector<TextPiece>& titles, const std::vector<double>& widths);
    void tableRow(const std::vector<TextPiece>& cells, const std::vector<double>& widths,
                  const std::function<void()>& pageBreak);
    void pictures(const report::Pictures& pictures);
    double pictureRowHeight(const report::Pictures& pictures, std::size_t first) const;
    void pictureBox(const report::PictureBox& box, const QRectF& frame);
    void legend(const QRectF& frame, const QString& unit);
    void outline(const report::Region& shares, const QRectF& picture);
    double leadOf(const report::Block& block) const;
    /// Draws a text from the left edge over as many pages as it takes; indent moves it right.
    void flowText(const TextPiece& piece, double indent, const QColor& bar = {});
    void rule(double y, const QColor& colour, double thickness);

    const report::ReportContent& m_content;
    const PageCounts& m_known;
    const BeginPage m_beginPage;
    const WorkContext& m_context;
    QPainter* m_painter = nullptr;
    PageCounts m_counts;
    std::vector<report::Heading> m_headings;  ///< not yet set
    int m_page = 0;
    double m_top = 0;  ///< where text begins on this page
    double m_y = 0;
};

}  // namespace signet::ui
