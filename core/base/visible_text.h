#pragma once

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace signet {

/// text as people read it: valid UTF-8, and every character that cannot be seen or that changes how others
/// are read (controls, direction overrides, zero-width ones, variation selectors, the fifth and further
/// combining mark on one letter) as [U+202E]. Line breaks and tabs stay; CR LF becomes LF.
std::string visible(std::string_view text);

/// A file name or path for tables, lists and messages: as visible(), line breaks and tabs too by their
/// number, so that one name is one line and its end stands at its end.
std::string visibleName(std::string_view name);

/// The same of a path; a template, so that no string becomes a path on the way.
template <typename Path>
requires std::same_as<Path, std::filesystem::path> std::string visibleName(const Path& path) {
    return visibleName(std::string_view(path.native()));
}

/// One character of valid UTF-8 at i, which moves behind it.
char32_t nextCharacter(std::string_view text, std::size_t& i);

}  // namespace signet
