#include "core/base/text_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"

namespace signet {

void eachLine(const std::filesystem::path& file,
              const std::function<void(std::string& line, bool ended)>& onLine, const LineLimit& limit,
              StreamHash* whole) {
    std::string line;
    const auto give = [&](bool ended) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        onLine(line, ended);
        line.clear();
    };
    readParts(file, [&](std::span<const std::uint8_t> part) {
        if (whole) whole->add(part);
        for (auto from = part.begin(); from != part.end();) {
            const auto end = std::find(from, part.end(), '\n');
            const auto taken = std::min(end - from, static_cast<std::ptrdiff_t>(limit.bytes - line.size()));
            if (taken < end - from && !limit.cuts)
                throw Error(ErrorCode::TooLarge, fmt::format("{} has a line of more than {} bytes",
                                                             toUtf8(file.string()), limit.bytes));
            line.append(from, from + taken);
            if (end == part.end()) break;
            give(true);
            from = end + 1;
        }
        return true;
    });
    if (!line.empty()) give(false);
}

}  // namespace signet
