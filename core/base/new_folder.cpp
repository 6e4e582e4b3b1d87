#include "core/base/new_folder.h"

#include <fmt/format.h>

#include <random>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"

namespace fs = std::filesystem;

namespace signet {

NewFolder::NewFolder(const fs::path& place) : m_place(fs::absolute(place).lexically_normal()) {
    if (!m_place.has_filename()) m_place = m_place.parent_path();  // "folder/"
    if (fs::exists(m_place))
        throw Error(ErrorCode::Exists, fmt::format("{} is there already", toUtf8(m_place.string())));
    m_made = m_place.parent_path() / fmt::format(".{}.{:08x}", name(), std::random_device{}());
}

NewFolder::~NewFolder() {
    std::error_code ignored;
    if (!m_made.empty()) fs::remove_all(m_made, ignored);
}

void NewFolder::put() {
    std::error_code error;
    fs::rename(m_made, m_place, error);
    if (error) throwFileError(error.value(), m_place, "write");
    m_made = m_place;
    flushFolder(m_place.parent_path());
}

}  // namespace signet
