#include "ui/style/icons.h"

#include <QApplication>
#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QSvgRenderer>
#include <map>
#include <tuple>

#include "ui/style/theme.h"

namespace signet::ui {
namespace {

constexpr std::size_t kKeptIcons = 512;  ///< a few hundred kB

QByteArray svgSource(const QString& name) {
    static QHash<QString, QByteArray> cache;  // GUI thread only
    const auto known = cache.constFind(name);
    if (known != cache.constEnd()) return *known;
    QFile file(QStringLiteral(":/signet/icons/%1.svg").arg(name));
    QByteArray source = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    cache.insert(name, source);
    return source;
}

void paintSvg(QPainter* painter, const QRectF& rect, const QString& name, const QColor& colour) {
    QByteArray source = svgSource(name);
    if (source.isEmpty()) return;
    source.replace("currentColor", colour.name().toLatin1());
    QSvgRenderer renderer(source);
    painter->save();
    painter->setOpacity(colour.alphaF());
    renderer.render(painter, rect);
    painter->restore();
}

class ThemedIconEngine final : public QIconEngine {
public:
    explicit ThemedIconEngine(QString name) : m_name(std::move(name)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
        const QPalette palette = QApplication::palette();
        QColor colour =
            palette.color(mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active,
                          mode == QIcon::Selected ? QPalette::HighlightedText : QPalette::ButtonText);
        if (state == QIcon::On && mode != QIcon::Disabled) colour = meaningColours().accent;
        // Drawn once a size and colour: a table draws two icons a row, and reading an SVG takes longer than a
        // row.
        const qreal ratio = painter->device()->devicePixelRatioF();
        const QSize size = (QSizeF(rect.size()) * ratio).toSize();
        if (size.isEmpty()) return;
        const auto key = std::tuple(m_name, colour.rgba(), size.width(), size.height());
        static std::map<std::tuple<QString, QRgb, int, int>, QPixmap> cache;  // GUI thread only
        const auto known = cache.find(key);
        if (known != cache.end())
            return painter->drawPixmap(QRectF(rect), known->second, QRectF(known->second.rect()));
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        {
            QPainter inner(&pixmap);
            paintSvg(&inner, QRectF(QPointF(), QSizeF(size)), m_name, colour);
        }
        painter->drawPixmap(QRectF(rect), pixmap, QRectF(pixmap.rect()));
        if (cache.size() >= kKeptIcons) cache.clear();
        cache.emplace(key, pixmap);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new ThemedIconEngine(m_name); }

private:
    QString m_name;
};

}  // namespace

QIcon themedIcon(const QString& name) {
    return QIcon(new ThemedIconEngine(name));
}

QPixmap iconPixmap(const QString& name, int size, const QColor& colour, qreal devicePixelRatio) {
    const int side = qRound(size * devicePixelRatio);
    QPixmap pixmap(side, side);
    pixmap.fill(Qt::transparent);
    {
        QPainter painter(&pixmap);
        paintSvg(&painter, QRectF(0, 0, side, side), name, colour);
    }
    pixmap.setDevicePixelRatio(devicePixelRatio);
    return pixmap;
}

}  // namespace signet::ui
