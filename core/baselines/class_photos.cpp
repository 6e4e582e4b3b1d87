#include "core/baselines/class_photos.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/base/text.h"

namespace fs = std::filesystem;

namespace signet::baselines {
namespace {

/// 0 to 1, spread evenly over originals, another for each seed.
double placeOf(const std::string& original, int seed) {
    const std::string hash = sha256Hex(fmt::format("{}:{}", seed, original)).substr(0, 8);
    return static_cast<double>(std::stoul(hash, nullptr, 16)) / 4294967296.0;
}

std::set<std::string> originalsApart(const std::vector<training::PhotoSet>& sets,
                                     const ClassFolders& classes) {
    std::set<std::string> apart;
    if (classes.validationShare <= 0) return apart;
    const auto before = [&](const std::string& a, const std::string& b) {
        return placeOf(a, classes.seed) < placeOf(b, classes.seed);
    };
    for (const auto& photos : sets) {
        apart.insert(*std::min_element(photos.originalOf.begin(), photos.originalOf.end(), before));
        for (const auto& original : photos.originalOf) {
            if (placeOf(original, classes.seed) < classes.validationShare) apart.insert(original);
        }
    }
    return apart;
}

fs::path withoutSlash(const fs::path& folder) {
    const fs::path path = folder.lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

}  // namespace

std::vector<fs::path> foldersIn(const fs::path& parent) {
    const std::string shown = toUtf8(parent.string());
    std::error_code problem;
    fs::directory_iterator entries(parent, problem);
    if (problem)
        throw Error(ErrorCode::NotFound,
                    fmt::format("{} is not a folder that can be read: it holds a folder of pictures for each "
                                "class",
                                shown));
    std::vector<fs::path> folders;
    for (const auto& entry : entries) {
        if (entry.is_directory(problem) && !entry.path().filename().string().starts_with('.'))
            folders.push_back(entry.path());
    }
    std::sort(folders.begin(), folders.end());
    if (folders.size() < 2)
        throw Error(
            ErrorCode::BadOption,
            fmt::format("{} holds {}: classes are told apart, so put at least two folders of pictures "
                        "into it",
                        shown, folders.empty() ? "no folder" : "one folder only"));
    return folders;
}

std::vector<std::string> classNames(const std::vector<fs::path>& folders) {
    std::set<fs::path> distinct;
    for (const auto& folder : folders) distinct.insert(withoutSlash(folder).filename());
    std::vector<std::string> names;
    for (const auto& folder : folders) {
        const fs::path path = withoutSlash(folder);
        const bool alone = distinct.size() == folders.size();
        names.push_back(
            toUtf8((alone ? path.filename() : path.parent_path().filename() / path.filename()).string()));
    }
    return names;
}

training::PhotoSet classPhotos(const ClassFolders& classes, training::Split split) {
    using training::Split;
    std::vector<training::PhotoSet> sets;
    for (const auto& folder : classes.folders) sets.push_back(training::listPhotos(folder, Split::All));
    const auto apart = originalsApart(sets, classes);
    training::PhotoSet all;
    std::string names;
    std::set<std::string> originals;
    for (std::size_t k = 0; k < sets.size(); ++k) {
        const auto& photos = sets[k];
        all.classFolders.push_back(photos.folder);
        const auto before = all.files.size();
        for (std::size_t i = 0; i < photos.files.size(); ++i) {
            const std::string& original = photos.originalOf[i];
            const Split part = apart.contains(original) ? Split::Validation : Split::Train;
            if (split != Split::All && part != split) continue;
            all.files.push_back(photos.files[i]);
            all.originalOf.push_back(original);
            all.classOf.push_back(static_cast<int>(k));
            originals.insert(original);
            names += fmt::format("{}/{}\n", k, photos.files[i].filename().string());
        }
        if (all.files.size() == before)
            throw Error(ErrorCode::NotFound,
                        fmt::format("{} holds no image for this purpose", toUtf8(photos.folder.string())));
    }
    all.sha256 = sha256Hex(names);
    all.originals = static_cast<int>(originals.size());
    return all;
}

std::array<std::string, 2> classNames(const ClassifierTrainingOptions& options) {
    const auto names = classNames(std::vector<fs::path>{options.class0, options.class1});
    return {names[0], names[1]};
}

training::PhotoSet classPhotos(const ClassifierTrainingOptions& options, training::Split split) {
    return classPhotos(ClassFolders{{options.class0, options.class1}, options.validationShare, options.seed},
                       split);
}

}  // namespace signet::baselines
