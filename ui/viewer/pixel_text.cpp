#include "ui/viewer/pixel_text.h"

#include <QObject>
#include <QStringList>
#include <algorithm>

namespace signet::ui {

QString positionText(const QPoint& pixel) {
    return QObject::tr("x %1  y %2").arg(pixel.x()).arg(pixel.y());
}

QString sampleText(const image::Image& image, const QPoint& pixel) {
    const auto at = (static_cast<std::size_t>(pixel.y()) * static_cast<std::size_t>(image.width) +
                     static_cast<std::size_t>(pixel.x())) *
                    static_cast<std::size_t>(image.channels);
    QStringList values;
    for (int channel = 0; channel < image.channels; ++channel) {
        const std::size_t index = at + static_cast<std::size_t>(channel);
        const int value = image.depth == 16 ? image.samples16()[index] : image.data[index];
        values << QStringLiteral("%1").arg(value, image.depth == 16 ? 5 : 3, 10, QChar(0x2007));
    }
    static const char* const kNames[] = {"", "grey", "", "RGB", "RGBA"};
    return QStringLiteral("%1 %2").arg(QLatin1String(kNames[std::clamp(image.channels, 0, 4)]),
                                       values.join(QLatin1Char(' ')));
}

}  // namespace signet::ui
