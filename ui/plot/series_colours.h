#pragma once

#include <QColor>

namespace signet::ui {

/// How many series can be told apart by colour.
inline constexpr int kSeriesColours = 8;

/// A series' colour on a light and on a dark background.
struct SeriesColour {
    QColor onLight;
    QColor onDark;

    const QColor& on(bool dark) const { return dark ? onDark : onLight; }
};

/// Colour number slot (modulo kSeriesColours) of Okabe and Ito's palette for the colour-blind
/// (jfly.uni-koeln.de/color). Black is exchanged for near-white on dark; yellow is darkened on light and blue
/// lightened on dark, where they would be hard to see.
SeriesColour seriesColour(int slot);

/// A line style beside the colour: those of any four neighbouring slots differ.
Qt::PenStyle seriesPenStyle(int slot);

}  // namespace signet::ui
