#pragma once

#include <QWidget>
#include <array>

#include "ui/viewer/image_canvas.h"

class QLabel;

namespace signet::ui {

enum class CompareMode { SideBySide, Swipe, Blink, Difference };

/// Two images over the same place: side by side with zoom and position linked, behind a divider, one at a
/// time, or their difference. An image of another size is laid over the first one's area, so that the same
/// share of both is seen. GUI thread.
class CompareCanvas : public QWidget {
    Q_OBJECT
public:
    explicit CompareCanvas(QWidget* parent = nullptr);

    /// Null: not there (yet); then only side by side shows anything.
    void setImages(LoadedImagePtr a, LoadedImagePtr b);
    void setDifference(LoadedImagePtr difference);
    void setMode(CompareMode mode);
    /// Of the mode Blink: the second image instead of the first.
    void setSecondShown(bool second);
    /// A line in the middle of the first (0) or second (1) canvas; empty: none.
    void setMessage(int side, const QString& text);

    /// The canvas of all modes, with the coordinates of the first image.
    ImageCanvas* first() const { return m_canvas[0]; }
    /// Beside it in the mode SideBySide.
    ImageCanvas* second() const { return m_canvas[1]; }

Q_SIGNALS:
    /// The pixels of both images under the pointer; (-1, -1) where there is none.
    void hovered(const QPoint& a, const QPoint& b);

private:
    void apply();
    void linkViews(int from);
    void hover(int from, const QPoint& pixel);
    QSizeF sizeOf(int side) const;

    std::array<ImageCanvas*, 2> m_canvas{};
    std::array<QLabel*, 2> m_message{};
    std::array<LoadedImagePtr, 2> m_image;
    LoadedImagePtr m_difference;
    CompareMode m_mode = CompareMode::SideBySide;
    ImageCanvas::View m_view;  ///< of the first canvas, kept while it shows nothing
    bool m_secondShown = false;
    bool m_linking = false;  ///< one canvas is being moved because the other one was
};

}  // namespace signet::ui
