#pragma once

#include <QWidget>
#include <optional>
#include <vector>

namespace signet::ui {

/// A code's bits as a grid, most significant first: the digit says the bit, the fill the probability that it
/// is right if the image was signed and treated no worse than the calibration's images (none where that is
/// not stated), a dashed frame marks a bit under kUnsureBelow, a cross one that a registered code has
/// otherwise. The value of a cell shows on hover and, with
/// the arrow keys, in cellDescribed.
class BitGrid : public QWidget {
    Q_OBJECT
public:
    static constexpr double kUnsureBelow = 0.9;

    explicit BitGrid(QWidget* parent = nullptr);

    struct Bit {
        bool value = false;
        std::optional<double> right = {};     ///< that probability, 0.5..1; nothing: not stated
        std::optional<bool> registered = {};  ///< what the code that it is compared with has

        bool differs() const { return registered && *registered != value; }
    };
    void setBits(std::vector<Bit> bits);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    /// e.g. "bit 7 of 32: 1; right with probability 0.980, if ..."
    void cellDescribed(const QString& text);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    QRect cellRect(int index) const;
    int cellAt(const QPoint& point) const;
    QString describe(int index) const;
    void setCurrent(int index);

    std::vector<Bit> m_bits;
    int m_current = -1;
};

}  // namespace signet::ui
