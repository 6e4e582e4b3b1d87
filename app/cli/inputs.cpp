#include "app/cli/inputs.h"

#include <fmt/format.h>

#include "core/base/file_io.h"
#include "core/image/detect.h"
#include "core/image/file_names.h"

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

fs::path outputIn(const fs::path& folder, const fs::path& input, std::optional<image::Format> format) {
    if (!format) format = image::formatOfFile(input);
    const fs::path name = format ? image::withEndingOf(input.filename(), *format) : input.filename();
    return folder / fittingName(name.stem().native(), name.extension().native());
}

void reportLeftOut(Session& session, const std::vector<image::LeftOut>& leftOut) {
    if (leftOut.empty()) return;
    if (!session.options().quiet)
        session.line(fmt::format("\nLeft out of what the folders hold: {}", leftOut.size()));
    for (const image::LeftOut& file : leftOut)
        session.emit(image::toJson(file), session.options().quiet
                                              ? std::string()
                                              : fmt::format("  {}: {}", shown(file.path), file.kind));
}

int FrameChoice::first() const {
    return text == "all" || text == "first" ? 1 : std::stoi(text);
}

void addFrameOption(CLI::App& sub, FrameChoice& choice, const std::string& help) {
    const auto check = [](const std::string& text) -> std::string {
        const bool number = !text.empty() && text.size() < 7 && text != "0" &&
                            text.find_first_not_of("0123456789") == std::string::npos;
        return number || text == "all" || text == "first" ? "" : "give first, all or a number from 1 on";
    };
    sub.add_option("--frames", choice.text, help)
        ->check(CLI::Validator(check, "first|all|N"))
        ->capture_default_str();
}

}  // namespace signet::cli
