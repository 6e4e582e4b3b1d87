#include "ui/bridge/text.h"

#include <QFile>
#include <QLocale>
#include <cmath>

#include "core/base/csv.h"
#include "core/base/text.h"

namespace signet::ui {

QString toText(std::string_view bytes) {
    return QString::fromStdString(toUtf8(bytes));
}

QString fileName(const std::filesystem::path& path) {
    return toText(path.has_filename() ? path.filename() : path);
}

std::filesystem::path toPath(const QString& text) {
    return {QFile::encodeName(text).toStdString()};
}

QString fromPath(const std::filesystem::path& path) {
    return QFile::decodeName(QByteArray::fromStdString(path.native()));
}

std::filesystem::path toPath(const QUrl& url) {
    if (!url.isLocalFile()) return {};
    return {QByteArray::fromPercentEncoding(url.path(QUrl::FullyEncoded).toUtf8()).toStdString()};
}

std::vector<std::filesystem::path> toPaths(const QList<QUrl>& urls) {
    std::vector<std::filesystem::path> paths;
    for (const QUrl& url : urls) {
        if (auto path = toPath(url); !path.empty()) paths.push_back(std::move(path));
    }
    return paths;
}

QString bytesText(std::uint64_t bytes) {
    if (bytes < 1024) return QStringLiteral("%1 B").arg(bytes);
    static const char* const kUnits[] = {"KiB", "MiB", "GiB", "TiB"};
    double value = static_cast<double>(bytes);
    int unit = -1;
    while (value >= 1024 && unit < 3) {
        value /= 1024;
        ++unit;
    }
    const int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
    return QStringLiteral("%1 %2").arg(value, 0, 'f', decimals).arg(QLatin1String(kUnits[unit]));
}

QString tableLine(const QStringList& cells, bool csv) {
    QStringList fields;
    for (QString cell : cells)
        fields << (csv ? toText(csvField(cell.toStdString()))
                       : cell.replace(QLatin1Char('\t'), QLatin1Char(' '))
                             .replace(QLatin1Char('\n'), QLatin1Char(' ')));
    return csv ? fields.join(QLatin1Char(',')) + QStringLiteral("\r\n")
               : fields.join(QLatin1Char('\t')) + QLatin1Char('\n');
}

QString logitText(double logit) {
    if (!std::isfinite(logit)) return QStringLiteral("–");
    const QString digits = QString::number(std::abs(logit), 'f', 2);
    const bool zero = digits == QLatin1String("0.00");
    return (zero ? QString() : logit < 0 ? QStringLiteral("\u2212") : QStringLiteral("+")) + digits;
}

QString plainNumber(QString shown) {
    shown.replace(QChar(0x2212), QLatin1Char('-'));
    return shown.startsWith(QLatin1Char('+')) ? shown.mid(1) : shown;
}

QString remarksText(const std::vector<std::string>& remarks, const QString& separator) {
    QStringList lines;
    for (const std::string& remark : remarks) lines << toText(remark);
    return lines.join(separator);
}

QString percentText(double share) {
    const double percent = 100 * share;
    if (percent == 0) return QStringLiteral("0 %");
    const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(percent))));
    const int decimals = std::max(0, 1 - magnitude);
    return QStringLiteral("%1 %").arg(percent, 0, 'f', std::min(decimals, 6));
}

QString countText(int count, const char* noun) {
    return QStringLiteral("%1 %2%3").arg(QLocale(QLocale::English, QLocale::UnitedStates).toString(count),
                                         QLatin1String(noun), count == 1 ? QString() : QStringLiteral("s"));
}

QString leftOutText(const std::vector<image::LeftOut>& leftOut) {
    const int count = static_cast<int>(leftOut.size());
    return QObject::tr("%1 no %2 Signet reads and %3 left out.")
        .arg(count == 1 ? QObject::tr("1 file in the folders is")
                        : QObject::tr("%1 files in the folders are").arg(count),
             count == 1 ? QObject::tr("image") : QObject::tr("images"),
             count == 1 ? QObject::tr("was") : QObject::tr("were"));
}

QString leftOutDetails(const std::vector<image::LeftOut>& leftOut) {
    QStringList lines;
    for (const image::LeftOut& file : leftOut) {
        if (static_cast<std::size_t>(lines.size()) == kListedItems) {
            lines << QObject::tr("and %1 more").arg(leftOut.size() - kListedItems);
            break;
        }
        lines << QStringLiteral("%1: %2").arg(toText(file.path), toText(file.kind));
    }
    return lines.join(QLatin1Char('\n'));
}

QString sentence(std::string_view message) {
    QString text = toText(message).trimmed();
    if (text.isEmpty()) return text;
    const bool isPath =
        text.startsWith(QLatin1Char('/')) || text.section(QLatin1Char(' '), 0, 0).contains(QLatin1Char('.'));
    if (!isPath) text[0] = text[0].toUpper();
    static const QString kEnds = QStringLiteral(".:;!?");
    if (!kEnds.contains(text.back())) text += QLatin1Char('.');
    return text;
}

}  // namespace signet::ui
