#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace signet::image {

struct FindOptions {
    bool recursive = false;
    std::size_t limit = std::numeric_limits<std::size_t>::max();  ///< stop after so many images
};

/// A file of a folder that is not taken for an image, with what it is.
struct LeftOut {
    std::filesystem::path path;
    std::string kind;  ///< "PDF", "a sub-folder, not looked into", "no image known to this program", ...
};

struct FoundImages {
    /// In the order given; a folder's sorted by path. With them whatever cannot be looked at (a missing path,
    /// a file or a folder without rights): it fails with its own record when its turn comes.
    std::vector<std::filesystem::path> files;
    std::vector<LeftOut> leftOut;  ///< sorted by path within a folder
    bool capped = false;           ///< there were more than limit
};

/// Images among paths. A file that is named is taken whatever it is; of a folder those that are images of a
/// format this program reads by their content, whatever their names, and those whose names say so but whose
/// content is none (they fail when read). All else is listed in leftOut: nothing is passed over in silence.
/// Links to folders are listed, not followed. Stops early, with what was found, when asked to.
FoundImages findImages(const std::vector<std::filesystem::path>& paths, const FindOptions& options,
                       const std::stop_token& stop = {});

/// {"path": ..., "left_out": kind}
Json toJson(const LeftOut& file);

}  // namespace signet::image
