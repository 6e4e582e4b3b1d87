#pragma once

#include <QString>

#include "ui/bridge/training_service.h"

namespace signet::ui {

/// The name a person gave, else that of the model and the moment, e.g. "code32 20261124-193000", with a
/// number where two runs began in one second.
QString runName(const RunEntry& run);

/// "42 s", "3 min 20 s", "5 h 12 min", "2 d 3 h".
QString durationText(double seconds);

/// A curve's name for people: "val_bit_accuracy" -> "Validation: bit accuracy". Unknown names as they are,
/// with spaces.
QString metricText(const QString& name);

}  // namespace signet::ui
