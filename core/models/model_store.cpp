#include "core/models/model_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/platform.h"
#include "core/base/text.h"

namespace fs = std::filesystem;

namespace signet::models {
namespace {

constexpr std::uint64_t kMaxJsonBytes = 64ull << 20;

std::vector<fs::path> modelRoots(const fs::path& workspace) {
    std::vector<fs::path> roots{dataFolder() / "models"};
    if (!workspace.empty()) roots.push_back(workspace / "models");
    return roots;
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
    try {
        return calibrationFromJson(Json::parse(readTextFile(path, kMaxJsonBytes)));
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::Corrupt, fmt::format("{} lacks a field: {}", path.string(), error.what()));
    } catch (const Error& error) {
        throw Error(ErrorCode::Corrupt, fmt::format("{}: {}", path.string(), error.what()));
    }
}

std::string loadCard(const Manifest& manifest) {
    const fs::path path = manifest.folder / "card.md";
    return fs::exists(path) ? readTextFile(path, kMaxJsonBytes) : std::string();
}

void verifyWeights(const Manifest& manifest) {
    for (const WeightFile& file : manifest.weights) {
        const fs::path path = manifest.pathOf(file);
        const std::string actual = sha256Hex(readFile(path));
        if (actual != file.sha256) {
            throw Error(ErrorCode::HashMismatch,
                        fmt::format("{} has SHA-256 {} instead of {}: install the model again", path.string(),
                                    actual, file.sha256));
        }
    }
}

void saveCalibration(const Manifest& manifest, const Calibration& calibration) {
    writeFileAtomically(manifest.folder / "calibration.json", toJson(calibration).dump() + "\n",
                        IfExists::Replace);
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
