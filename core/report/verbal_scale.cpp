#include "core/report/verbal_scale.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/report/report_text.h"

namespace fs = std::filesystem;

namespace signet::report {
namespace {

constexpr std::size_t kMaxSteps = 20;
constexpr std::uint64_t kMaxBytes = 1 << 20;

fs::path scalesFolder() {
    return dataFolder() / "resources/reporting/scales";
}

}  // namespace

std::vector<std::string> verbalScaleNames() {
    std::vector<std::string> names{"none"};
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(scalesFolder(), error))
        if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

VerbalScale loadVerbalScale(const std::string& nameOrFile) {
    if (nameOrFile == "none") return {};
    fs::path path = nameOrFile;
    std::error_code error;
    if (nameOrFile.find('/') == std::string::npos && path.extension() != ".json")
        path = scalesFolder() / (nameOrFile + ".json");
    if (!fs::exists(path, error)) {
        throw Error(ErrorCode::NotFound,
                    fmt::format("there is no verbal scale \"{}\"; there are: {}, or give a JSON file",
                                nameOrFile, fmt::join(verbalScaleNames(), ", ")));
    }
    return verbalScaleFromJson(Json::parse(readTextFile(path, kMaxBytes), nullptr, false), path.string());
}

VerbalScale verbalScaleFromJson(const Json& json, const std::string& where) {
    const auto refuse = [&](const std::string& why) -> void {
        throw Error(ErrorCode::Corrupt, fmt::format("the verbal scale {} {}", where, why));
    };
    if (!json.is_object()) refuse("is not a JSON object");
    VerbalScale scale;
    try {
        scale.name = json.at("name").get<std::string>();
        scale.source = json.value("source", "");
        scale.note = json.value("note", "");
        for (const Json& step : json.at("steps"))
            scale.steps.push_back({step.at("from").get<double>(), step.at("text").get<std::string>()});
    } catch (const Json::exception& problem) {
        refuse(fmt::format("lacks a field: {}", problem.what()));
    }
    if (scale.steps.empty() || scale.steps.size() > kMaxSteps)
        refuse(fmt::format("has {} steps; it needs 1 to {}", scale.steps.size(), kMaxSteps));
    if (scale.steps.front().from != 1) refuse("does not begin at a likelihood ratio of 1");
    for (std::size_t i = 0; i < scale.steps.size(); ++i) {
        if (scale.steps[i].text.empty()) refuse(fmt::format("has no words for step {}", i + 1));
        if (i > 0 && !(scale.steps[i].from > scale.steps[i - 1].from && std::isfinite(scale.steps[i].from)))
            refuse(fmt::format("does not rise at step {}", i + 1));
    }
    return scale;
}

Json toJson(const VerbalScale& scale) {
    Json steps = Json::array();
    for (const auto& step : scale.steps) steps.push_back({{"from", step.from}, {"text", step.text}});
    return {{"name", scale.name}, {"source", scale.source}, {"note", scale.note}, {"steps", steps}};
}

std::string wordsFor(const VerbalScale& scale, double log10Lr) {
    if (scale.steps.empty()) return {};
    // log10(1000) is a little less than 3 in floating point: a ratio at an edge belongs above it
    const double magnitude = std::abs(log10Lr) + 1e-9;
    const auto above = std::find_if(scale.steps.begin(), scale.steps.end(), [&](const VerbalScale::Step& s) {
        return std::log10(s.from) > magnitude;
    });
    const std::string& text = (above - 1)->text;
    if (above - 1 == scale.steps.begin() && std::abs(log10Lr) < 1e-9) return text;
    return fmt::format("{} for {}", text, log10Lr < 0 ? "H2 rather than H1" : "H1 rather than H2");
}

std::string rangeOf(const VerbalScale& scale, std::size_t step) {
    const auto number = [](double value) {
        return value < 1e6 && value == std::floor(value) ? grouped(std::llround(value))
                                                         : ratio(std::log10(value));
    };
    if (step + 1 == scale.steps.size()) return number(scale.steps[step].from) + " and more";
    return fmt::format("{} to {}", number(scale.steps[step].from), number(scale.steps[step + 1].from));
}

}  // namespace signet::report
