#include "core/signature/model_export.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/models/manifest.h"
#include "core/models/training_list.h"
#include "core/signature/train.h"
#include "core/training/run_record.h"

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

void exportModel(const fs::path& runFolder, const std::string& checkpointFile, const fs::path& modelFolder) {
    if (fs::exists(modelFolder))
        throw Error(ErrorCode::Exists, fmt::format("there is a model in {} already: choose another name",
                                                   toUtf8(modelFolder.string())));
    const auto record = training::readRunRecord(runFolder);
    auto options = TrainingOptions::fromJson(record.options);
    const auto checkpoint = nn::loadSafeTensors(runFolder / checkpointFile);
    const auto text = [&](const char* key) {
        const auto at = checkpoint.metadata.find(key);
        if (at == checkpoint.metadata.end())
            throw Error(ErrorCode::Corrupt, fmt::format("the checkpoint lacks \"{}\"", key));
        return at->second;
    };
    const auto networkOptions = NetworkOptions::fromJson(Json::parse(text("network"), nullptr, false));
    const auto networks = Networks::create(networkOptions);
    auto weights = nn::withoutPrefix(checkpoint.tensors, "net.");
    for (const auto& [name, average] : nn::withoutPrefix(checkpoint.tensors, "average.")) {
        if (weights.contains(name)) weights[name] = average;
    }
    networks->load(weights);
    options.name = modelFolder.filename().string();
    writeModelFolder(modelFolder, options, *networks, std::stoull(text("step")),
                     {{"folder", toUtf8(runFolder.filename().string())}, {"checkpoint", checkpointFile}});
    models::copyTrainingList(runFolder, modelFolder);
}

}  // namespace signet::signature
