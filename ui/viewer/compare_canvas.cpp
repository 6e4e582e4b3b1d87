#include "ui/viewer/compare_canvas.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScopedValueRollback>
#include <QVBoxLayout>
#include <cmath>

#include "ui/style/widgets.h"

namespace signet::ui {

CompareCanvas::CompareCanvas(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("compareCanvas"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    for (int side = 0; side < 2; ++side) {
        auto* canvas = new ImageCanvas(this);
        canvas->setObjectName(QStringLiteral("compareCanvas%1").arg(side == 0 ? 'A' : 'B'));
        canvas->setMinimumSize(100, 80);
        QLabel* message = makeNote(QStringLiteral("compareMessage%1").arg(side == 0 ? 'A' : 'B'), {}, canvas);
        message->setAlignment(Qt::AlignCenter);
        message->setAttribute(Qt::WA_TransparentForMouseEvents);
        message->hide();
        (new QVBoxLayout(canvas))->addWidget(message);
        row->addWidget(canvas, 1);
        connect(canvas, &ImageCanvas::viewChanged, this, [this, side] { linkViews(side); });
        connect(canvas, &ImageCanvas::pixelHovered, this,
                [this, side](const QPoint& pixel) { hover(side, pixel); });
        const auto at = static_cast<std::size_t>(side);
        m_canvas[at] = canvas;
        m_message[at] = message;
    }
}

void CompareCanvas::setImages(LoadedImagePtr a, LoadedImagePtr b) {
    const auto size = [](const LoadedImagePtr& image) {
        return image ? QSize(image->width(), image->height()) : QSize();
    };
    if (size(a) != size(m_image[0])) m_view = {};
    m_image = {std::move(a), std::move(b)};
    m_difference = nullptr;
    apply();
}

void CompareCanvas::setDifference(LoadedImagePtr difference) {
    m_difference = std::move(difference);
    if (m_mode == CompareMode::Difference) apply();
}

void CompareCanvas::setMode(CompareMode mode) {
    m_mode = mode;
    apply();
}

void CompareCanvas::setSecondShown(bool second) {
    m_secondShown = second;
    first()->setSecondAlone(m_mode == CompareMode::Blink && second);
}

void CompareCanvas::setMessage(int side, const QString& text) {
    QLabel* message = m_message[static_cast<std::size_t>(side)];
    message->setText(text);
    message->setVisible(!text.isEmpty());
}

void CompareCanvas::apply() {
    const bool both = m_image[0] && m_image[1];
    const ImageCanvas::View view = m_view;
    second()->setVisible(m_mode == CompareMode::SideBySide);
    {
        const QScopedValueRollback linking(m_linking, true);
        first()->setImage(m_mode == CompareMode::Difference ? m_difference : m_image[0], true);
        first()->setSecond(both ? m_image[1] : nullptr);
        first()->setSplit(m_mode == CompareMode::Swipe);
        first()->setSecondAlone(m_mode == CompareMode::Blink && m_secondShown);
        first()->setMarker({});
        second()->setImage(m_image[1], true);
        second()->setMarker({});
    }
    first()->setView(view);
}

QSizeF CompareCanvas::sizeOf(int side) const {
    const LoadedImagePtr& image = m_image[static_cast<std::size_t>(side)];
    return image ? QSizeF(image->width(), image->height()) : QSizeF();
}

void CompareCanvas::linkViews(int from) {
    if (m_linking) return;
    if (from == 0 && first()->hasImage()) m_view = first()->view();
    if (m_mode != CompareMode::SideBySide || !m_image[0] || !m_image[1]) return;
    const QScopedValueRollback linking(m_linking, true);
    const int to = 1 - from;
    const double x = sizeOf(to).width() / sizeOf(from).width();
    const double y = sizeOf(to).height() / sizeOf(from).height();
    const ImageCanvas::View view = m_canvas[static_cast<std::size_t>(from)]->view();
    m_canvas[static_cast<std::size_t>(to)]->setView(
        {view.zoom / x, QPointF(view.centre.x() * x, view.centre.y() * y), view.fitted});
    m_view = first()->view();
}

void CompareCanvas::hover(int from, const QPoint& pixel) {
    const QPoint none(-1, -1);
    const int to = 1 - from;
    ImageCanvas* other = m_canvas[static_cast<std::size_t>(to)];
    if (pixel == none || sizeOf(from).isEmpty()) {
        other->setMarker({});
        Q_EMIT hovered(none, none);
        return;
    }
    QPoint twin = none;
    if (!sizeOf(to).isEmpty()) {
        const QPointF at((pixel.x() + 0.5) * sizeOf(to).width() / sizeOf(from).width(),
                         (pixel.y() + 0.5) * sizeOf(to).height() / sizeOf(from).height());
        twin = QPoint(static_cast<int>(std::floor(at.x())), static_cast<int>(std::floor(at.y())));
        if (m_mode == CompareMode::SideBySide) other->setMarker(at);
    }
    Q_EMIT hovered(from == 0 ? pixel : twin, from == 0 ? twin : pixel);
}

}  // namespace signet::ui
