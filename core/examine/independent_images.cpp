#include "core/examine/independent_images.h"

#include <set>

#include "core/base/hashing.h"

namespace signet::examine {

training::PhotoSet independentImages(const std::filesystem::path& folder, int limit) {
    const auto photos = training::listPhotos(folder, training::Split::All);
    training::PhotoSet out{photos.folder, {}, {}, {}, 0};
    std::set<std::string> taken;
    std::string names;
    for (std::size_t i = 0; i < photos.files.size(); ++i) {
        if (!taken.insert(photos.originalOf[i]).second) continue;
        out.files.push_back(photos.files[i]);
        out.originalOf.push_back(photos.originalOf[i]);
        names += photos.files[i].filename().string() + "\n";
        if (++out.originals == limit) break;
    }
    out.sha256 = sha256Hex(names);
    return out;
}

std::optional<int> knownTo(const models::Manifest& manifest, const std::vector<models::ListedFile>& images) {
    const auto list = models::loadTrainingList(manifest.folder);
    return list ? std::optional(static_cast<int>(list->countKnown(images))) : std::nullopt;
}

}  // namespace signet::examine
