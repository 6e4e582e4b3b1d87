#include "ui/itemmodels/sets_text.h"

#include <QLocale>
#include <QObject>

#include "ui/bridge/text.h"

namespace signet::ui {

QString headingText(const std::string& word) {
    QString text = toText(word);
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

QString setsText(const examine::SetWords& words, std::int64_t positives, std::int64_t negatives) {
    const QLocale locale(QLocale::English, QLocale::UnitedStates);
    return QObject::tr("%1 %2, %3 %4")
        .arg(locale.toString(qlonglong{positives}), toText(words.positives),
             locale.toString(qlonglong{negatives}), toText(words.negatives));
}

}  // namespace signet::ui
