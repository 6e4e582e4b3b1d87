#pragma once

#include <QString>
#include <QStringList>

#include "ui/bridge/experiment_service.h"

// What the Experiments page says.
namespace signet::ui {

/// "about 3 h 20 min" without the "about"; seconds below a minute, days above one.
QString experimentTime(double seconds);

/// "B.T1: variant II · step 1,240 of 12,000".
QString progressText(const ExperimentProgress& progress);

/// "3 of 8"; the number alone where it is not known of how many.
QString rowCountText(const ExperimentTable& table);

/// How many rows were measured here, and how many come with the program.
QString originText(const ExperimentTable& table);

/// "bits: 64 · batch: 16 · sizes: (pictures: 2,000)": names and values of a row's setting, for people.
QString settingText(const Json& setting);

/// How a row was made.
QString howMadeText(const experiments::Row& row, bool isOwn);

/// A probed training as a row: what needs it, seconds a step, memory, steps, time of the whole training.
QStringList probeCells(const ProbedTraining& training);
/// Of all of them.
QString probeSumText(const QString& id, const QString& preset, const std::vector<ProbedTraining>& trainings);

/// How a run or a probe ended.
QString endText(const ExperimentEnd& end);

}  // namespace signet::ui
