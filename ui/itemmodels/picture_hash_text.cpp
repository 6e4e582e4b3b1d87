#include "ui/itemmodels/picture_hash_text.h"

#include <QCoreApplication>

#include "ui/bridge/text.h"

namespace signet::ui {
namespace {

constexpr qsizetype kShown = 20;
constexpr qsizetype kLine = 72;  ///< a tool tip breaks no word

}  // namespace

QString shortPictureHash(const std::string& hash) {
    const QString text = toText(hash);
    return text.size() <= kShown ? text : text.first(kShown) + QStringLiteral("…");
}

QString pictureDetails(const std::string& hash, const std::string& sha256) {
    const QString text = toText(hash);
    QStringList lines{QCoreApplication::translate("PictureHash", "What the picture looks like:")};
    for (qsizetype at = 0; at < text.size(); at += kLine) lines << text.mid(at, kLine);
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n') +
           QCoreApplication::translate("PictureHash", "SHA-256 of its file: %1").arg(toText(sha256));
}

}  // namespace signet::ui
