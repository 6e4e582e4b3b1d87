#include "core/generators/stylegan2_options.h"

#include "core/base/option_fields.h"
#include "core/generators/style_generator_fields.h"

namespace signet::generators {
namespace {

template <typename Options, typename Visitor>
void walkTraining(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    walkGanRun(o, visit, kStyleGan2Task);
    walkStyleGenerator(o.network, visit);
    visit(o.criticBase,
          I{"criticBase", training::kNetworkGroup,
            "Channels of the discriminator at 2 px; half as many at twice the size.", 64, 65'536});
    visit(o.criticMost,
          I{"criticMost", training::kNetworkGroup, "Channels of the discriminator at most.", 8, 1024});
    walkGanOptimiser(o, visit);
    walkGanRegularisers(o, visit);
    visit(o.styleMixing,
          I{"styleMixing", kLossGroup,
            "Share of pictures whose upper layers have the style of another latent (Karras et al. 2019).", 0,
            1, "share"});
    walkGanRecord(o, visit);
}

template <typename Options>
auto walkOfTraining(Options& options) {
    return [&options](auto&& visit) { walkTraining(options, visit); };
}

}  // namespace

StyleGan2TrainingOptions::StyleGan2TrainingOptions() {
    task = name = kStyleGan2Task;
    steps = 750'000;
    batch = 16;
    checkpointEvery = validateEvery = sampleEvery = 2000;
}

void StyleGan2TrainingOptions::validate() const {
    checkFields(walkOfTraining(*this));
    network.validate();
}

Json StyleGan2TrainingOptions::toJson() const {
    return fieldsToJson(walkOfTraining(*this));
}

StyleGan2TrainingOptions StyleGan2TrainingOptions::fromJson(const Json& json) {
    return optionsFrom<StyleGan2TrainingOptions>(
        json, [](auto& options) { return walkOfTraining(options); }, "a training configuration is");
}

std::vector<OptionDescription> StyleGan2TrainingOptions::describe() {
    const StyleGan2TrainingOptions standard;
    return describeFields(walkOfTraining(standard));
}

}  // namespace signet::generators
