#pragma once

#include <QPointer>
#include <QWidget>

namespace signet::ui {

/// A ring in the accent around whatever has the keyboard focus in a window, over all else in it, so that
/// every focus is seen: not every control draws its own, and Fusion's is faint. It is shown from the first
/// key on and goes with the mouse, but stays around fields that take text. Owned by the window. GUI thread.
class FocusRing : public QWidget {
    Q_OBJECT
public:
    explicit FocusRing(QWidget* window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void follow(QWidget* widget);
    void place();

    QPointer<QWidget> m_around;
    QList<QPointer<QWidget>> m_watched;  ///< m_around and what it lies in
    bool m_byKeyboard = false;
};

}  // namespace signet::ui
