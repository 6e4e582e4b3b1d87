#include "core/metrics/feature_weights.h"

#include "core/base/platform.h"

namespace fs = std::filesystem;

namespace signet::metrics {

fs::path findFeatureWeights(const fs::path& workspace) {
    for (const fs::path& folder : {workspace, defaultWorkspace(), dataFolder()}) {
        fs::path file = folder / "features" / kFeatureWeightsFile;
        std::error_code error;
        if (!folder.empty() && fs::is_regular_file(file, error)) return file;
    }
    return {};
}

}  // namespace signet::metrics
