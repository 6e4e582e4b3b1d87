#include "core/signature/model_export.h"

#include "core/base/hashing.h"
#include "core/models/manifest.h"

namespace fs = std::filesystem;

namespace signet::signature {

void writeModelFolder(const fs::path& folder, const TrainingOptions& options, Networks& networks,
                      std::uint64_t steps, const Json& origin) {
    fs::create_directories(folder);
    const Bytes weights = nn::serializeSafeTensors(
        networks.state(), {{"format", "signet-signature"}, {"steps", std::to_string(steps)}});
    writeFileAtomically(folder / "weights.safetensors", weights, IfExists::Replace);
    models::Manifest manifest;
    manifest.folder = folder;
    manifest.name = manifest.title = options.name;
    manifest.arch = networks.options().arch;
    manifest.setWeights({{{"injector", "detector"}, "weights.safetensors", sha256Hex(weights)}});
    manifest.parameters = nn::parameterCount(networks.injector()) + nn::parameterCount(networks.detector());
    manifest.resolution = networks.options().workSide;
    manifest.of = models::SignatureFields{networks.options().bits, networks.options().nominalPsnrDb};
    manifest.options = networks.options().toJson();
    manifest.training = options.toJson();
    manifest.steps = steps;
    manifest.run = origin;
    models::saveManifest(manifest);
}

}  // namespace signet::signature
