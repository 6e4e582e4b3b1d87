#pragma once

#include <QList>
#include <QString>
#include <QUrl>
#include <concepts>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/visible_text.h"
#include "core/image/find_images.h"

namespace signet::ui {

/// UTF-8 text for display; bytes that are not UTF-8 become U+FFFD.
QString toText(std::string_view bytes);

/// A path for display, on one line, characters that hide or turn others by their number (visibleName), and
/// the last component of it. (A template, so that no string becomes a path on the way.)
template <std::same_as<std::filesystem::path> Path>
QString toText(const Path& path) {
    return QString::fromStdString(visibleName(path));
}
QString fileName(const std::filesystem::path& path);

/// A path as the file dialogs and settings hold it, and back.
std::filesystem::path toPath(const QString& text);
QString fromPath(const std::filesystem::path& path);

/// The local path of a dropped or pasted URL, byte for byte (file names need not be UTF-8). Empty for another
/// scheme.
std::filesystem::path toPath(const QUrl& url);
/// Those of all that have one.
std::vector<std::filesystem::path> toPaths(const QList<QUrl>& urls);

/// "12.3 MiB", "980 B": binary units, three significant digits.
QString bytesText(std::uint64_t bytes);

/// A line of a table with its end: RFC 4180 CSV, or tab-separated, where tabs and line breaks become spaces.
QString tableLine(const QStringList& cells, bool csv);

/// A logit with its sign and two decimals, e.g. "+7.31"; a true minus sign below zero.
QString logitText(double logit);
/// A number as it is shown, for programs: with U+002D as minus and no plus.
QString plainNumber(QString shown);
/// Conflicts and warnings of an examination (examine::remarksOf) as one text.
QString remarksText(const std::vector<std::string>& remarks, const QString& separator);

/// A share as a percentage with two significant digits, e.g. "0.49 %".
QString percentText(double share);

/// An error's message as a sentence: first letter large (unless it begins with a file name), full stop at its
/// end.
QString sentence(std::string_view message);

/// How many entries of folders were left out, and each of them with its kind (at most kListedItems).
QString leftOutText(const std::vector<image::LeftOut>& leftOut);
QString leftOutDetails(const std::vector<image::LeftOut>& leftOut);
inline constexpr std::size_t kListedItems = 50;

/// "1 image", "12 images".
QString countText(int count, const char* noun);

}  // namespace signet::ui
