#include "ui/generators/generator_text.h"

#include <QObject>
#include <QStringList>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/examine/claim.h"
#include "core/examine/findings.h"
#include "core/metrics/intervals.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/keyed_text.h"

namespace signet::ui {
namespace {

/// Of a secured generator: drawn pictures are read by it without a calibration.
QString ownDetectorName() {
    return QObject::tr("the detector that comes with its signature");
}

/// "30 of 32 bits"; empty where there is nothing to compare.
QString bitsAsSecured(const examine::Finding& finding, const std::string& codeHex) {
    if (!finding.code || finding.code->bits < 2 || codeHex.empty()) return {};
    try {
        const auto secured = bitsFromHex(codeHex, finding.code->bits);
        int right = 0;
        for (std::size_t i = 0; i < secured.size(); ++i)
            right += (finding.code->bitLogits[i] > 0) == (secured[i] != 0);
        return QObject::tr("%1 of %2 bits").arg(right).arg(finding.code->bits);
    } catch (const Error&) {  // a manifest may come from anywhere
        return {};
    }
}

/// "signature found, +7.31".
QString answerLine(const examine::Finding& finding) {
    return QObject::tr("%1, %2").arg(toText(examine::answerOf(finding)),
                                     scoreText(finding, finding.scoreLogit));
}

/// The same with units, threshold and code.
QString wholeAnswer(const examine::Finding& finding, const QString& bits) {
    QStringList parts;
    parts << QObject::tr("%1 %2, threshold %3")
                 .arg(answerLine(finding), scoreUnit(isPValue(finding)),
                      scoreText(finding, finding.threshold));
    if (const QString code = codeText(finding); !code.isEmpty() && finding.code && finding.code->bits > 1)
        parts << QObject::tr("code %1").arg(code);
    if (!bits.isEmpty()) parts << QObject::tr("%1 as it was secured with").arg(bits);
    return parts.join(QStringLiteral(" · "));
}

QString shownName(const examine::Finding& finding) {
    return toText(visibleName(finding.model));
}

}  // namespace

QString captionOf(const DrawnPicture& picture, const std::optional<DrawnReading>& reading,
                  const std::string& codeHex) {
    QStringList lines{toText(picture.fileName()).section(QLatin1Char('.'), 0, 0)};
    if (!reading) return lines.front();
    if (reading->own) {
        const QString bits = bitsAsSecured(*reading->own, codeHex);
        lines << answerLine(*reading->own) + (bits.isEmpty() ? QString() : QStringLiteral(", ") + bits);
    }
    if (const examine::Finding* leading = examine::leadingFinding(reading->findings))
        lines << QStringLiteral("%1: %2").arg(shownName(*leading), answerLine(*leading));
    return lines.join(QLatin1Char('\n'));
}

QString aboutDrawn(const DrawnPicture& picture, const std::optional<DrawnReading>& reading,
                   const std::string& codeHex) {
    QStringList lines{QObject::tr("%1, %2 × %3 px")
                          .arg(toText(picture.fileName()))
                          .arg(picture.image->width())
                          .arg(picture.image->height())};
    if (reading && reading->own)
        lines << sentence(QStringLiteral("%1, %2: %3")
                              .arg(ownDetectorName(), shownName(*reading->own),
                                   wholeAnswer(*reading->own, bitsAsSecured(*reading->own, codeHex)))
                              .toStdString());
    if (reading)
        for (const examine::Finding& finding : reading->findings)
            lines << QStringLiteral("%1: %2.").arg(shownName(finding), wholeAnswer(finding, {}));
    return lines.join(QLatin1Char('\n'));
}

QString foundText(const std::string& signature, int found, int read) {
    if (read == 0) return {};
    const metrics::Interval interval = metrics::clopperPearson(found, read);
    return sentence(QObject::tr("%1, %2, found it in %3 of %4 pictures: %5, 95 % interval %6 to %7")
                        .arg(ownDetectorName(), toText(visibleName(signature)), QString::number(found),
                             QString::number(read), percentText(static_cast<double>(found) / read),
                             percentText(interval.lower), percentText(interval.upper))
                        .toStdString());
}

QString drawingText(int drawn, int read, int total, const DrawStep& step) {
    if (drawn >= total) return QObject::tr("%1 drawn, %2 read").arg(drawn).arg(read);
    const QString text = QObject::tr("%1 of %2 drawn").arg(drawn).arg(total);
    return step.total == 0 ? text : QObject::tr("%1, step %2 of %3").arg(text).arg(step.done).arg(step.total);
}

}  // namespace signet::ui
