#pragma once

namespace signet::signature {

/// How a signature is put on an image.
struct EmbeddingOptions {
    double strength = 1;   ///< factor on the injector's residual
    bool informed = true;  ///< see informed_embedding.h; false: the injector's residual as it is
};

}  // namespace signet::signature
