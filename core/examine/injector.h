#pragma once

#include <cstdint>
#include <span>

#include "core/image/resample.h"
#include "core/signature/embedding_options.h"
#include "core/signature/secret_key.h"

namespace signet::examine {

/// What a signature is written with.
struct Inscription {
    std::span<const std::uint8_t> code;  ///< Injector::bits() values of 0 and 1; ignored by a presence model
    /// Of a keyed signature; others take none.
    const signature::SecretKey* key = &signature::SecretKey::publicDefault();
    signature::EmbeddingOptions embedding;
};

/// Adds the signature that a model's detector finds. Calls from several threads are served one after another.
class Injector {
public:
    virtual ~Injector() = default;
    virtual int bits() const = 0;  ///< length of the code it writes; 1: presence only
    virtual bool isKeyed() const = 0;

    /// What is to be added to a picture of any size (image::addResidual). A picture reduced to the detector's
    /// input side will do.
    virtual image::Planes residual(const image::Image& picture, const Inscription& inscription) = 0;
};

}  // namespace signet::examine
