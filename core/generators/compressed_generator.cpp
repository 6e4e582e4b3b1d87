#include "core/generators/compressed_generator.h"

#include <utility>

#include "core/generators/generator.h"
#include "core/nn/compressed_weights.h"

namespace signet::generators {

GeneratorModel compressedGenerator(const models::Manifest& manifest, const Compression& compression,
                                   const std::string& device, int threads) {
    auto generator = loadGenerator(manifest);
    nn::TensorMap weights = nn::prunedWeights(generator->state(), compression.prunedShare);
    if (compression.bits > 0) weights = nn::quantisedWeights(weights, compression.bits);
    generator->load(weights);
    return {std::move(generator), device, threads};
}

}  // namespace signet::generators
