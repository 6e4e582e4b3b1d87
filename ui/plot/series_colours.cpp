#include "ui/plot/series_colours.h"

namespace signet::ui {

SeriesColour seriesColour(int slot) {
    static const SeriesColour kColours[kSeriesColours] = {
        {QColor(0x0072B2), QColor(0x4BA3DC)},   // blue
        {QColor(0xD55E00), QColor(0xE8782A)},   // vermilion
        {QColor(0x009E73), QColor(0x19B58A)},   // bluish green
        {QColor(0xCC79A7), QColor(0xCC79A7)},   // reddish purple
        {QColor(0xE69F00), QColor(0xE69F00)},   // orange
        {QColor(0x56B4E9), QColor(0x8FD0F5)},   // sky blue
        {QColor(Qt::black), QColor(0xE6E9ED)},  // black
        {QColor(0xB3A500), QColor(0xF0E442)},   // yellow
    };
    return kColours[(slot % kSeriesColours + kSeriesColours) % kSeriesColours];
}

Qt::PenStyle seriesPenStyle(int slot) {
    static constexpr Qt::PenStyle kStyles[] = {Qt::SolidLine, Qt::DashLine, Qt::DashDotLine, Qt::DotLine};
    return kStyles[(slot + slot / kSeriesColours) % 4];  // another one where the colours begin again
}

}  // namespace signet::ui
