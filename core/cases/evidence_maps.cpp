#include "core/cases/evidence_maps.h"

#include <fmt/format.h>

#include "core/base/hashing.h"
#include "core/base/text.h"

namespace fs = std::filesystem;

namespace signet::cases {

std::vector<Artifact> mapArtifacts(const examine::Record& record, const fs::path& caseFolder,
                                   const std::string& folder) {
    std::vector<Artifact> artifacts;
    if (!record.maps) return artifacts;
    for (const examine::MapFile& map : *record.maps) {
        Artifact& artifact = artifacts.emplace_back();
        artifact.kind = "heatmap";
        artifact.path = folder + "/" + map.name.string();
        artifact.sha256 = hashFile(caseFolder / artifact.path).sha256;
    }
    return artifacts;
}

std::string modelOfMap(const Artifact& artifact, const examine::Record& record) {
    if (record.maps) {
        const std::string name = toUtf8(fs::path(artifact.path).filename().string());
        for (const examine::MapFile& map : *record.maps)
            if (toUtf8(map.name.string()) == name) return map.model;
        return {};
    }
    std::string longest;
    for (const examine::Finding& finding : record.findings) {
        const std::string ending = fmt::format(".{}.png", finding.model);
        if (artifact.path.ends_with(ending) && finding.model.size() > longest.size()) longest = finding.model;
    }
    return longest;
}

}  // namespace signet::cases
