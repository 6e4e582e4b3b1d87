#include "core/training/task_type.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/training/run_options.h"

namespace signet::training {
namespace {

Json taskNamedBy(const Json& options) {
    return options.is_object() ? options.value("task", Json(kFirstTask)) : Json(kFirstTask);
}

}  // namespace

void TaskType::requireFolders(const Json& options) const {
    for (const Folder& folder : folders()) {
        if (options.value(folder.key, Json("")) != "") continue;
        throw Error(ErrorCode::BadOption,
                    fmt::format("{}: no folder is named; name one after the preset, or with --set {}=FOLDER",
                                folder.label, folder.key));
    }
}

PhotoSet TaskType::photos(const Json& options, Split split) const {
    requireFolders(options);
    return photosOf(options, split);
}

std::vector<PhotoSet> TaskType::furtherPictures(const Json& /*options*/) const {
    return {};
}

const TaskType* TaskRegistry::find(const Json& options) const {
    const Json task = taskNamedBy(options);
    for (const auto& type : m_types) {
        if (task == type->name()) return type.get();
    }
    return nullptr;
}

const TaskType& TaskRegistry::of(const Json& options) const {
    if (const TaskType* type = find(options)) return *type;
    std::vector<std::string> names;
    for (const auto& type : m_types) names.push_back(type->name());
    throw Error(ErrorCode::BadOption, fmt::format("task is {}; it is one of: {}", taskNamedBy(options).dump(),
                                                  fmt::join(names, ", ")));
}

}  // namespace signet::training
