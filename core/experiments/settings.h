#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace signet::experiments {

/// What decides the sizes of all experiments of one preset: resources/experiments/<preset>.json. "paper": the
/// papers' sizes; "cpu": what two cores have time for.
class Settings {
public:
    /// Names of the presets there are.
    static std::vector<std::string> presets();

    /// data: the folder of pictures that everything learns from. Throws BadOption: no such preset (with those
    /// there are), no data folder, a file that is no preset.
    Settings(const std::string& preset, std::filesystem::path data);

    const std::string& preset() const { return m_preset; }
    const std::filesystem::path& data() const { return m_data; }

    /// The options of the preset's training of that name ("fingerprint", "generator", ...), changed, complete
    /// and with the data folder in them. Where it starts from another training of the preset, that one's
    /// whole options stand in its "start", with the changes of the networks and the seed; an option that is
    /// "@NAME" in the preset, or an object in the changes, is the model of another training, whose whole
    /// options stand there. Throws BadOption.
    Json training(const std::string& name, const Json& changes = Json::object()) const;
    /// A size ("pictures", ...). Throws BadOption.
    std::int64_t number(const std::string& name) const;
    std::vector<std::int64_t> numbers(const std::string& name) const;
    double real(const std::string& name) const;
    std::vector<double> reals(const std::string& name) const;

    /// The sizes that were asked for since this was asked last, with their values: what a result depends on.
    Json takeAsked();
    /// All of these are this preset's, too.
    bool hasSizes(const Json& sizes) const;

private:
    const Json& at(const std::string& name) const;
    const Json& size(const std::string& name) const;

    std::string m_preset;
    std::filesystem::path m_data;
    Json m_values;
    mutable Json m_asked = Json::object();
};

/// The options of a training that are other trainings, whose models it needs: "start" among them.
std::vector<std::string> neededBy(const Json& options);

/// Names a training by all that decides its model, "fingerprint-0123456789ab": not by what only its record or
/// its speed depends on. nameOf says what a folder of pictures counts as; without it folders do not count.
std::string trainingKey(const Json& options,
                        const std::function<std::string(const std::string& folder)>& nameOf = {});

}  // namespace signet::experiments
