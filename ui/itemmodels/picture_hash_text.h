#pragma once

#include <QString>
#include <string>

namespace signet::ui {

/// The beginning of a picture's hash (signature::PictureHash), as much as a list has room for.
QString shortPictureHash(const std::string& hash);

/// For a tool tip: the whole hash, in lines, and the SHA-256 of the picture's file.
QString pictureDetails(const std::string& hash, const std::string& sha256);

}  // namespace signet::ui
