#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "core/models/manifest.h"
#include "core/training/metric.h"
#include "ui/bridge/training_service.h"

namespace signet::ui {

/// The name a person gave, else that of the model and the moment, e.g. "code32 20261124-193000", with a
/// number where two runs began in one second.
QString runName(const RunEntry& run);

/// "42 s", "3 min 20 s", "5 h 12 min", "2 d 3 h".
QString durationText(double seconds);

/// What the curves of a run are: those its task describes and those every run has. Of a task this program
/// does not know, the latter alone.
std::vector<training::Metric> metricsOf(const training::RunRecord& record);

/// A curve's title for people: as it is described, or its name with spaces.
QString metricText(const std::vector<training::Metric>& metrics, const QString& name);

/// What the models are that a run writes. Nothing of a task this program does not know.
std::optional<models::Kind> modelKindOf(const training::RunRecord& record);

/// What a model of a kind that examines no images is for, as a sentence.
QString purposeText(models::Kind kind);

/// That a checkpoint was installed as a model, and what it does from now on.
QString installedText(const QString& name, models::Kind kind);

}  // namespace signet::ui
