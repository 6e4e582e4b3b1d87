#pragma once

#include <vector>

namespace signet::nn {

/// The networks of latent-diffusion's first stage; the defaults are those of vq-f4.
struct AutoencoderOptions {
    int width = 128;
    std::vector<int> multipliers{1, 2, 4};  ///< of the width, by level; each but the last halves the size
    int blocksPerLevel = 2;                 ///< of the encoder; the decoder has one more
    std::vector<int> attentionFactors{};    ///< down-sampling factors at which attention follows each block
    int latentChannels = 3;                 ///< of encoder's result and decoder's input
    int embedding = 3;                      ///< channels of the latent itself
    int codes = 8192;                       ///< vectors of the codebook; 0: a Gaussian latent (KL) instead
    double dropout = 0;
    int groups = 32;  ///< of group normalisations; narrow networks have fewer (unet_blocks.h)

    int factor() const { return 1 << (static_cast<int>(multipliers.size()) - 1); }
    bool operator==(const AutoencoderOptions&) const = default;
};

}  // namespace signet::nn
