#include "core/training/model_folder.h"

#include "core/base/file_io.h"
#include "core/base/hashing.h"

namespace signet::training {

void writeModelFolder(models::Manifest model, const ModelWeights& weights) {
    constexpr const char* kFile = "weights.safetensors";
    std::filesystem::create_directories(model.folder);
    const Bytes bytes = nn::serializeSafeTensors(
        weights.state, {{"format", weights.format}, {"steps", std::to_string(model.steps)}});
    writeFileAtomically(model.folder / kFile, bytes, IfExists::Replace);
    model.setWeights({{weights.roles, kFile, sha256Hex(bytes)}});
    models::saveManifest(model);
}

}  // namespace signet::training
