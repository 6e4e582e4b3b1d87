#include "core/training/photo_set.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "core/base/csv.h"
#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/image/find_images.h"

namespace fs = std::filesystem;

namespace signet::training {
namespace {

constexpr int kCalibrationPercent = 26;
constexpr int kValidationPercent = 4;

std::map<std::string, std::string> originalsOf(const fs::path& folder) {
    std::map<std::string, std::string> originals;
    const fs::path manifest = folder / "manifest.csv";
    if (!fs::exists(manifest)) return originals;
    const std::string text = readTextFile(manifest);
    std::size_t begin = 0;
    int fileColumn = -1;
    int originalColumn = -1;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const auto fields = csvFields(text.substr(begin, end - begin));
        begin = end + 1;
        if (fileColumn < 0) {
            for (std::size_t i = 0; i < fields.size(); ++i) {
                if (fields[i] == "file") fileColumn = static_cast<int>(i);
                if (fields[i] == "original_path") originalColumn = static_cast<int>(i);
            }
            if (fileColumn < 0 || originalColumn < 0) return originals;
        } else if (static_cast<int>(fields.size()) > std::max(fileColumn, originalColumn)) {
            originals[fields[static_cast<std::size_t>(fileColumn)]] =
                fields[static_cast<std::size_t>(originalColumn)];
        }
    }
    return originals;
}

Split splitOf(const std::string& original) {
    const int percent = static_cast<int>(std::stoul(sha256Hex(original).substr(0, 7), nullptr, 16) % 100);
    if (percent < kCalibrationPercent) return Split::Calibration;
    return percent < kCalibrationPercent + kValidationPercent ? Split::Validation : Split::Train;
}

}  // namespace

PhotoSet listPhotos(const fs::path& folder, Split split) {
    if (!fs::is_directory(folder))
        throw Error(ErrorCode::NotFound, fmt::format("{} is not a folder of photographs", folder.string()));
    const auto originals = originalsOf(folder);
    PhotoSet set;
    set.folder = folder;
    std::set<std::string> distinct;
    std::string names;
    for (const auto& path : image::findImages({folder}, {}).files) {
        const std::string name = path.filename().string();
        const auto it = originals.find(name);
        const std::string& original = it == originals.end() ? name : it->second;
        if (split != Split::All && splitOf(original) != split) continue;
        set.files.push_back(path);
        set.originalOf.push_back(original);
        distinct.insert(original);
        names += name + "\n";
    }
    if (set.files.empty())
        throw Error(ErrorCode::NotFound, fmt::format("{} holds no image for this purpose", folder.string()));
    set.sha256 = sha256Hex(names);
    set.originals = static_cast<int>(distinct.size());
    return set;
}

std::vector<models::ListedFile> listedFiles(const PhotoSet& photos) {
    std::vector<models::ListedFile> files;
    files.reserve(photos.files.size());
    for (std::size_t i = 0; i < photos.files.size(); ++i) {
        models::ListedFile file{
            {}, toUtf8(photos.files[i].filename().string()), toUtf8(photos.originalOf[i])};
        try {
            file.sha256 = hashFile(photos.files[i]).sha256;
        } catch (const Error&) {  // whoever reads it for its pixels says what is wrong with it
        }
        files.push_back(std::move(file));
    }
    return files;
}

}  // namespace signet::training
