#pragma once

#include <QWidget>
#include <functional>

class QCustomPlot;
class QVBoxLayout;

namespace signet::ui {

/// A plot that is used with keys and the mouse: a click gives it the focus, which a frame shows; with the
/// focus its keys come to it before a window's shortcuts. GUI thread.
class PlotWidget : public QWidget {
protected:
    /// canvasName: object name of the canvas, which gets the layers of curve_layers.
    PlotWidget(const QString& canvasName, QWidget* parent);

    QCustomPlot* canvas() const { return m_canvas; }
    /// Holds the canvas, with the frame's place around it.
    QVBoxLayout* column() const { return m_column; }

    /// What a key does here; empty: nothing.
    virtual std::function<void()> keyAction(const QKeyEvent* event) = 0;
    /// The palette or the font is another one.
    virtual void restyle() = 0;

    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QCustomPlot* m_canvas;
    QVBoxLayout* m_column;
};

}  // namespace signet::ui
