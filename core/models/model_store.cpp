#include "core/models/model_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/platform.h"
#include "core/base/text.h"

namespace fs = std::filesystem;

namespace signet::models {
namespace {

constexpr std::uint64_t kMaxJsonBytes = 64ull << 20;

Json readJson(const fs::path& path) {
    Json json = Json::parse(readTextFile(path, kMaxJsonBytes), nullptr, false);
    if (!json.is_object())
        throw Error(ErrorCode::Corrupt, fmt::format("{} is not a JSON object", path.string()));
    return json;
}

Manifest readManifest(const fs::path& folder) {
    const Json json = readJson(folder / "manifest.json");
    try {
        Manifest m;
        m.folder = folder;
        m.name = json.at("name").get<std::string>();
        m.title = json.value("title", m.name);
        m.kind = json.at("kind").get<std::string>();
        m.arch = json.at("arch").get<std::string>();
        m.weightsSha256 = json.at("weights_sha256").get<std::string>();
        m.parameters = json.at("parameters").get<std::int64_t>();
        m.bits = json.at("bits").get<int>();
        m.resolution = json.at("resolution").get<int>();
        m.validated = json.at("validated").get<bool>();
        m.nominalPsnrDb = json.value("nominal_psnr_db", m.nominalPsnrDb);
        m.options = json.at("options");
        return m;
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::Corrupt,
                    fmt::format("{} lacks a field: {}", (folder / "manifest.json").string(), error.what()));
    }
}

std::vector<fs::path> modelRoots(const fs::path& workspace) {
    std::vector<fs::path> roots{dataFolder() / "models"};
    if (!workspace.empty()) roots.push_back(workspace / "models");
    return roots;
}

std::vector<float> floats(const Json& json, const char* key) {
    return json.at(key).get<std::vector<float>>();
}

}  // namespace

std::vector<Manifest> listModels(const fs::path& workspace, std::vector<std::string>* warnings) {
    std::vector<Manifest> found;
    for (const auto& root : modelRoots(workspace)) {
        std::error_code error;
        for (fs::directory_iterator it(root, error); !error && it != fs::directory_iterator();
             it.increment(error)) {
            if (!fs::exists(it->path() / "manifest.json", error)) continue;
            try {
                found.push_back(readManifest(it->path()));
            } catch (const Error& failure) {
                if (warnings) warnings->push_back(failure.what());
            }
        }
    }
    std::sort(found.begin(), found.end(),
              [](const Manifest& a, const Manifest& b) { return a.name < b.name; });
    return found;
}

Manifest findModel(const std::string& nameOrFolder, const fs::path& workspace) {
    std::error_code error;
    if (fs::exists(fs::path(nameOrFolder) / "manifest.json", error)) return readManifest(nameOrFolder);
    std::vector<std::string> names;
    std::vector<std::string> broken;
    for (auto& manifest : listModels(workspace, &broken)) {
        if (manifest.name == nameOrFolder) return manifest;
        names.push_back(manifest.name);
    }
    std::string message = fmt::format("there is no model \"{}\"; there are: {}", nameOrFolder,
                                      names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", ")));
    if (!broken.empty()) message += fmt::format(" (unusable: {})", fmt::join(broken, "; "));
    throw Error(ErrorCode::NotFound, message);
}

std::optional<Calibration> loadCalibration(const Manifest& manifest) {
    const fs::path path = manifest.folder / "calibration.json";
    if (!fs::exists(path)) return std::nullopt;
    const Json json = readJson(path);
    try {
        Calibration c;
        c.imagesSha256 = json.at("images_sha256").get<std::string>();
        c.codecs = json.at("codecs").get<std::vector<std::string>>();
        c.photographs = json.at("photographs").get<int>();
        c.unsignedPhotographs = json.value("unsigned_photographs", c.unsignedPhotographs);
        c.originals = json.value("originals", c.originals);
        c.side = json.value("side", c.side);
        c.unsignedScores = floats(json, "unsigned_scores");
        c.signedScores = floats(json, "signed_scores");
        if (json.contains("unsigned_maxima")) c.unsignedMaxima = floats(json, "unsigned_maxima");
        c.threshold = json.at("threshold").get<double>();
        c.balancedThreshold = json.at("balanced_threshold").get<double>();
        c.lowerThreshold = json.at("lower_threshold").get<double>();
        c.falsePositives = json.at("false_positives").get<int>();
        c.bitTemperature = json.at("bit_temperature").get<double>();
        return c;
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::Corrupt, fmt::format("{} lacks a field: {}", path.string(), error.what()));
    }
}

std::string loadCard(const Manifest& manifest) {
    const fs::path path = manifest.folder / "card.md";
    return fs::exists(path) ? readTextFile(path, kMaxJsonBytes) : std::string();
}

void verifyWeights(const Manifest& manifest) {
    const fs::path path = manifest.folder / "weights.safetensors";
    const std::string actual = sha256Hex(readFile(path));
    if (actual != manifest.weightsSha256) {
        throw Error(ErrorCode::HashMismatch,
                    fmt::format("{} has SHA-256 {} instead of {}: install the model again", path.string(),
                                actual, manifest.weightsSha256));
    }
}

Json toJson(const Manifest& m) {
    return {{"name", m.name},
            {"title", m.title},
            {"kind", m.kind},
            {"arch", m.arch},
            {"sha256", m.weightsSha256},
            {"parameters", m.parameters},
            {"validated", m.validated},
            {"bits", m.bits},
            {"resolution", m.resolution},
            {"nominal_psnr_db", m.nominalPsnrDb},
            {"folder", m.folder.string()}};
}

void saveManifest(const Manifest& m) {
    Json json = readJson(m.folder /
                         "manifest.json");  // keeps what this struct does not know, e.g. the training record
    json["name"] = m.name;
    json["title"] = m.title;
    json["validated"] = m.validated;
    json["nominal_psnr_db"] = m.nominalPsnrDb;
    writeFileAtomically(m.folder / "manifest.json", json.dump(2) + "\n", IfExists::Replace);
}

void saveCalibration(const Manifest& manifest, const Calibration& c) {
    const auto rounded = [](const std::vector<float>& values) {
        Json list = Json::array();
        for (const float value : values) list.push_back(std::round(static_cast<double>(value) * 1000) / 1000);
        return list;
    };
    Json json = {{"images_sha256", c.imagesSha256},
                 {"codecs", c.codecs},
                 {"photographs", c.photographs},
                 {"side", c.side},
                 {"threshold", c.threshold},
                 {"balanced_threshold", c.balancedThreshold},
                 {"lower_threshold", c.lowerThreshold},
                 {"false_positives", c.falsePositives},
                 {"bit_temperature", c.bitTemperature},
                 {"unsigned_scores", rounded(c.unsignedScores)},
                 {"signed_scores", rounded(c.signedScores)}};
    if (c.unsignedPhotographs > 0) json["unsigned_photographs"] = c.unsignedPhotographs;
    if (c.originals > 0) json["originals"] = c.originals;
    if (!c.unsignedMaxima.empty()) json["unsigned_maxima"] = rounded(c.unsignedMaxima);
    writeFileAtomically(manifest.folder / "calibration.json", json.dump() + "\n", IfExists::Replace);
}

fs::path replaceCalibration(const Manifest& manifest, const Calibration& calibration) {
    const fs::path current = manifest.folder / "calibration.json";
    try {
        fs::path kept;
        std::error_code unreadable;  // then writing fails as well, and says why
        if (fs::exists(current, unreadable)) {
            std::string time = utcNow();
            std::replace(time.begin(), time.end(), ':', '-');
            kept = manifest.folder / fmt::format("calibration-{}.json", time);
            writeFileAtomically(kept, readFile(current, kMaxJsonBytes), IfExists::Refuse);
        }
        saveCalibration(manifest, calibration);
        return kept;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::NoPermission) throw;
        throw Error(
            ErrorCode::NoPermission,
            fmt::format("the model's folder {} may not be written to: give yourself the right to, or copy "
                        "it into the workspace's models folder, with another name in the copy's "
                        "manifest.json, and calibrate the copy",
                        toUtf8(manifest.folder.string())));
    }
}

}  // namespace signet::models
