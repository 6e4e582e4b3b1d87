#include "ui/bridge/named_file.h"

#include <QObject>

#include "ui/bridge/text.h"

namespace signet::ui {

QString NamedFile::shown() const {
    if (!name.isEmpty()) return name;
    return frame == 1 ? fileName(path) : QObject::tr("%1 (picture %2)").arg(fileName(path)).arg(frame);
}

QString NamedFile::problemOf(const std::string& sha256Read) const {
    if (sha256.empty() || sha256Read.empty() || sha256Read == sha256) return {};
    return QObject::tr("%1 is not what was taken in: its file has SHA-256 %2 now, %3 was recorded.")
        .arg(shown(), toText(sha256Read), toText(sha256));
}

QString exhibitName(const cases::Exhibit& exhibit) {
    return QObject::tr("Exhibit %1 · %2").arg(exhibit.id).arg(toText(visibleName(cases::nameOf(exhibit))));
}

NamedFile namedExhibit(const cases::Exhibit& exhibit, const std::filesystem::path& file) {
    NamedFile named(file, exhibitName(exhibit), exhibit.sha256);
    named.frame = exhibit.frame;
    return named;
}

}  // namespace signet::ui
