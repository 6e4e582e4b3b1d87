#include "core/signature/model_export.h"

#include "core/base/hashing.h"

namespace fs = std::filesystem;

namespace signet::signature {

void writeModelFolder(const fs::path& folder, const TrainingOptions& options, Networks& networks,
                      std::uint64_t steps, const Json& origin) {
    fs::create_directories(folder);
    const Bytes weights = nn::serializeSafeTensors(
        networks.state(), {{"format", "signet-signature"}, {"steps", std::to_string(steps)}});
    writeFileAtomically(folder / "weights.safetensors", weights, IfExists::Replace);
    const Json manifest = {
        {"name", options.name},
        {"kind", "signature"},
        {"arch", networks.options().arch},
        {"weights_sha256", sha256Hex(weights)},
        {"parameters", nn::parameterCount(networks.injector()) + nn::parameterCount(networks.detector())},
        {"bits", networks.options().bits},
        {"resolution", networks.options().workSide},
        {"validated", false},
        {"nominal_psnr_db", networks.options().nominalPsnrDb},
        {"options", networks.options().toJson()},
        {"training", options.toJson()},
        {"steps", steps},
        {"run", origin}};
    writeFileAtomically(folder / "manifest.json", manifest.dump(2) + "\n", IfExists::Replace);
}

}  // namespace signet::signature
