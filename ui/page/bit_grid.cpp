#include "ui/page/bit_grid.h"

#include <QFontDatabase>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/style/theme.h"

namespace signet::ui {
namespace {

constexpr int kColumns = 16;
constexpr int kCell = 13;
constexpr int kGap = 1;
constexpr int kGroupGap = 4;  // after every fourth bit: one hexadecimal digit

}  // namespace

BitGrid::BitGrid(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void BitGrid::setBits(std::vector<Bit> bits) {
    m_bits = std::move(bits);
    m_current = -1;
    QString digits;
    int unsure = 0, differing = 0;
    bool stated = false, compared = false;
    for (const Bit& bit : m_bits) {
        digits += bit.value ? QLatin1Char('1') : QLatin1Char('0');
        stated = stated || bit.right;
        if (bit.right && *bit.right < kUnsureBelow) ++unsure;
        compared = compared || bit.registered;
        if (bit.differs()) ++differing;
    }
    QString name = tr("Code bits %1").arg(digits);
    if (stated)
        name +=
            tr("; %1 of %2 right with probability under %3").arg(unsure).arg(m_bits.size()).arg(kUnsureBelow);
    if (compared) name += tr("; %1 of %2 differ from the registered code").arg(differing).arg(m_bits.size());
    setAccessibleName(name);
    updateGeometry();
    update();
}

QRect BitGrid::cellRect(int index) const {
    const int column = index % kColumns;
    const int row = index / kColumns;
    return {column * (kCell + kGap) + (column / 4) * kGroupGap, row * (kCell + kGap + 1), kCell, kCell};
}

QSize BitGrid::sizeHint() const {
    const int count = static_cast<int>(m_bits.size());
    if (count == 0) return {0, 0};
    const QRect last = cellRect(std::min(count, kColumns) - 1);
    return {last.right() + 2, cellRect(count - 1).bottom() + 2};
}

int BitGrid::cellAt(const QPoint& point) const {
    for (int i = 0; i < static_cast<int>(m_bits.size()); ++i) {
        if (cellRect(i).contains(point)) return i;
    }
    return -1;
}

QString BitGrid::describe(int index) const {
    if (index < 0 || index >= static_cast<int>(m_bits.size())) return {};
    const Bit& bit = m_bits[static_cast<std::size_t>(index)];
    QString text = tr("bit %1 of %2: %3").arg(index + 1).arg(m_bits.size()).arg(bit.value ? 1 : 0);
    if (bit.registered) text += tr("; registered %1").arg(*bit.registered ? 1 : 0);
    if (!bit.right) return text;
    return text + tr("; right with probability %1, if the image was signed and treated no worse than the "
                     "calibration's images")
                      .arg(*bit.right, 0, 'f', 3);
}

void BitGrid::setCurrent(int index) {
    if (index == m_current) return;
    m_current = index;
    Q_EMIT cellDescribed(describe(index));
    update();
}

void BitGrid::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    QFont digits = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    digits.setPixelSize(10);
    painter.setFont(digits);
    const QColor base = palette().color(QPalette::Base);
    const QColor accent = meaningColours().accent;
    for (int i = 0; i < static_cast<int>(m_bits.size()); ++i) {
        const Bit& bit = m_bits[static_cast<std::size_t>(i)];
        const QRect cell = cellRect(i);
        const double sure = std::clamp(2 * bit.right.value_or(0.5) - 1, 0.0, 1.0);  // 0 = a coin, 1 = certain
        const auto mix = [sure](int low, int high) {
            return static_cast<int>(low + 0.9 * sure * (high - low));
        };
        const QColor fill = bit.value
                                ? QColor(mix(base.red(), accent.red()), mix(base.green(), accent.green()),
                                         mix(base.blue(), accent.blue()))
                                : base;
        painter.fillRect(cell, fill);
        const bool unsure = bit.right && *bit.right < kUnsureBelow;
        painter.setPen(QPen(unsure ? meaningColours().inconclusive : meaningColours().muted, 1,
                            unsure ? Qt::DashLine : Qt::SolidLine));
        painter.drawRect(cell.adjusted(0, 0, -1, -1));
        painter.setPen(fill.lightness() < 140 ? Qt::white : QColor(0x14, 0x17, 0x1A));
        painter.drawText(cell, Qt::AlignCenter, bit.value ? QStringLiteral("1") : QStringLiteral("0"));
        if (bit.differs()) {
            painter.setPen(QPen(meaningColours().error, 2));
            painter.drawLine(cell.topLeft() + QPoint(1, 1), cell.bottomRight() - QPoint(1, 1));
            painter.drawLine(cell.topRight() + QPoint(-1, 1), cell.bottomLeft() + QPoint(1, -1));
        }
        if (i == m_current && hasFocus()) {
            painter.setPen(QPen(palette().color(QPalette::Text), 2));
            painter.drawRect(cell.adjusted(0, 0, -1, -1));
        }
    }
}

bool BitGrid::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), describe(cellAt(help->pos())), this);
        return true;
    }
    return QWidget::event(event);
}

void BitGrid::mouseMoveEvent(QMouseEvent* event) {
    Q_EMIT cellDescribed(describe(cellAt(event->pos())));
}

void BitGrid::keyPressEvent(QKeyEvent* event) {
    int next = m_current;
    switch (event->key()) {
        case Qt::Key_Left:
            next -= 1;
            break;
        case Qt::Key_Right:
            next += 1;
            break;
        case Qt::Key_Up:
            next -= kColumns;
            break;
        case Qt::Key_Down:
            next += m_current < 0 ? 1 : kColumns;
            break;
        default:
            QWidget::keyPressEvent(event);
            return;
    }
    setCurrent(std::clamp(next, 0, std::max(0, static_cast<int>(m_bits.size()) - 1)));
}

}  // namespace signet::ui
