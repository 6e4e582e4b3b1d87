#include "app/cli/inputs.h"

namespace fs = std::filesystem;

namespace signet::cli {

examine::Examiner::Options examinerOptions(const CommonOptions& options) {
    return {options.device, options.threads, options.workspaceFolder()};
}

std::vector<fs::path> toPaths(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

void createFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!error && fs::is_directory(folder)) return;
    const std::string what = "the folder " + shown(folder) + " cannot be made";
    if (fs::exists(folder)) throw Error(ErrorCode::Exists, what + ": a file has that name");
    if (error == std::errc::no_space_on_device) throw Error(ErrorCode::DiskFull, what + ": no space left");
    throw Error(ErrorCode::NoPermission, what + ": " + error.message());
}

fs::path outputFor(const fs::path& input, const fs::path& out, bool outIsFile, const std::string& extension) {
    if (outIsFile) return out;
    return extension.empty() ? out / input.filename() : out / (input.stem().native() + extension);
}

}  // namespace signet::cli
