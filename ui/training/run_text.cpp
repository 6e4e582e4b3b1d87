#include "ui/training/run_text.h"

#include <QCoreApplication>
#include <cmath>

#include "core/base/error.h"
#include "core/examine/detector.h"
#include "core/tasks/all_tasks.h"
#include "ui/bridge/text.h"

namespace signet::ui {

QString runName(const RunEntry& run) {
    if (!run.notes.name.empty()) return toText(run.notes.name);
    const QString name = toText(run.record.name);
    return QStringLiteral("%1 %2").arg(name, fromPath(run.folder.filename()).remove(QLatin1Char('-') + name));
}

QString durationText(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) return QStringLiteral("–");
    const auto whole = static_cast<qlonglong>(std::llround(seconds));
    const qlonglong days = whole / 86400, hours = whole / 3600 % 24, minutes = whole / 60 % 60;
    if (days > 0) return QStringLiteral("%1 d %2 h").arg(days).arg(hours);
    if (hours > 0) return QStringLiteral("%1 h %2 min").arg(hours).arg(minutes);
    if (minutes > 0) return QStringLiteral("%1 min %2 s").arg(minutes).arg(whole % 60);
    return QStringLiteral("%1 s").arg(whole);
}

std::vector<training::Metric> metricsOf(const training::RunRecord& record) {
    std::vector<training::Metric> all;
    try {
        if (const auto* task = tasks::all().find(record.options)) all = task->metrics(record.options);
    } catch (const Error&) {  // options of another version: its curves go by their names
    }
    for (auto& metric : training::runMetrics()) all.push_back(std::move(metric));
    return all;
}

QString metricText(const std::vector<training::Metric>& metrics, const QString& name) {
    if (const auto* metric = training::findMetric(metrics, name.toStdString())) return toText(metric->title);
    const bool ofValidation = training::isOfValidation(name.toStdString());
    QString text = ofValidation ? name.mid(qsizetype(training::kValidationPrefix.size())) : name;
    text.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (ofValidation) return QCoreApplication::translate("Metric", "Validation: %1").arg(text);
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

std::optional<models::Kind> modelKindOf(const training::RunRecord& record) {
    const auto* task = tasks::all().find(record.options);
    return task ? std::optional(task->modelKind()) : std::nullopt;
}

QString purposeText(models::Kind kind) {
    return kind == models::Kind::Remover
               ? QCoreApplication::translate(
                     "Run",
                     "It examines no images: evaluations attack signatures with it (“signet evaluate "
                     "--remover”).")
               : QCoreApplication::translate("Run", "It examines no images.");
}

QString installedText(const QString& name, models::Kind kind) {
    if (!examine::canDetect(kind))
        return QCoreApplication::translate("Run", "The model “%1” is installed. %2")
            .arg(name, purposeText(kind));
    return QCoreApplication::translate(
               "Run",
               "The model “%1” is installed and examines from now on, on Inspect and in cases. It is "
               "not validated: calibrate it with “signet evaluate %1 --calibrate”.")
        .arg(name);
}

}  // namespace signet::ui
