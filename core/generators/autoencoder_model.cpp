#include "core/generators/autoencoder_model.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/generators/autoencoder_fields.h"
#include "core/nn/safetensors.h"

namespace signet::generators {

nn::Autoencoder loadAutoencoder(const models::Manifest& manifest) {
    if (manifest.kind() != models::Kind::Autoencoder)
        throw Error(ErrorCode::BadOption, fmt::format("{} is a model of kind \"{}\": it has no latents",
                                                      manifest.name, toString(manifest.kind())));
    const models::WeightFile& weights = manifest.weightsFor(kAutoencoderRole);
    nn::Autoencoder autoencoder(autoencoderOptionsFrom(manifest.options));
    nn::loadStateDict(*autoencoder, nn::loadSafeTensors(manifest.pathOf(weights), weights.sha256).tensors);
    autoencoder->eval();
    return autoencoder;
}

}  // namespace signet::generators
