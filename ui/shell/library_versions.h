#pragma once

#include <QString>
#include <utility>
#include <vector>

namespace signet::ui {

/// Name and version of the libraries that touch pixels, files and plots.
std::vector<std::pair<QString, QString>> libraryVersions();

}  // namespace signet::ui
