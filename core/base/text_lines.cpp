#include "core/base/text_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"

namespace signet {

StreamHash::Digests eachLine(const std::filesystem::path& file,
                             const std::function<void(std::string& line)>& onLine, std::size_t maxLine) {
    StreamHash hash;
    std::string line;
    const auto give = [&] {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        onLine(line);
        line.clear();
    };
    readParts(file, [&](std::span<const std::uint8_t> part) {
        hash.add(part);
        for (auto from = part.begin(); from != part.end();) {
            const auto end = std::find(from, part.end(), '\n');
            line.append(from, end);
            if (line.size() > maxLine)
                throw Error(ErrorCode::TooLarge, fmt::format("{} has a line of more than {} bytes",
                                                             toUtf8(file.string()), maxLine));
            if (end == part.end()) break;
            give();
            from = end + 1;
        }
        return true;
    });
    if (!line.empty()) give();
    return hash.finish();
}

}  // namespace signet
