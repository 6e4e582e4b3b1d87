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

std::set<std::string> originalsApart(const std::array<training::PhotoSet, 2>& both,
                                     const ClassifierTrainingOptions& options) {
    std::set<std::string> apart;
    if (options.validationShare <= 0) return apart;
    const auto before = [&](const std::string& a, const std::string& b) {
        return placeOf(a, options.seed) < placeOf(b, options.seed);
    };
    for (const auto& photos : both) {
        apart.insert(*std::min_element(photos.originalOf.begin(), photos.originalOf.end(), before));
        for (const auto& original : photos.originalOf) {
            if (placeOf(original, options.seed) < options.validationShare) apart.insert(original);
        }
    }
    return apart;
}

fs::path withoutSlash(const std::string& folder) {
    const fs::path path = fs::path(folder).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

}  // namespace

std::array<std::string, 2> classNames(const ClassifierTrainingOptions& options) {
    const std::array<fs::path, 2> folders{withoutSlash(options.class0), withoutSlash(options.class1)};
    std::array<std::string, 2> names;
    const bool same = folders[0].filename() == folders[1].filename();
    for (std::size_t i = 0; i < 2; ++i)
        names[i] = toUtf8(
            (same ? folders[i].parent_path().filename() / folders[i].filename() : folders[i].filename())
                .string());
    return names;
}

training::PhotoSet classPhotos(const ClassifierTrainingOptions& options, training::Split split) {
    using training::Split;
    const std::array<training::PhotoSet, 2> both{training::listPhotos(options.class0, Split::All),
                                                 training::listPhotos(options.class1, Split::All)};
    const auto apart = originalsApart(both, options);
    training::PhotoSet all;
    std::string names;
    std::set<std::string> originals;
    for (int k = 0; k < 2; ++k) {
        const auto& photos = both[static_cast<std::size_t>(k)];
        all.classFolders.push_back(photos.folder);
        const auto before = all.files.size();
        for (std::size_t i = 0; i < photos.files.size(); ++i) {
            const std::string& original = photos.originalOf[i];
            const Split part = apart.contains(original) ? Split::Validation : Split::Train;
            if (split != Split::All && part != split) continue;
            all.files.push_back(photos.files[i]);
            all.originalOf.push_back(original);
            all.classOf.push_back(k);
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

}  // namespace signet::baselines
