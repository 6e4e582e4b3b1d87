#include "core/examine/image_family.h"

#include "core/base/text.h"

namespace signet::examine {

std::string nameOfFolder(const std::filesystem::path& folder) {
    const auto whole = std::filesystem::absolute(folder / ".").lexically_normal();
    return toUtf8(whole.parent_path().filename().string());
}

std::string familyOf(const std::filesystem::path& file, const std::filesystem::path& folder) {
    const auto inside = file.lexically_relative(folder);
    if (const auto parent = inside.parent_path(); !parent.empty() && *parent.begin() != "..")
        return toUtf8(parent.begin()->string());
    const std::string name = file.stem().string();
    if (const auto end = name.find('_'); end != std::string::npos && end > 0)
        return toUtf8(name.substr(0, end));
    return nameOfFolder(folder);
}

}  // namespace signet::examine
