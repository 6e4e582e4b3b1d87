#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>

namespace signet::ui {

/// An icon of resources/icons by its name without ending. Drawn from its SVG at the size and device-pixel
/// ratio of the moment, in the text colour of the palette of the moment, so that it follows the theme by
/// itself.
QIcon themedIcon(const QString& name);

/// The same as a pixmap in a colour of its own. size in device-independent px.
QPixmap iconPixmap(const QString& name, int size, const QColor& colour, qreal devicePixelRatio);

}  // namespace signet::ui
