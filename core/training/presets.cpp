#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/training/train.h"

namespace signet::training {

std::vector<std::string> presetNames() {
    std::vector<std::string> names;
    for (const auto& path : filesIn(dataFolder() / "resources/presets")) {
        if (path.extension() == ".json") names.push_back(path.stem().string());
    }
    return names;
}

Json loadPreset(const std::string& presetOrFile) {
    std::filesystem::path path = presetOrFile;
    if (path.extension() != ".json") path = dataFolder() / "resources/presets" / (presetOrFile + ".json");
    if (!std::filesystem::exists(path)) {
        throw Error(ErrorCode::NotFound, fmt::format("there is no preset \"{}\"; there are: {}", presetOrFile,
                                                     fmt::join(presetNames(), ", ")));
    }
    Json json = Json::parse(readTextFile(path), nullptr, false);
    if (json.is_discarded()) throw Error(ErrorCode::BadOption, fmt::format("{} is not JSON", path.string()));
    return json;
}

Json configure(const TaskRegistry& tasks, const std::string& presetOrFile,
               const std::vector<std::string>& assignments) {
    Json options = loadPreset(presetOrFile);
    const TaskType& type = tasks.of(options);
    options = type.complete(options);
    // Looked at together: two may only make sense with each other.
    for (const auto& assignment : assignments) options = withAssignment(std::move(options), assignment);
    return type.complete(options);
}

}  // namespace signet::training
