#pragma once

#include <algorithm>

namespace signet::signature {

/// How the visibility of a trained signature falls: by a share of itself a step while what is asked of
/// attacked views holds, faster while it holds well.
struct LevelFall {
    double hold;       ///< running share of right answers above which it falls
    double wellAbove;  ///< further up to where it falls fast
    double fall, fastFall;
    double lastLevel;
};

inline double fallenLevel(double level, double held, const LevelFall& by) {
    if (held <= by.hold) return level;
    const double fall = held > by.hold + by.wellAbove ? by.fastFall : by.fall;
    return std::max(by.lastLevel, level * (1 - fall));
}

}  // namespace signet::signature
