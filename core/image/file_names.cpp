#include "core/image/file_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include "core/base/visible_text.h"

namespace signet::image {

std::optional<Format> formatOfName(const std::filesystem::path& path) {
    static constexpr std::pair<std::string_view, Format> kEndings[] = {
        {".jpg", Format::Jpeg},   {".jpeg", Format::Jpeg}, {".jpe", Format::Jpeg},   {".jfif", Format::Jpeg},
        {".mpo", Format::Jpeg},   {".png", Format::Png},   {".apng", Format::Png},   {".webp", Format::WebP},
        {".tif", Format::Tiff},   {".tiff", Format::Tiff}, {".bmp", Format::Bmp},    {".dib", Format::Bmp},
        {".gif", Format::Gif},    {".heic", Format::Heif}, {".heif", Format::Heif},  {".hif", Format::Heif},
        {".heics", Format::Heif}, {".avif", Format::Avif}, {".avifs", Format::Avif}, {".jxl", Format::Jxl}};
    std::string ending = path.extension().native();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const auto& [known, format] : kEndings)
        if (ending == known) return format;
    return std::nullopt;
}

std::string endingConflict(const std::filesystem::path& path, Format format) {
    const auto named = formatOfName(path);
    const auto family = [](Format f) { return f == Format::Avif ? Format::Heif : f; };  // one container
    if (!named || family(*named) == family(format)) return {};
    return fmt::format("the name ends in {}, the content is {}", visibleName(path.extension()),
                       displayName(format));
}

std::filesystem::path withEndingOf(const std::filesystem::path& name, Format format) {
    const auto named = formatOfName(name);
    if (named == format) return name;
    std::filesystem::path changed = name;
    if (named) return changed.replace_extension(extensionOf(format));
    return changed += extensionOf(format);
}

}  // namespace signet::image
