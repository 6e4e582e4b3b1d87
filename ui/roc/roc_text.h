#pragma once

#include <QString>

#include "core/metrics/operating_point.h"
#include "ui/itemmodels/detector_model.h"

namespace signet::ui {

/// A share of one to three significant digits that never rounds to 0 or 100 % unless it is: "98.2 %",
/// "99.96 %", "0.49 %".
QString shareText(double share);

/// "95 %: 96.6 to 99.2 %".
QString intervalText(const metrics::Interval& interval);

/// The shortest text that is read back as the same number, with a true minus sign.
QString thresholdText(double threshold);

/// "about 3 min left"; empty where not known.
QString timeLeftText(double seconds);

/// Whether the rates of a threshold are those of its own set, and what that means. isPValue: of a keyed
/// signature, whose own threshold no set of images decides.
QString originText(ThresholdOrigin origin, bool calibratedOnThisSet, bool isPValue);

}  // namespace signet::ui
