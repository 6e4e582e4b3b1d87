#include "ui/fingerprints/fingerprint_text.h"

#include <QObject>

#include "core/report/report_text.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/keyed_text.h"

namespace signet::ui {
namespace {

QString holderOf(const registry::CodeAgreement& agreement) {
    return toText(visibleName(agreement.instance.holder));
}

}  // namespace

QString groupedText(std::int64_t number) {
    return toText(report::grouped(number));
}

QString answerText(const IdentifiedPicture& picture) {
    const registry::Identification& found = picture.found;
    if (!picture.problem.empty()) return sentence(picture.problem);
    if (!found.nearest) return QObject::tr("no instance of this model is registered");
    if (!found.rivals.empty()) return QObject::tr("none: other holders' instances are as near");
    if (!found.accepted) return QObject::tr("no registered instance");
    const QString text = QObject::tr("instance %1").arg(found.nearest->instance.id);
    return found.nearest->instance.revoked ? QObject::tr("%1, revoked").arg(text) : text;
}

QString matchedText(const IdentifiedPicture& picture) {
    if (!picture.found.nearest) return {};
    return QObject::tr("%1 of %2").arg(picture.found.nearest->matched).arg(picture.bits);
}

QString correctedText(const IdentifiedPicture& picture) {
    if (!picture.found.nearest) return {};
    return powerOfTenText(picture.found.nearest->log10PCorrected);
}

QString explanation(const IdentifiedPicture& picture) {
    if (!picture.problem.empty()) return sentence(picture.problem);
    const registry::Identification& found = picture.found;
    if (!found.nearest)
        return QObject::tr(
            "The registry has no instance of this model: issue or import one, then look again.");
    const registry::CodeAgreement& nearest = *found.nearest;
    QStringList parts;
    parts << QObject::tr("Of %1 registered codes, that of instance %2 agrees best: in %3 of %4 bits.")
                 .arg(groupedText(found.databaseSize))
                 .arg(nearest.instance.id)
                 .arg(nearest.matched)
                 .arg(picture.bits);
    if (found.needed <= picture.bits)
        parts << QObject::tr("%1 are needed.").arg(found.needed);
    else
        parts << QObject::tr("Codes of this length are too short to tell so many instances apart.");
    parts
        << QObject::tr("p = %1 that the best of them agrees so well by chance.").arg(correctedText(picture));
    if (found.accepted) {
        parts << QObject::tr("The instance was issued to %1.").arg(holderOf(nearest));
        if (nearest.instance.revoked)
            parts << QObject::tr("It was revoked: %1.").arg(toText(visibleName(nearest.instance.reason)));
    } else if (!found.rivals.empty()) {
        QStringList others;
        for (const registry::CodeAgreement& rival : found.rivals) others << holderOf(rival);
        others.removeDuplicates();
        parts << QObject::tr("As near enough are instances of %1: the picture says none of them.")
                     .arg(others.join(QStringLiteral(", ")));
    }
    return parts.join(QLatin1Char(' '));
}

}  // namespace signet::ui
