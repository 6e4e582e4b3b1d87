#pragma once

#include <QPoint>
#include <QString>

#include "core/image/image.h"

namespace signet::ui {

/// "x 33  y 44".
QString positionText(const QPoint& pixel);

/// The samples of a pixel as they are stored, "RGB  33  44   7", in columns that keep their width. pixel lies
/// in the image.
QString sampleText(const image::Image& image, const QPoint& pixel);

}  // namespace signet::ui
