#include "tests/core/small_fingerprint_model.h"

#include <torch/torch.h>

#include "core/training/model_folder.h"

namespace signet::test {

using fingerprint::FingerprintNetworks;
using fingerprint::FingerprintOptions;

FingerprintOptions smallFingerprintOptions(const std::string& variant, bool signedBits) {
    FingerprintOptions options;
    options.side = 16;
    options.bits = 12;
    options.latent = 10;
    options.style = 14;
    options.variant = variant;
    options.mappingLayers = 2;
    options.mappingRate = 0.1;
    options.signedBits = signedBits;
    options.featureBase = options.decoderBase = 64;
    options.featureMost = options.decoderMost = 16;
    return options;
}

FingerprintNetworks stirredNetworks(const FingerprintOptions& options) {
    torch::manual_seed(3);
    FingerprintNetworks networks(options);
    nn::TensorMap state = networks.state();
    for (auto& [name, tensor] : state) tensor = tensor + 0.2 * torch::randn_like(tensor);
    networks.load(state);
    return networks;
}

models::Manifest smallFingerprintModel(const std::filesystem::path& folder) {
    auto networks = stirredNetworks(smallFingerprintOptions("published", true));
    models::Manifest model;
    model.folder = folder;
    model.name = model.title = "small";
    model.arch = "fingerprint";
    model.resolution = 16;
    model.of = models::FingerprintFields{12, "small"};
    model.options = networks.options().toJson();
    training::writeModelFolder(model,
                               {{"encoder", "generator", "decoder"}, "signet-fingerprint", networks.state()});
    return models::readManifest(model.folder);
}

}  // namespace signet::test
