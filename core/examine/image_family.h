#pragma once

#include <filesystem>
#include <string>

namespace signet::examine {

/// The folder's own name, of "." too.
std::string nameOfFolder(const std::filesystem::path& folder);

/// What kind of pictures a file of a folder belongs to, as far as its place and name tell: the sub-folder it
/// lies in; in the folder itself what stands before the first "_" of its name (clothing_0003.jpg), else the
/// folder's name.
std::string familyOf(const std::filesystem::path& file, const std::filesystem::path& folder);

}  // namespace signet::examine
