#pragma once

#include <cmath>

#include "core/base/random.h"

namespace signet::attacks {

/// Which of the two descriptions of paper A's augmentation: see PaperAugmentation.
enum class PaperSource { Text, Code };

/// One draw of it. The paper's code makes one draw for a whole batch: hand the same draw to all its images.
struct PaperDraw {
    double rotationDegrees = 0;  ///< counter-clockwise
    double blurSigma = 0;        ///< px
    bool flip = false;
};

/// The ranges of the paper's text or of its code (fact sheet 1.4), drawn in the order rotation, blur, flip.
inline PaperDraw drawPaper(PaperSource source, StepRandom& random) {
    constexpr double kMaxDegrees = 30;
    constexpr double kMinVariance = 0.01, kMaxVariance = 10;       // text
    constexpr double kMinCodeSigma = 0.01, kCodeSigmaStep = 0.11;  // code: linspace(0.01, 1, 10)
    constexpr std::uint64_t kCodeAngles = 61, kCodeSigmas = 10;
    PaperDraw draw;
    if (source == PaperSource::Text) {
        draw.rotationDegrees = random.uniform(-kMaxDegrees, kMaxDegrees);
        draw.blurSigma = std::sqrt(random.uniform(kMinVariance, kMaxVariance));
    } else {
        draw.rotationDegrees = static_cast<double>(random.index(kCodeAngles)) - kMaxDegrees;
        draw.blurSigma = kMinCodeSigma + kCodeSigmaStep * static_cast<double>(random.index(kCodeSigmas));
    }
    draw.flip = random.chance(0.5);
    return draw;
}

}  // namespace signet::attacks
