#include "ui/training/run_text.h"

#include <QCoreApplication>
#include <cmath>

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

QString metricText(const QString& name) {
    const auto words = [](QString text) { return text.replace(QLatin1Char('_'), QLatin1Char(' ')); };
    if (name == QLatin1String("lr")) return QCoreApplication::translate("Metric", "Learning rate");
    if (name.endsWith(QLatin1String("psnr_db")))
        return name.startsWith(QLatin1String("val_"))
                   ? QCoreApplication::translate("Metric", "Validation: PSNR (dB)")
                   : QCoreApplication::translate("Metric", "PSNR (dB)");
    if (name == QLatin1String("val_score"))
        return QCoreApplication::translate("Metric", "Validation: score (dB)");
    if (name == QLatin1String("memory_mib")) return QCoreApplication::translate("Metric", "Memory (MiB)");
    if (name == QLatin1String("gpu_memory_mib"))
        return QCoreApplication::translate("Metric", "GPU memory (MiB)");
    if (name == QLatin1String("gpu_load_percent"))
        return QCoreApplication::translate("Metric", "GPU load (%)");
    if (name == QLatin1String("gpu_temperature_celsius"))
        return QCoreApplication::translate("Metric", "GPU temperature (°C)");
    if (name == QLatin1String("images_per_s"))
        return QCoreApplication::translate("Metric", "Images per second");
    if (name.startsWith(QLatin1String("val_")))
        return QCoreApplication::translate("Metric", "Validation: %1").arg(words(name.mid(4)));
    if (name.startsWith(QLatin1String("loss_")))
        return QCoreApplication::translate("Metric", "Loss: %1").arg(words(name.mid(5)));
    QString text = words(name);
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

}  // namespace signet::ui
