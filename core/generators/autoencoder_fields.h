#pragma once

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/nn/autoencoder_options.h"

namespace signet::generators {

/// The fields of nn::AutoencoderOptions: visit(field, info).
template <typename Options, typename Visitor>
void walkAutoencoder(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    constexpr const char* kNetwork = "Network";
    visit(o.width, I{"width", kNetwork, "Channels at the first level, a multiple of groups.", 8, 1024});
    visit(o.multipliers,
          I{"multipliers", kNetwork,
            "Channels by level, as multiples of the width; each level but the last halves the size.", 1, 16});
    visit(o.blocksPerLevel, I{"blocksPerLevel", kNetwork,
                              "Residual blocks a level of the encoder; the decoder has one more.", 1, 8});
    visit(
        o.attentionFactors,
        I{"attentionFactors", kNetwork,
          "Down-sampling factors at which attention follows each block, beside that in the middle.", 1, 64});
    visit(o.latentChannels,
          I{"latentChannels", kNetwork, "Planes that the encoder gives and the decoder takes.", 1, 64});
    visit(o.embedding, I{"embedding", kNetwork, "Planes of the latent.", 1, 64});
    visit(o.codes,
          I{"codes", kNetwork, "Vectors of the codebook; 0: a Gaussian latent (KL) instead.", 0, 65'536});
    visit(o.groups, I{"groups", kNetwork,
                      "Of group normalisations; 32 as published, narrow networks need fewer.", 1, 32});
    visit(o.dropout, I{"dropout", kNetwork, "In residual blocks.", 0, 0.9});
}

/// Throws BadOption naming the option and its range.
void validate(const nn::AutoencoderOptions& options);
Json toJson(const nn::AutoencoderOptions& options);
/// Throws BadOption.
nn::AutoencoderOptions autoencoderOptionsFrom(const Json& json);

}  // namespace signet::generators
