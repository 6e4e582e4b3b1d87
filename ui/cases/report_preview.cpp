#include "ui/cases/report_preview.h"

#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/style/theme.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kPageGap = 2 * kGrid;   ///< px around pages
constexpr int kMinPageWidth = 240;    ///< px
constexpr int kMaxFittedWidth = 900;  ///< px; a wider view leaves a margin
constexpr double kA4Aspect = 297.0 / 210.0;
constexpr double kA4Inches = 210.0 / 25.4;
constexpr int kChunk = 4;       ///< pages made at a time
constexpr int kKeptPages = 24;  ///< about 100 MB at the largest size
constexpr double kMaxZoom = 3;
constexpr double kSharpenFrom = 1.15;  ///< times the size the pages were made for

}  // namespace

ReportPreviewView::ReportPreviewView(QWidget* parent) : QAbstractScrollArea(parent), m_images(kKeptPages) {
    setObjectName(QStringLiteral("reportPreview"));
    setAccessibleName(tr("Preview of the report's pages"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumWidth(kMinPageWidth + 2 * kPageGap);
    m_sharpen.setSingleShot(true);
    m_sharpen.setInterval(300);
    connect(&m_sharpen, &QTimer::timeout, this, [this] {
        const double wanted = dotsPerInch();
        if (m_imagesDpi > 0 && wanted < kSharpenFrom * m_imagesDpi && wanted * 2 > m_imagesDpi) return;
        m_images.clear();
        viewport()->update();
    });
    clear(tr("Press Preview to see the pages."));
}

void ReportPreviewView::setPreview(const ReportPreviewPtr& preview) {
    const bool another = !m_preview;
    m_preview = preview;
    m_message.clear();
    m_images.clear();
    m_asked = -1;
    m_stale = false;
    layOut();
    if (another) verticalScrollBar()->setValue(0);
    setAccessibleDescription(tr("%1 pages").arg(pages()));
    viewport()->update();
}

void ReportPreviewView::clear(const QString& message) {
    m_preview.reset();
    m_images.clear();
    m_asked = -1;
    m_message = message;
    setAccessibleDescription(message);
    layOut();
    viewport()->update();
}

void ReportPreviewView::takePages(const ReportPagesRead& read) {
    if (read.preview != m_preview) return;
    m_asked = -1;
    for (std::size_t i = 0; i < read.images.size(); ++i)
        m_images.insert(read.first + static_cast<int>(i), new QImage(read.images[i]));
    if (!read.images.empty()) m_imagesDpi = read.images.front().width() / kA4Inches;
    viewport()->update();
}

void ReportPreviewView::setStale(bool stale) {
    m_stale = stale;
    viewport()->update();
}

QSize ReportPreviewView::pageSize() const {
    const int fitted = std::clamp(viewport()->width() - 2 * kPageGap, kMinPageWidth, kMaxFittedWidth);
    const int width = static_cast<int>(fitted * m_zoom);
    return {width, static_cast<int>(std::lround(width * kA4Aspect))};
}

double ReportPreviewView::dotsPerInch() const {
    return pageSize().width() * devicePixelRatioF() / kA4Inches;
}

QRect ReportPreviewView::pageRect(int page) const {
    const QSize size = pageSize();
    const int spare = viewport()->width() - size.width();
    const int x = spare >= 2 * kPageGap ? spare / 2 : kPageGap - horizontalScrollBar()->value();
    return {QPoint(x, kPageGap + page * (size.height() + kPageGap) - verticalScrollBar()->value()), size};
}

int ReportPreviewView::pageAtTop() const {
    return verticalScrollBar()->value() / (pageSize().height() + kPageGap);
}

void ReportPreviewView::layOut() {
    const QSize size = pageSize();
    const int height = pages() * (size.height() + kPageGap) + kPageGap;
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(48);
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(48);
    horizontalScrollBar()->setRange(
        0, pages() == 0 ? 0 : std::max(0, size.width() + 2 * kPageGap - viewport()->width()));
}

void ReportPreviewView::setZoom(double zoom) {
    const double wanted = std::clamp(zoom, 1.0, kMaxZoom);
    if (wanted == m_zoom) return;
    const double at = verticalScrollBar()->maximum() > 0
                          ? static_cast<double>(verticalScrollBar()->value()) / verticalScrollBar()->maximum()
                          : 0;
    m_zoom = wanted;
    layOut();
    verticalScrollBar()->setValue(static_cast<int>(at * verticalScrollBar()->maximum()));
    m_sharpen.start();
    viewport()->update();
}

void ReportPreviewView::askFor(int page) {
    if (m_asked >= 0 || !m_preview) return;
    m_asked = page - page % kChunk;
    Q_EMIT pagesWanted(m_preview, m_asked, kChunk, dotsPerInch());
}

void ReportPreviewView::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), palette().color(QPalette::AlternateBase));
    painter.setPen(meaningColours().muted);
    if (!m_preview) {
        painter.drawText(viewport()->rect().adjusted(kPageGap, kPageGap, -kPageGap, -kPageGap),
                         Qt::AlignCenter | Qt::TextWordWrap, m_message);
        return;
    }
    painter.setRenderHint(QPainter::SmoothPixmapTransform, true);
    int missing = -1;
    for (int page = pageAtTop(); page < pages(); ++page) {
        const QRect rect = pageRect(page);
        if (rect.top() > viewport()->height()) break;
        painter.fillRect(rect, Qt::white);  // paper is white in both themes
        if (const QImage* image = m_images.object(page)) {
            painter.drawImage(rect, *image);
        } else {
            painter.setPen(Qt::darkGray);
            painter.drawText(rect, Qt::AlignCenter, tr("page %1 of %2").arg(page + 1).arg(pages()));
            if (missing < 0) missing = page;
        }
        if (m_stale) painter.fillRect(rect, QColor(128, 128, 128, 90));
        painter.setPen(meaningColours().border);
        painter.drawRect(rect.adjusted(-1, -1, 0, 0));
    }
    if (hasFocus()) {
        painter.setPen(palette().color(QPalette::Highlight));
        painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
    }
    if (missing >= 0) askFor(missing);
}

void ReportPreviewView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    layOut();
    if (m_preview) m_sharpen.start();
}

void ReportPreviewView::wheelEvent(QWheelEvent* event) {
    if (!event->modifiers().testFlag(Qt::ControlModifier)) return QAbstractScrollArea::wheelEvent(event);
    setZoom(m_zoom * std::pow(1.1487, event->angleDelta().y() / 120.0));
    event->accept();
}

void ReportPreviewView::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return setZoom(m_zoom * 1.4142);
        case Qt::Key_Minus:
            return setZoom(m_zoom / 1.4142);
        case Qt::Key_0:
            return setZoom(1);
        case Qt::Key_Home:
            return verticalScrollBar()->setValue(0);
        case Qt::Key_End:
            return verticalScrollBar()->setValue(verticalScrollBar()->maximum());
        default:
            QAbstractScrollArea::keyPressEvent(event);
    }
}

}  // namespace signet::ui
