#pragma once

#include <QString>
#include <filesystem>
#include <string>

#include "core/cases/case_types.h"

namespace signet::ui {

/// A file as a page shows it. An exhibit goes by its number and name wherever it is opened, never by the name
/// of its copy, and with the hash that it had when it was taken in.
struct NamedFile {
    NamedFile() = default;
    NamedFile(std::filesystem::path path, QString name = {}, std::string sha256 = {})
        : path(std::move(path)), name(std::move(name)), sha256(std::move(sha256)) {}

    /// The name, or the file's own.
    QString shown() const;
    /// Why what was read is not what the file is said to be, as a sentence; empty: it is, or nothing is said.
    QString problemOf(const std::string& sha256Read) const;

    std::filesystem::path path;
    QString name;        ///< empty: the file's own
    std::string sha256;  ///< that it must have; empty: nothing is known of it
    int frame = 1;       ///< which page, picture or frame of the file
};

/// "Exhibit 3 · front.jpg"
QString exhibitName(const cases::Exhibit& exhibit);
NamedFile namedExhibit(const cases::Exhibit& exhibit, const std::filesystem::path& file);

}  // namespace signet::ui
