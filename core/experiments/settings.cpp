#include "core/experiments/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/platform.h"
#include "core/base/text.h"
#include "core/tasks/all_tasks.h"
#include "core/training/run_options.h"

namespace fs = std::filesystem;

namespace signet::experiments {
namespace {

fs::path presetsFolder() {
    return dataFolder() / "resources" / "experiments";
}

constexpr char kOfTraining = '@';  ///< before the name of a training whose model an option is

/// What networks may differ in from those they start from (fingerprint/network_adoption.h).
constexpr std::array kAdopted = {"bits", "modulatedFrom", "modulatedTo"};

/// Those that a training which only another starts from has to have too.
Json changesOfNetworks(const training::TaskType& task, const Json& changes) {
    Json kept = Json::object();
    for (const auto& option : task.describeOptions())
        if (changes.contains(option.key) &&
            (option.key == "seed" ||
             (option.group == training::kNetworkGroup &&
              std::find(kAdopted.begin(), kAdopted.end(), option.key) == kAdopted.end())))
            kept[option.key] = changes[option.key];
    return kept;
}

}  // namespace

std::vector<std::string> Settings::presets() {
    std::vector<std::string> names;
    for (const fs::path& file : filesIn(presetsFolder()))
        if (file.extension() == ".json") names.push_back(file.stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

Settings::Settings(const std::string& preset, fs::path data) : m_preset(preset), m_data(std::move(data)) {
    const auto names = presets();
    if (std::find(names.begin(), names.end(), preset) == names.end())
        throw Error(ErrorCode::BadOption,
                    fmt::format("there is no preset \"{}\" of the experiments; there are {}", preset,
                                fmt::join(names, ", ")));
    if (!fs::is_directory(m_data))
        throw Error(ErrorCode::BadOption,
                    fmt::format("the pictures to learn from are needed: \"{}\" is no folder",
                                toUtf8(m_data.native())));
    const fs::path file = presetsFolder() / (preset + ".json");
    try {
        m_values = Json::parse(readTextFile(file));
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} is no preset: {}", toUtf8(file.native()), error.what()));
    }
}

std::vector<std::string> neededBy(const Json& options) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : options.items())
        if (value.is_object() && value.contains("task")) keys.push_back(key);
    return keys;
}

std::string trainingKey(const Json& options,
                        const std::function<std::string(const std::string& folder)>& nameOf) {
    Json what = options;
    for (const char* other : {"threads", "name", "logEvery", "checkpointEvery", "keepEvery", "sampleEvery"})
        what.erase(other);
    for (const auto& folder : tasks::all().of(options).folders())
        what[folder.key] = nameOf ? nameOf(what.value(folder.key, "")) : "";
    for (const std::string& key : neededBy(options)) what[key] = trainingKey(options.at(key), nameOf);
    constexpr std::size_t kDigits = 12;
    return fmt::format("{}-{}", options.at("task").get<std::string>(),
                       sha256Hex(what.dump()).substr(0, kDigits));
}

const Json& Settings::at(const std::string& name) const {
    const auto found = m_values.find(name);
    if (found == m_values.end())
        throw Error(ErrorCode::BadOption, fmt::format("the preset \"{}\" has no \"{}\"", m_preset, name));
    return *found;
}

Json Settings::training(const std::string& name, const Json& changes) const {
    const Json& trainings = at("trainings");
    if (!trainings.contains(name))
        throw Error(ErrorCode::BadOption,
                    fmt::format("the preset \"{}\" has no training \"{}\"", m_preset, name));
    Json options = trainings[name];
    const std::string start = options.value("start", "");
    options.erase("start");
    const training::TaskType& task = tasks::all().of(options);
    if (task.folders().size() == 1) options[task.folders().front().key] = m_data.string();
    options.update(changes);
    Json needed = Json::object();
    for (const auto& [key, value] : options.items()) {
        if (value.is_string() && value.get<std::string>().starts_with(kOfTraining))
            needed[key] = training(value.get<std::string>().substr(1));
        else if (value.is_object() && value.contains("task"))
            needed[key] = value;
    }
    for (const auto& [key, value] : needed.items()) options.erase(key);
    Json whole = task.complete(options);
    whole.update(needed);
    if (!start.empty()) whole["start"] = training(start, changesOfNetworks(task, changes));
    return whole;
}

const Json& Settings::size(const std::string& name) const {
    const Json& value = at(name);
    m_asked[name] = value;
    return value;
}

Json Settings::takeAsked() {
    return std::exchange(m_asked, Json::object());
}

bool Settings::hasSizes(const Json& sizes) const {
    for (const auto& [name, value] : sizes.items())
        if (!m_values.contains(name) || m_values[name] != value) return false;
    return true;
}

std::int64_t Settings::number(const std::string& name) const {
    return strictValue<std::int64_t>(size(name), name);
}

double Settings::real(const std::string& name) const {
    return strictValue<double>(size(name), name);
}

std::vector<double> Settings::reals(const std::string& name) const {
    return strictValue<std::vector<double>>(size(name), name);
}

std::vector<std::int64_t> Settings::numbers(const std::string& name) const {
    return strictValue<std::vector<std::int64_t>>(size(name), name);
}

}  // namespace signet::experiments
