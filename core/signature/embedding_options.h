#pragma once

namespace signet::signature {

/// How a signature is put on an image.
struct EmbeddingOptions {
    double strength = 1;  ///< factor on the injector's residual
    /// Fitted to the picture (informed_embedding.h, picture_strength.h); false: the injector's residual as it
    /// is.
    bool informed = true;
};

}  // namespace signet::signature
