#pragma once

#include <string>

#include "core/generators/generator_model.h"

namespace signet::generators {

/// What somebody does to a generator whose weights he has, without a picture; one after the other.
struct Compression {
    double prunedShare = 0;  ///< 0..1, see nn::prunedWeights
    int bits = 0;            ///< of each weight, see nn::quantisedWeights; 0: as they are
};

/// A model of the kinds "generator" and "instance" with its weights compressed, which nothing keeps. Throws
/// BadOption, and what loading a GeneratorModel throws.
GeneratorModel compressedGenerator(const models::Manifest& manifest, const Compression& compression,
                                   const std::string& device, int threads);

}  // namespace signet::generators
