#pragma once

#include <QColor>

#include "core/report/document.h"
#include "ui/report/text_piece.h"

namespace signet::ui {

// Colours of a printed report: dark on white, each beside words that say the same.
inline const QColor kInk(0x1d, 0x21, 0x26);
inline const QColor kSoftInk(0x5a, 0x62, 0x6c);
inline const QColor kLine(0xd5, 0xda, 0xe0);
inline const QColor kHeaderFill(0xf1, 0xf3, 0xf5);
inline const QColor kRegion(0xff, 0xd2, 0x3c);     ///< outline of a finding's region, as in the window
inline const QColor kWatermark(0xf4, 0xee, 0xe4);  ///< opaque: PDF/A-1 has no transparency

inline QColor colourOf(report::Tone tone) {
    switch (tone) {
        case report::Tone::Note:
            return {0x7a, 0x4b, 0x00};
        case report::Tone::Alert:
            return {0xb0, 0x00, 0x20};
        case report::Tone::Plain:
            break;
    }
    return kInk;
}

/// The running text of a report.
inline TextStyle bodyStyle(report::Tone tone, bool mono) {
    return {.size = mono ? 6.8 : 7.8, .mono = mono, .colour = colourOf(tone)};
}

}  // namespace signet::ui
