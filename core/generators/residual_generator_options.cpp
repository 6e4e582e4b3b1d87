#include "core/generators/residual_generator_options.h"

#include "core/base/option_fields.h"

namespace signet::generators {

namespace {

template <typename Options>
auto residualWalkOf(Options& options) {
    return [&options](auto&& visit) {
        using I = OptionInfo;
        constexpr const char* kNetwork = "Network";
        visit(options.side, I{"side", kNetwork, "Side of the pictures: 32, 64 or 128.", 32, 128, "px"});
        visit(options.latent, I{"latent", kNetwork, "Numbers in the latent z.", 8, 1024});
        visit(options.width,
              I{"width", kNetwork,
                "Channels at the pictures' size, the others in proportion; 0: as published.", 0, 1024});
    };
}

}  // namespace

void ResidualGeneratorOptions::validate() const {
    checkFields(residualWalkOf(*this));
}

Json ResidualGeneratorOptions::toJson() const {
    return fieldsToJson(residualWalkOf(*this));
}

ResidualGeneratorOptions ResidualGeneratorOptions::fromJson(const Json& json) {
    return optionsFrom<ResidualGeneratorOptions>(
        json, [](auto& options) { return residualWalkOf(options); }, "a generator's options are");
}

}  // namespace signet::generators
