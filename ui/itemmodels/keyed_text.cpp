#include "ui/itemmodels/keyed_text.h"

#include <QLocale>
#include <QObject>
#include <cmath>

#include "core/examine/findings.h"
#include "ui/bridge/text.h"

namespace signet::ui {

QString log10Text(double log10P) {
    const QString digits = QString::number(std::abs(log10P), 'f', 1);
    return log10P < 0 && digits != QLatin1String("0.0") ? QChar(0x2212) + digits : digits;
}

QString powerOfTenText(double log10P) {
    const QString exponent = log10Text(log10P);
    return exponent == QLatin1String("0.0") ? QStringLiteral("1") : QStringLiteral("10^%1").arg(exponent);
}

QString codeText(const examine::Finding& finding) {
    if (finding.code) return toText(examine::codeText(*finding.code));
    return finding.keyed && finding.presence == examine::Presence::Present ? toText(examine::kNotReadable)
                                                                           : QString();
}

bool isPValue(const examine::Finding& finding) {
    return finding.keyed || finding.kind == models::Kind::Fingerprint;
}

QString scoreText(const examine::Finding& finding, double score) {
    return isPValue(finding) ? QString::number(score, 'f', 2) : logitText(score);
}

QString scoreUnit(bool isPValue) {
    return isPValue ? QObject::tr("\u2212log10 p") : QObject::tr("logit");
}

QString pValueText(const examine::KeyedEvidence& keyed) {
    const QString geometries =
        keyed.trials == 1
            ? QObject::tr("1 geometry")
            : QObject::tr("%1 geometries")
                  .arg(QLocale(QLocale::English, QLocale::UnitedStates).toString(qlonglong{keyed.trials}));
    return QObject::tr(
               "p = %1 that a picture which knows nothing of this key fits as well; corrected for %2 and %3")
        .arg(powerOfTenText(keyed.log10P), geometries, countText(keyed.keysTried, "key"));
}

QString pValueText(const examine::CodeMatch& match) {
    return QObject::tr("p = %1 that the best of %2 agrees in %3 or more of %4 bits by chance")
        .arg(powerOfTenText(match.log10PCorrected),
             countText(static_cast<int>(match.searched), "registered instance"))
        .arg(match.matched)
        .arg(match.bits);
}

QString instanceText(const examine::CodeMatch& match) {
    const auto issued = [](qint64 instance, const std::string& holder) {
        return QObject::tr("instance %1, issued to %2").arg(instance).arg(toText(visibleName(holder)));
    };
    if (match.rivals.empty()) return sentence(issued(match.instance, match.holder).toStdString());
    QStringList holders{toText(visibleName(match.holder))};
    for (const auto& rival : match.rivals) holders << toText(visibleName(rival.holder));
    return QObject::tr("Instances of several holders agree, and which of them it is, is not said: %1")
        .arg(holders.join(QStringLiteral("; ")));
}

QString pValuePartsText(const examine::KeyedEvidence& keyed) {
    QString text =
        QObject::tr(
            "From two tests of one key, combined as Fisher does: the synchronisation pattern %1; the "
            "code's patterns %2 by their energy, %3 by the code's check.")
            .arg(powerOfTenText(keyed.log10PSync), powerOfTenText(keyed.log10PEnergy),
                 powerOfTenText(keyed.log10PCode));
    if (keyed.rankP)
        text += QObject::tr(
                    " Counted: %1 of this and random keys have a pattern that fits as well over the "
                    "same search.")
                    .arg(percentText(*keyed.rankP));
    return text;
}

QString registeredPictureText(const examine::KeyedEvidence::Picture& picture) {
    using signature::PictureAnswer;
    const PictureAnswer answer = picture.comparison.answer;
    if (answer == PictureAnswer::NotRegistered) return {};
    QString text = sentence(signature::inWords(picture.comparison));
    if (!picture.name.empty())
        text += QObject::tr(" It was registered for %1").arg(toText(visibleName(picture.name))) +
                (answer == PictureAnswer::OtherPicture
                     ? QObject::tr("; a signature can be copied from the picture it was written on.")
                     : QStringLiteral("."));
    return text;
}

QString regionText(const examine::KeyedEvidence::Region& region) {
    return region.codeHex.empty() ? toText(examine::kNotReadable)
                                  : QObject::tr("code %1").arg(toText(region.codeHex));
}

}  // namespace signet::ui
