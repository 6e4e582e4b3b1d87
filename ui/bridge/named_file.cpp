#include "ui/bridge/named_file.h"

#include <QObject>

#include "ui/bridge/text.h"

namespace signet::ui {

QString NamedFile::shown() const {
    return name.isEmpty() ? fileName(path) : name;
}

QString NamedFile::problemOf(const std::string& sha256Read) const {
    if (sha256.empty() || sha256Read.empty() || sha256Read == sha256) return {};
    return QObject::tr("%1 is not what was taken in: its file has SHA-256 %2 now, %3 was recorded.")
        .arg(shown(), toText(sha256Read), toText(sha256));
}

QString exhibitName(const cases::Evidence& exhibit) {
    return QObject::tr("Exhibit %1 · %2").arg(exhibit.id).arg(toText(visibleName(cases::nameOf(exhibit))));
}

NamedFile namedExhibit(const cases::Evidence& exhibit, const std::filesystem::path& file) {
    return {file, exhibitName(exhibit), exhibit.sha256};
}

}  // namespace signet::ui
