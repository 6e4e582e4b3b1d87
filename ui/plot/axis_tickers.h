#pragma once

#include <QString>

class QCPAxis;

namespace signet::ui {

enum class AxisKind { Value, Count, Time };

/// Gives an axis the scale (true logarithm or linear) and ticks that suit it: counts as 200k or 1.2M, time as
/// h:min:s, logarithmic axes labelled also where less than a decade is visible.
void setAxisScale(QCPAxis* axis, AxisKind kind, bool logarithmic);

/// "1.2M", "45k", "300": enough digits to be exact.
QString countLabel(double count);

/// Seconds as "h:mm:ss".
QString timeLabel(double seconds);

}  // namespace signet::ui
