#pragma once

#include "core/generators/denoiser_options.h"

namespace signet::test {

/// Of a network that is made and asked in no time: two levels of one block, 20 timesteps, no dropout.
inline generators::DenoiserOptions tinyDenoiser(int side = 8, int channels = 3) {
    generators::DenoiserOptions o;
    o.side = side;
    o.channels = channels;
    o.width = 32;
    o.multipliers = {1, 1};
    o.blocks = 1;
    o.attentionFactors = {2};
    o.headWidth = 32;
    o.dropout = 0;
    o.timesteps = 20;
    return o;
}

}  // namespace signet::test
