#include "app/cli/output_guard.h"

#include "app/cli/common.h"

namespace fs = std::filesystem;

namespace signet::cli {

void OutputGuard::claim(const fs::path& output) {
    std::error_code ignored;
    for (const fs::path& input : m_inputs) {
        if (fs::equivalent(input, output, ignored)) {
            throw Error(ErrorCode::Exists,
                        "the output " + shown(output) + " is an input; choose another folder or name");
        }
    }
    if (!m_claimed.insert(fs::weakly_canonical(output, ignored)).second) {
        throw Error(ErrorCode::Exists,
                    "two inputs would both become " + shown(output) + "; write them into different folders");
    }
}

}  // namespace signet::cli
