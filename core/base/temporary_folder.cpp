#include "core/base/temporary_folder.h"

#include <cstdlib>

#include "core/base/error.h"
#include "core/base/text.h"

namespace signet {

TemporaryFolder::TemporaryFolder(const std::string& what) {
    std::string name = (std::filesystem::temp_directory_path() / ("signet-" + what + "-XXXXXX")).string();
    if (!mkdtemp(name.data()))
        throw Error(ErrorCode::Environment, "no temporary folder could be made: " + toUtf8(name));
    m_path = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

}  // namespace signet
