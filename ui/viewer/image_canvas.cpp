#include "ui/viewer/image_canvas.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace signet::ui {
namespace {

constexpr double kMinZoom = 1.0 / 32.0;
constexpr double kWheelStep = 1.1487;  // 0.2 octave a notch
constexpr double kKeyStep = 1.4142;
constexpr int kPanStepPx = 48;
constexpr double kDividerGrabPx = 6;

}  // namespace

ImageCanvas::ImageCanvas(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(160, 120);
    setAccessibleName(tr("Image"));
}

void ImageCanvas::setImage(LoadedImagePtr image, bool keepView) {
    m_image = std::move(image);
    if (!keepView) m_fit = true;
    if (m_fit) fitNow();
    clampCentre();
    setAccessibleDescription(hasImage() ? tr("%1 by %2 pixels").arg(m_image->width()).arg(m_image->height())
                                        : tr("No image"));
    update();
}

void ImageCanvas::setSecond(LoadedImagePtr image) {
    m_second = std::move(image);
    update();
}

void ImageCanvas::setSplit(bool on) {
    m_split = on;
    update();
}

void ImageCanvas::setSecondAlone(bool on) {
    m_secondAlone = on;
    update();
}

void ImageCanvas::setDivider(double share) {
    const double wanted = std::clamp(share, 0.0, 1.0);
    if (wanted == m_divider) return;
    m_divider = wanted;
    update();
    Q_EMIT dividerMoved(m_divider);
}

void ImageCanvas::setMarker(const std::optional<QPointF>& imagePoint) {
    if (imagePoint == m_marker) return;
    m_marker = imagePoint;
    update();
}

void ImageCanvas::setOverlay(const QImage& overlay) {
    m_overlay = overlay;
    update();
}

void ImageCanvas::setOverlayOpacity(double opacity) {
    m_overlayOpacity = std::clamp(opacity, 0.0, 1.0);
    update();
}

QSize ImageCanvas::imageSize() const {
    return hasImage() ? m_image->levels.front().size() : QSize();
}

double ImageCanvas::fitZoom() const {
    const QSize size = imageSize();
    if (size.isEmpty()) return 1.0;
    const double fit =
        std::min(static_cast<double>(width()) / size.width(), static_cast<double>(height()) / size.height());
    return std::min(fit, 1.0 * std::max(1.0, std::floor(fit)));  // small images grow by whole factors only
}

void ImageCanvas::fitNow() {
    const QSize size = imageSize();
    m_fit = true;
    m_zoom = std::clamp(fitZoom(), 1e-3, kMaxZoom);
    m_centre = QPointF(size.width() / 2.0, size.height() / 2.0);
    Q_EMIT zoomChanged(m_zoom);
    Q_EMIT viewChanged();
    update();
}

void ImageCanvas::setView(const View& view) {
    if (!hasImage()) return;
    if (view.fitted) {
        fitNow();
        return;
    }
    m_fit = false;
    m_zoom = std::clamp(view.zoom, std::min(kMinZoom, fitZoom()), kMaxZoom);
    m_centre = view.centre;
    clampCentre();
    Q_EMIT zoomChanged(m_zoom);
    Q_EMIT viewChanged();
    update();
}

void ImageCanvas::zoomToFit() {
    if (hasImage()) fitNow();
}

void ImageCanvas::setZoom(double zoom) {
    zoomAbout(zoom, QPointF(width() / 2.0, height() / 2.0));
}
void ImageCanvas::zoomIn() {
    setZoom(m_zoom * kKeyStep);
}
void ImageCanvas::zoomOut() {
    setZoom(m_zoom / kKeyStep);
}

void ImageCanvas::zoomAbout(double zoom, const QPointF& widgetPoint) {
    if (!hasImage()) return;
    const QPointF anchor = toImage(widgetPoint);
    m_zoom = std::clamp(zoom, std::min(kMinZoom, fitZoom()), kMaxZoom);
    // 100 % and whole factors are reached exactly, not nearly
    const double nearest = std::max(1.0, std::round(m_zoom));
    if (std::abs(m_zoom / nearest - 1.0) < 0.03) m_zoom = nearest;
    m_fit = false;
    m_centre = anchor - (widgetPoint - QPointF(width() / 2.0, height() / 2.0)) / m_zoom;
    clampCentre();
    Q_EMIT zoomChanged(m_zoom);
    Q_EMIT viewChanged();
    update();
}

void ImageCanvas::pan(const QPointF& pixels) {
    if (pixels.isNull()) return;
    m_centre += pixels;
    m_fit = false;
    clampCentre();
    Q_EMIT viewChanged();
    update();
}

void ImageCanvas::clampCentre() {
    const QSize size = imageSize();
    m_centre.setX(std::clamp(m_centre.x(), 0.0, static_cast<double>(size.width())));
    m_centre.setY(std::clamp(m_centre.y(), 0.0, static_cast<double>(size.height())));
}

QPointF ImageCanvas::toImage(const QPointF& widgetPoint) const {
    return (widgetPoint - QPointF(width() / 2.0, height() / 2.0)) / m_zoom + m_centre;
}

QPointF ImageCanvas::toWidget(const QPointF& imagePoint) const {
    return (imagePoint - m_centre) * m_zoom + QPointF(width() / 2.0, height() / 2.0);
}

double ImageCanvas::dividerX() const {
    return m_divider * width();
}

void ImageCanvas::drawImage(QPainter& painter, const LoadedImage& image, const QRectF& clip) const {
    const QSize full = imageSize();
    std::size_t level = 0;
    const double scale = m_zoom * devicePixelRatioF();
    while (level + 1 < image.levels.size() && scale * std::exp2(static_cast<double>(level + 1)) <= 1.0)
        ++level;
    const QImage& picture = image.levels[level];
    const double fx = static_cast<double>(picture.width()) / full.width();
    const double fy = static_cast<double>(picture.height()) / full.height();
    // only whole source pixels that are seen
    const QPointF first = toImage(clip.topLeft());
    const QPointF last = toImage(clip.bottomRight());
    QRect source(QPoint(static_cast<int>(std::floor(first.x() * fx)) - 1,
                        static_cast<int>(std::floor(first.y() * fy)) - 1),
                 QPoint(static_cast<int>(std::ceil(last.x() * fx)) + 1,
                        static_cast<int>(std::ceil(last.y() * fy)) + 1));
    source &= picture.rect();
    if (source.isEmpty()) return;
    const QRectF target(toWidget(QPointF(source.left() / fx, source.top() / fy)),
                        toWidget(QPointF((source.right() + 1) / fx, (source.bottom() + 1) / fy)));
    painter.save();
    painter.setClipRect(clip);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, m_zoom < 1.0);
    painter.drawImage(target, picture, source);
    painter.restore();
}

void ImageCanvas::drawGrid(QPainter& painter) const {
    const QSize size = imageSize();
    const QPointF first = toImage(QPointF(0, 0));
    const QPointF last = toImage(QPointF(width(), height()));
    const int x0 = std::max(0, static_cast<int>(std::floor(first.x())));
    const int x1 = std::min(size.width(), static_cast<int>(std::ceil(last.x())));
    const int y0 = std::max(0, static_cast<int>(std::floor(first.y())));
    const int y1 = std::min(size.height(), static_cast<int>(std::ceil(last.y())));
    painter.setPen(QPen(QColor(128, 128, 128, 110), 0));
    for (int x = x0; x <= x1; ++x) painter.drawLine(toWidget(QPointF(x, y0)), toWidget(QPointF(x, y1)));
    for (int y = y0; y <= y1; ++y) painter.drawLine(toWidget(QPointF(x0, y)), toWidget(QPointF(x1, y)));
}

void ImageCanvas::drawMarker(QPainter& painter) const {
    if (!m_marker) return;
    constexpr double kArm = 9;
    const QPointF at = toWidget(*m_marker);
    const QLineF arms[] = {{at - QPointF(kArm, 0), at + QPointF(kArm, 0)},
                           {at - QPointF(0, kArm), at + QPointF(0, kArm)}};
    for (const auto& [colour, width] : {std::pair(Qt::black, 3), std::pair(Qt::white, 1)}) {
        painter.setPen(QPen(colour, width));
        painter.drawLines(arms, 2);
    }
}

void ImageCanvas::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::AlternateBase));
    if (hasImage()) {
        const bool second = m_second && !m_second->levels.empty();
        const bool split = m_split && second;
        QRectF left(rect());
        if (split) left.setWidth(dividerX());
        drawImage(painter, m_secondAlone && second ? *m_second : *m_image, left);
        if (split) {
            drawImage(painter, *m_second, QRectF(dividerX(), 0, width() - dividerX(), height()));
            painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
            painter.drawLine(QPointF(dividerX(), 0), QPointF(dividerX(), height()));
        }
        if (!m_overlay.isNull()) {
            const QSize size = imageSize();
            painter.save();
            painter.setOpacity(m_overlayOpacity);
            painter.setRenderHint(QPainter::SmoothPixmapTransform, true);
            painter.drawImage(QRectF(toWidget(QPointF(0, 0)), toWidget(QPointF(size.width(), size.height()))),
                              m_overlay);
            painter.restore();
        }
        if (m_zoom >= kGridFromZoom) drawGrid(painter);
        drawMarker(painter);
    }
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 1));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void ImageCanvas::resizeEvent(QResizeEvent*) {
    if (m_fit) fitNow();
}

void ImageCanvas::wheelEvent(QWheelEvent* event) {
    const double notches = event->angleDelta().y() / 120.0;
    if (notches != 0) zoomAbout(m_zoom * std::pow(kWheelStep, notches), event->position());
    hover(event->position());
    event->accept();
}

void ImageCanvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton) return;
    const bool onDivider = m_split && std::abs(event->position().x() - dividerX()) <= kDividerGrabPx;
    m_drag = onDivider ? Drag::Divider : Drag::Pan;
    m_dragFrom = event->position();
    if (m_drag == Drag::Pan) setCursor(Qt::ClosedHandCursor);
}

void ImageCanvas::mouseMoveEvent(QMouseEvent* event) {
    if (m_drag == Drag::Pan) {
        const QPointF moved = event->position() - m_dragFrom;
        m_dragFrom = event->position();
        pan(-moved / m_zoom);
    } else if (m_drag == Drag::Divider) {
        setDivider(event->position().x() / std::max(1, width()));
    } else {
        const bool onDivider = m_split && std::abs(event->position().x() - dividerX()) <= kDividerGrabPx;
        setCursor(onDivider ? Qt::SplitHCursor : Qt::ArrowCursor);
    }
    hover(event->position());
}

void ImageCanvas::mouseReleaseEvent(QMouseEvent*) {
    m_drag = Drag::None;
    setCursor(Qt::ArrowCursor);
}

void ImageCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
    if (m_fit) {
        zoomAbout(1.0, event->position());
    } else {
        zoomToFit();
    }
}

void ImageCanvas::keyPressEvent(QKeyEvent* event) {
    QPointF step;
    switch (event->key()) {
        case Qt::Key_Left:
            step = {-1, 0};
            break;
        case Qt::Key_Right:
            step = {1, 0};
            break;
        case Qt::Key_Up:
            step = {0, -1};
            break;
        case Qt::Key_Down:
            step = {0, 1};
            break;
        default:
            QWidget::keyPressEvent(event);
            return;
    }
    if (m_split && event->modifiers().testFlag(Qt::ShiftModifier)) {
        setDivider(m_divider + 0.02 * step.x());
    } else {
        pan(step * kPanStepPx / m_zoom);
    }
}

void ImageCanvas::leaveEvent(QEvent*) {
    Q_EMIT pixelHovered(QPoint(-1, -1));
}

void ImageCanvas::hover(const QPointF& widgetPoint) {
    const QPointF at = toImage(widgetPoint);
    const QPoint pixel(static_cast<int>(std::floor(at.x())), static_cast<int>(std::floor(at.y())));
    Q_EMIT pixelHovered(QRect(QPoint(0, 0), imageSize()).contains(pixel) ? pixel : QPoint(-1, -1));
}

}  // namespace signet::ui
