#include "ui/experiments/experiment_text.h"

#include <QObject>
#include <algorithm>
#include <cmath>

#include "core/report/report_text.h"
#include "ui/bridge/text.h"

namespace signet::ui {
namespace {

constexpr double kMinute = 60, kHour = 3600, kDay = 86400;

QString dotted(const QStringList& parts) {
    return parts.join(QStringLiteral(" · "));
}

QString groupedNumber(std::int64_t number) {
    return toText(report::grouped(number));
}

/// "fingerprintBits", "fingerprint_bits": "fingerprint bits".
QString spacedKey(const std::string& key) {
    QString text;
    for (const QChar c : toText(key)) {
        if (c == QLatin1Char('_')) {
            text += QLatin1Char(' ');
        } else if (c.isUpper() && !text.isEmpty() && text.back().isLower()) {
            text += QLatin1Char(' ');
            text += c.toLower();
        } else {
            text += c;
        }
    }
    return text;
}

QString valueOf(const Json& value);

QString pairsOf(const Json& object, const QString& separator) {
    QStringList parts;
    for (const auto& [key, value] : object.items())
        if (!value.is_null() && !(value.is_structured() && value.empty()))
            parts << QStringLiteral("%1: %2").arg(spacedKey(key), valueOf(value));
    return parts.join(separator);
}

QString valueOf(const Json& value) {
    if (value.is_string()) return toText(visibleName(value.get<std::string>()));
    if (value.is_boolean()) return value.get<bool>() ? QObject::tr("yes") : QObject::tr("no");
    if (value.is_number_integer()) return groupedNumber(value.get<std::int64_t>());
    if (value.is_number()) return QString::number(value.get<double>(), 'g', 4);
    if (value.is_object()) return QStringLiteral("(%1)").arg(pairsOf(value, QStringLiteral(", ")));
    QStringList items;
    for (const Json& item : value) items << valueOf(item);
    return items.join(QStringLiteral(", "));
}

/// A setting without what was noted after, and that.
struct NotedSetting {
    Json setting;
    double trainingSeconds = 0;
};
NotedSetting notedSetting(Json setting) {
    NotedSetting noted;
    if (setting.is_object()) {
        const auto at = setting.find("training_seconds");
        if (at != setting.end() && at->is_number()) noted.trainingSeconds = at->get<double>();
        setting.erase("training_seconds");
    }
    noted.setting = std::move(setting);
    return noted;
}

double secondsOf(const ProbedTraining& training) {
    return training.secondsPerStep * static_cast<double>(training.steps);
}

}  // namespace

QString experimentTime(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) return QStringLiteral("–");
    const auto whole = static_cast<qlonglong>(std::llround(seconds));
    if (seconds < 2 * kMinute) return QObject::tr("%1 s").arg(whole);
    if (seconds < 2 * kHour) return QObject::tr("%1 min").arg(std::llround(seconds / kMinute));
    if (seconds < 2 * kDay) return QObject::tr("%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60);
    return QObject::tr("%1 days").arg(seconds / kDay, 0, 'f', 1);
}

QString progressText(const ExperimentProgress& progress) {
    QStringList parts{toText(progress.at)};
    const QString done = groupedNumber(static_cast<std::int64_t>(progress.done));
    const QString total = groupedNumber(static_cast<std::int64_t>(progress.total));
    const bool hasTotal = progress.total > 0;
    if (!progress.what.empty())
        parts << (hasTotal ? QObject::tr("%1: %2 of %3").arg(toText(progress.what), done, total)
                           : toText(progress.what));
    else if (progress.done > 0)
        parts << (hasTotal ? QObject::tr("step %1 of %2").arg(done, total)
                           : QObject::tr("step %1").arg(done));
    return dotted(parts);
}

QString rowCountText(const ExperimentTable& table) {
    const auto rows = static_cast<qlonglong>(table.rows.size());
    return table.planned > 0 ? QObject::tr("%1 of %2").arg(rows).arg(table.planned) : QString::number(rows);
}

QString originText(const ExperimentTable& table) {
    const int own = table.count(true), shipped = table.count(false);
    QStringList parts;
    if (own > 0) parts << QObject::tr("%1 measured here").arg(countText(own, "row"));
    if (shipped > 0)
        parts << QObject::tr("%1 from the results that come with the program").arg(countText(shipped, "row"));
    if (!table.problem.empty()) parts << sentence(table.problem);
    return dotted(parts);
}

QString settingText(const Json& setting) {
    return setting.is_object() ? pairsOf(setting, QStringLiteral(" · ")) : QString();
}

QString howMadeText(const experiments::Row& row, bool isOwn) {
    const NotedSetting noted = notedSetting(row.setting);
    QString text = isOwn ? QObject::tr("%1: measured here in %2")
                         : QObject::tr("%1: comes with the program, measured in %2");
    text = text.arg(toText(visibleName(row.name)), experimentTime(row.seconds));
    if (noted.trainingSeconds > 0)
        text += QObject::tr(", after %1 of training").arg(experimentTime(noted.trainingSeconds));
    const QString remark = toText(visibleName(row.remark));
    return QStringLiteral("%1. %2 %3").arg(text, remark, settingText(noted.setting)).simplified();
}

QStringList probeCells(const ProbedTraining& training) {
    return {toText(visibleName(training.row)), QString::number(training.secondsPerStep, 'g', 3),
            QObject::tr("%1 MiB").arg(groupedNumber(std::llround(training.peakMiB))),
            groupedNumber(training.steps), experimentTime(secondsOf(training))};
}

QString probeSumText(const QString& id, const QString& preset, const std::vector<ProbedTraining>& trainings) {
    if (trainings.empty()) return {};
    double seconds = 0, memory = 0;
    for (const ProbedTraining& training : trainings) {
        seconds += secondsOf(training);
        memory = std::max(memory, training.peakMiB);
    }
    return QObject::tr(
               "%1, preset %2: the whole run takes about %3 here for %4, from the start, and %5 MiB. "
               "Trainings that are done already are not made again; measuring comes on top.")
        .arg(id, preset, experimentTime(seconds), countText(static_cast<int>(trainings.size()), "training"),
             groupedNumber(std::llround(memory)));
}

QString endText(const ExperimentEnd& end) {
    const QString id = toText(end.order.id);
    if (!end.problem.empty())
        return (end.order.probeOnly ? QObject::tr("%1 was not tried. %2") : QObject::tr("%1 was not run. %2"))
            .arg(id, sentence(end.problem));
    QStringList parts;
    if (end.order.probeOnly) {
        parts << QObject::tr("%1: %2 tried.").arg(id, countText(end.made, "training"));
        if (end.failed > 0) parts << QObject::tr("%1 failed.").arg(end.failed);
        if (end.isStopped) parts << QObject::tr("Stopped before all were tried.");
        return parts.join(QLatin1Char(' '));
    }
    parts << QObject::tr("%1: %2 there.").arg(id, countText(end.made, "row"));
    if (end.failed > 0) parts << QObject::tr("%1 failed; see Failures.").arg(countText(end.failed, "row"));
    if (end.isStopped) parts << QObject::tr("Stopped; a second run goes on there.");
    return parts.join(QLatin1Char(' '));
}

}  // namespace signet::ui
