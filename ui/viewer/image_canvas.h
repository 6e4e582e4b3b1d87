#pragma once

#include <QImage>
#include <QPointF>
#include <QString>
#include <QWidget>
#include <optional>
#include <vector>

#include "ui/bridge/loaded_image.h"

namespace signet::ui {

inline constexpr double kMaxZoom = 32.0;      ///< device-independent px of screen a pixel of the image
inline constexpr double kGridFromZoom = 8.0;  ///< from here the pixel grid is drawn

/// Draws an image with pan and zoom to the pixel, an overlay above it, and a second image behind a divider
/// (split view) or alone. Above 100 % pixels are squares, never smoothed. Wheel and +/- zoom about the
/// pointer, dragging and the arrow keys pan, double click toggles fit and 100 %. GUI thread.
class ImageCanvas : public QWidget {
    Q_OBJECT
public:
    explicit ImageCanvas(QWidget* parent = nullptr);

    /// Null: nothing is shown. keepView keeps zoom and position (same size expected).
    void setImage(LoadedImagePtr image, bool keepView = false);
    /// Shown right of the divider in split view, in the coordinates of the first image; null: none.
    void setSecond(LoadedImagePtr image);
    void setSplit(bool on);
    /// The second image covers the first, without a divider; the first's coordinates stay.
    void setSecondAlone(bool on);
    /// Of the split view: share of the width, 0..1.
    double divider() const { return m_divider; }
    void setDivider(double share);

    /// Drawn above the image, stretched to its area; null: none. opacity 0..1.
    void setOverlay(const QImage& overlay);
    void setOverlayOpacity(double opacity);
    const QImage& overlay() const { return m_overlay; }

    LoadedImagePtr image() const { return m_image; }
    bool hasImage() const { return m_image && !m_image->levels.empty(); }
    double zoom() const { return m_zoom; }
    bool isFitted() const { return m_fit; }

    /// About the centre of the view. Clamped to what fits (or 1/32) .. kMaxZoom.
    void setZoom(double zoom);
    void zoomIn();
    void zoomOut();
    void zoomToFit();
    void zoomToActual() { setZoom(1.0); }

    /// What is shown where, for a canvas that follows another one.
    struct View {
        double zoom = 1.0;
        QPointF centre;  ///< of the widget, in pixels of the image
        bool fitted = true;
    };
    View view() const { return {m_zoom, m_centre, m_fit}; }
    void setView(const View& view);
    /// A small cross at a point of the image; none: nothing.
    void setMarker(const std::optional<QPointF>& imagePoint);

    /// Image coordinates (pixels) of a point of the widget, and back.
    QPointF toImage(const QPointF& widgetPoint) const;
    QPointF toWidget(const QPointF& imagePoint) const;

    QSize sizeHint() const override { return {480, 360}; }

Q_SIGNALS:
    void zoomChanged(double zoom);
    /// Zoom or position changed, by the person, by resizing or by setView.
    void viewChanged();
    void dividerMoved(double share);
    /// The pixel under the pointer; (-1, -1) where there is none.
    void pixelHovered(const QPoint& pixel);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    QSize imageSize() const;
    double fitZoom() const;
    void zoomAbout(double zoom, const QPointF& widgetPoint);
    void fitNow();
    void clampCentre();
    void hover(const QPointF& widgetPoint);
    void drawImage(QPainter& painter, const LoadedImage& image, const QRectF& clip) const;
    void drawGrid(QPainter& painter) const;
    void drawMarker(QPainter& painter) const;
    void pan(const QPointF& pixels);
    double dividerX() const;

    LoadedImagePtr m_image;
    LoadedImagePtr m_second;
    QImage m_overlay;
    double m_overlayOpacity = 0.5;
    double m_zoom = 1.0;
    QPointF m_centre;  // image coordinates shown at the widget's centre
    bool m_fit = true;
    bool m_split = false;
    bool m_secondAlone = false;
    double m_divider = 0.5;  // share of the widget's width
    std::optional<QPointF> m_marker;
    enum class Drag { None, Pan, Divider };
    Drag m_drag = Drag::None;
    QPointF m_dragFrom;
};

}  // namespace signet::ui
