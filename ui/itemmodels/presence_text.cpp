#include "ui/itemmodels/presence_text.h"

#include <QObject>

namespace signet::ui {

QString presenceText(examine::Presence presence) {
    switch (presence) {
        case examine::Presence::Present:
            return QObject::tr("something found");
        case examine::Presence::Inconclusive:
            return QObject::tr("inconclusive");
        case examine::Presence::Absent:
            return QObject::tr("nothing found");
    }
    return {};
}

QString presenceIcon(examine::Presence presence) {
    switch (presence) {
        case examine::Presence::Present:
            return QStringLiteral("present");
        case examine::Presence::Inconclusive:
            return QStringLiteral("inconclusive");
        case examine::Presence::Absent:
            return QStringLiteral("absent");
    }
    return {};
}

}  // namespace signet::ui
