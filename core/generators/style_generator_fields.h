#pragma once

#include "core/base/option_info.h"

namespace signet::generators {

/// The fields of StyleGeneratorOptions: visit(field, info).
template <typename Options, typename Visitor>
void walkStyleGenerator(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    constexpr const char* kNetwork = "Network";
    visit(o.side, I{"side", kNetwork, "Side of the pictures, a power of 2.", 8, 1024, "px"});
    visit(o.latent, I{"latent", kNetwork, "Numbers in the latent z.", 8, 1024});
    visit(o.style, I{"style", kNetwork, "Numbers in a style that modulates.", 8, 1024});
    visit(o.mappingLayers,
          I{"mappingLayers", kNetwork,
            "Layers of the mapping from z to a style; 0: z is the vector at the input end, and nothing is "
            "modulated.",
            0, 16, "layers"});
    visit(o.mappingRate, I{"mappingRate", kNetwork,
                           "Factor on the mapping's learning rate: its weights are kept so.", 0.0001, 1});
    visit(o.normalised,
          I{"normalised", kNetwork, "z is brought to a root mean square of 1 before the mapping."});
    visit(o.featureBase,
          I{"featureBase", kNetwork, "Channels at 2 px; half as many at twice the size.", 64, 65'536});
    visit(o.featureMost, I{"featureMost", kNetwork, "Channels at most.", 8, 1024});
    visit(o.modulatedFrom,
          I{"modulatedFrom", kNetwork,
            "Levels that a style modulates begin here; the others are plain convolutions.", 4, 1024, "px"});
    visit(o.modulatedTo, I{"modulatedTo", kNetwork, "And end here.", 4, 1024, "px"});
}

}  // namespace signet::generators
