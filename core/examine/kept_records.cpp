#include "core/examine/kept_records.h"

#include <sstream>

#include "core/base/error.h"
#include "core/base/file_io.h"

namespace signet::examine {
namespace {

constexpr std::uint64_t kMaxKeptBytes = 64ull << 20;

}  // namespace

void keepRecords(const models::Manifest& manifest, const char* file, const std::vector<Json>& records) {
    std::string text;
    for (const Json& record : records) text += record.dump() + "\n";
    writeFileAtomically(manifest.folder / file, text, IfExists::Replace);
}

std::vector<Json> keptRecords(const models::Manifest& manifest, const char* file) {
    const auto path = manifest.folder / file;
    std::vector<Json> records;
    if (!std::filesystem::exists(path)) return records;
    std::istringstream lines(readTextFile(path, kMaxKeptBytes));
    try {
        for (std::string line; std::getline(lines, line);)
            if (!line.empty()) records.push_back(Json::parse(line));
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::Corrupt, error.what());
    }
    return records;
}

}  // namespace signet::examine
