#include "core/image/find_images.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/image/detect.h"
#include "core/image/file_names.h"

namespace fs = std::filesystem;

namespace signet::image {
namespace {

class Search {
public:
    Search(const FindOptions& options, const std::stop_token& stop, FoundImages& found)
        : m_options(options), m_stop(stop), m_found(found) {}

    /// What is below a folder, sorted by path.
    void folder(const fs::path& folder) {
        const std::size_t firstFile = m_found.files.size(), firstLeft = m_found.leftOut.size();
        walk(folder);
        std::sort(m_found.files.begin() + static_cast<std::ptrdiff_t>(firstFile), m_found.files.end());
        std::sort(m_found.leftOut.begin() + static_cast<std::ptrdiff_t>(firstLeft), m_found.leftOut.end(),
                  [](const LeftOut& a, const LeftOut& b) { return a.path < b.path; });
    }

    void add(const fs::path& path) {
        if (m_found.files.size() < m_options.limit)
            m_found.files.push_back(path);
        else
            m_found.capped = true;
    }

    bool over() const { return m_found.capped || m_stop.stop_requested(); }

private:
    void walk(const fs::path& folder) {
        std::error_code error;
        std::vector<fs::path> inner;
        fs::directory_iterator at(folder, error);
        for (; !error && at != fs::directory_iterator() && !over(); at.increment(error)) look(*at, inner);
        if (error) add(folder);
        std::sort(inner.begin(), inner.end());
        for (const fs::path& next : inner) {
            if (over()) return;
            walk(next);
        }
    }

    void look(const fs::directory_entry& entry, std::vector<fs::path>& inner) {
        std::error_code ignored;
        const fs::file_status status = entry.status(ignored);
        const bool link = entry.is_symlink(ignored);
        if (fs::is_directory(status)) {
            if (link)
                leaveOut(entry.path(), "a link to a folder, not followed");
            else if (m_options.recursive)
                inner.push_back(entry.path());
            else
                leaveOut(entry.path(), "a sub-folder, not looked into");
        } else if (link && !fs::exists(status)) {
            leaveOut(entry.path(), "a link that leads nowhere");
        } else if (!fs::is_regular_file(status)) {
            leaveOut(entry.path(), "no regular file");
        } else {
            lookInside(entry.path());
        }
    }

    void lookInside(const fs::path& path) {
        Bytes start;
        try {
            start = readStart(path, kKindBytes);
        } catch (const Error&) {
            return add(path);  // its record says why
        }
        const Kind kind = kindOf(start);
        const bool named = formatOfName(path).has_value() && kind.name.empty();
        if (kind.format || named) return add(path);
        leaveOut(path, start.empty()       ? "an empty file"
                       : kind.name.empty() ? "no image known to this program"
                                           : kind.name);
    }

    void leaveOut(const fs::path& path, std::string kind) {
        m_found.leftOut.push_back({path, std::move(kind)});
    }

    const FindOptions& m_options;
    const std::stop_token& m_stop;
    FoundImages& m_found;
};

}  // namespace

FoundImages findImages(const std::vector<fs::path>& paths, const FindOptions& options,
                       const std::stop_token& stop) {
    FoundImages found;
    Search search(options, stop, found);
    for (const fs::path& path : paths) {
        if (search.over()) break;
        std::error_code error;
        if (fs::is_directory(path, error))
            search.folder(path);
        else
            search.add(path);
    }
    return found;
}

Json toJson(const LeftOut& file) {
    return {{"path", toUtf8(file.path.native())}, {"left_out", file.kind}};
}

}  // namespace signet::image
