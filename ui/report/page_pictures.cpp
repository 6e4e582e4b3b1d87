#include <algorithm>

#include "core/examine/examine.h"
#include "core/report/report_text.h"
#include "ui/report/page_colours.h"
#include "ui/report/page_flow.h"

// How PageFlow sets pictures.

namespace signet::ui {
namespace {

constexpr double kGap = pt(10);  ///< between pictures
constexpr double kLegendHeight = pt(13);
constexpr double kCaptionHeight = pt(21);
constexpr int kCaptionLines = 2;

/// Pictures that stand beside each other.
struct Row {
    std::size_t end;  ///< first of the next row
    double boxWidth;
    double pictureHeight;  ///< what the tallest needs at most
    double below;          ///< legend and caption
};

Row rowOf(const report::Pictures& pictures, std::size_t first, double width) {
    const std::size_t across = std::clamp<std::size_t>(pictures.boxes.size(), 2, 3);
    Row row{std::min(first + across, pictures.boxes.size()),
            (width - kGap * static_cast<double>(across - 1)) / static_cast<double>(across), 0,
            kCaptionHeight};
    for (std::size_t i = first; i < row.end; ++i) {
        const double aspect = pictures.boxes[i].aspect;
        const double whole = mm(pictures.heightMm);
        row.pictureHeight = std::max(row.pictureHeight,
                                     aspect > 0 ? std::clamp(row.boxWidth / aspect, pt(40), whole) : whole);
        if (pictures.boxes[i].evidenceMap) row.below = kCaptionHeight + kLegendHeight;
    }
    return row;
}

}  // namespace

double PageFlow::pictureRowHeight(const report::Pictures& pictures, std::size_t first) const {
    const Row row = rowOf(pictures, first, width());
    return row.pictureHeight + row.below;
}

void PageFlow::pictures(const report::Pictures& pictures) {
    for (std::size_t first = 0; first < pictures.boxes.size();) {
        const Row row = rowOf(pictures, first, width());
        ensure(row.pictureHeight + row.below);
        for (std::size_t i = first; i < row.end; ++i) {
            const double x = left() + static_cast<double>(i - first) * (row.boxWidth + kGap);
            if (m_painter) pictureBox(pictures.boxes[i], {x, m_y, row.boxWidth, row.pictureHeight});
        }
        m_y += row.pictureHeight + row.below;
        first = row.end;
    }
    space(pt(3));
}

void PageFlow::pictureBox(const report::PictureBox& box, const QRectF& frame) {
    QPainter& p = *m_painter;
    const report::Picture picture = box.load();
    double below = frame.bottom();
    if (picture.problem.empty()) {
        const image::Image& image = picture.image;
        const QImage pixels(image.data.data(), image.width, image.height, qsizetype{3} * image.width,
                            QImage::Format_RGB888);
        const double scale = std::min(frame.width() / image.width, frame.height() / image.height);
        const QRectF target(frame.topLeft(), QSizeF(image.width * scale, image.height * scale));
        p.setRenderHint(QPainter::LosslessImageRendering, box.lineArt);
        p.drawImage(target, pixels);
        p.setRenderHint(QPainter::LosslessImageRendering, false);
        for (const report::Region& region : box.regions)
            if (const auto shares = report::sharesOf(region, picture)) outline(*shares, target);
        below = target.bottom();
        if (box.evidenceMap) {
            legend({target.left(), below, std::max(target.width(), pt(110)), kLegendHeight},
                   QString::fromStdString(box.mapUnit));
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

/// Light on dark, so that it is seen on any picture; the number in a corner of it.
void PageFlow::outline(const report::Region& shares, const QRectF& picture) {
    QPainter& p = *m_painter;
    const QRectF box(picture.left() + shares.x * picture.width(), picture.top() + shares.y * picture.height(),
                     shares.width * picture.width(), shares.height * picture.height());
    QPolygonF corners;
    for (const auto& [x, y] : shares.corners)
        corners << QPointF(picture.left() + x * picture.width(), picture.top() + y * picture.height());
    p.setBrush(Qt::NoBrush);
    for (const auto& [colour, thickness] : {std::pair(kInk, pt(2.4)), std::pair(kRegion, pt(1.2))}) {
        p.setPen(QPen(colour, thickness, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        if (corners.isEmpty())
            p.drawRect(box);
        else
            p.drawPolygon(corners);
    }
    const TextStyle style{.size = 6.4, .bold = true, .colour = Qt::white};
    const QString number = QString::fromStdString(shares.label);
    const QFontMetricsF metrics(reportFont(style));
    const QSizeF size(metrics.horizontalAdvance(number) + pt(4), metrics.height() + pt(1));
    const QPointF corner(std::min(box.left(), picture.right() - size.width()),
                         std::min(box.top(), picture.bottom() - size.height()));
    p.fillRect(QRectF(corner, size), kInk);
    TextPiece(number, style, size.width()).draw(p, corner + QPointF(pt(2), pt(0.5)));
}

void PageFlow::legend(const QRectF& frame, const QString& unit) {
    constexpr int kSteps = 60;
    const TextStyle style{.size = 6.4, .colour = kSoftInk};
    const QString low = QString::fromStdString(report::decimal(-examine::kEvidenceRange, 0));
    const QString high = QStringLiteral("+%1 %2").arg(examine::kEvidenceRange, 0, 'f', 0).arg(unit);
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
