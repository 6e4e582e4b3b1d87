#pragma once

#include <vector>

#include "ui/bridge/roc_service.h"

namespace signet::ui {

/// The scores of these detectors as a file that the ROC page and `signet roc --scores` read again.
RocService::Write scoresExport(RocDetectors detectors);

/// The curves, a point a line: threshold, counts, rates and their 95 % Clopper-Pearson intervals, thinned as
/// metrics::thinned does.
RocService::Write curvesExport(RocDetectors detectors);

}  // namespace signet::ui
