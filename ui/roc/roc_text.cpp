#include "ui/roc/roc_text.h"

#include <QObject>
#include <algorithm>
#include <cmath>

namespace signet::ui {

QString shareText(double share) {
    const double percent = 100 * share;
    if (share <= 0) return QStringLiteral("0 %");
    if (share >= 1) return QStringLiteral("100 %");
    // digits by the distance to the nearer end: what is lost near 100 % matters as much as near 0
    const double distance = std::min(percent, 100 - percent);
    const int decimals = std::clamp(1 - static_cast<int>(std::floor(std::log10(distance))), 1, 6);
    return QStringLiteral("%1 %").arg(percent, 0, 'f', decimals);
}

QString intervalText(const metrics::Interval& interval) {
    return QObject::tr("95 %: %1 to %2").arg(shareText(interval.lower).chopped(2), shareText(interval.upper));
}

QString thresholdText(double threshold) {
    QString text = QString::number(threshold, 'g', QLocale::FloatingPointShortest);
    if (text.startsWith(QLatin1Char('-'))) text[0] = QChar(0x2212);
    return text;
}

QString timeLeftText(double seconds) {
    if (seconds < 0) return {};
    if (seconds < 90) return QObject::tr("about %1 s left").arg(std::lround(seconds));
    if (seconds < 5400) return QObject::tr("about %1 min left").arg(std::lround(seconds / 60));
    return QObject::tr("about %1 h left").arg(seconds / 3600, 0, 'f', 1);
}

QString originText(ThresholdOrigin origin, bool calibratedOnThisSet, bool isPValue) {
    switch (origin) {
        case ThresholdOrigin::Calibration:
            if (isPValue)
                return QObject::tr(
                    "The threshold of keyed signatures: a p-value, which no images decide. Its rates here "
                    "are those of new images of this kind.");
            return calibratedOnThisSet
                       ? QObject::tr(
                             "The model's calibrated threshold, which was set on these same images: "
                             "its rates here are optimistic. Measure it on other images.")
                       : QObject::tr(
                             "The model's calibrated threshold, set apart from these images: its rates "
                             "here are those of new images of this kind.");
        case ThresholdOrigin::ThisSet:
            return QObject::tr(
                "Chosen on these same images: its rates here are optimistic. Measure it on "
                "other images before relying on them.");
        case ThresholdOrigin::Typed:
            return QObject::tr(
                "Typed in. If it was chosen by looking at these images, its rates here are "
                "optimistic.");
    }
    return {};
}

}  // namespace signet::ui
