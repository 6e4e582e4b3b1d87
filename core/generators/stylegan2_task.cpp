#include "core/generators/stylegan2_task.h"

#include "core/base/option_fields.h"
#include "core/generators/stylegan2_training.h"

namespace signet::generators {
namespace {

using training::Metric;

class StyleGan2Task final : public training::TaskType {
public:
    std::string name() const override { return kStyleGan2Task; }
    models::Kind modelKind() const override { return models::Kind::Generator; }
    std::vector<OptionDescription> describeOptions() const override {
        return StyleGan2TrainingOptions::describe();
    }
    Json complete(const Json& options) const override {
        return StyleGan2TrainingOptions::fromJson(options).toJson();
    }
    std::vector<Folder> folders() const override { return {{"data", "Pictures"}}; }

    std::vector<Metric> metrics(const Json& /*options*/) const override {
        using Unit = Metric::Unit;
        using Better = Metric::Better;
        return {{"val_fd_efflite0", "Validation: Frechet distance (EfficientNet-Lite0)", Unit::Number,
                 Better::Smaller, 1, true},
                {"val_kid_efflite0", "Validation: kernel distance (EfficientNet-Lite0)", Unit::Number,
                 Better::Smaller},
                {"loss_adversarial", "Loss: generator", Unit::Number, Better::Unsaid, 2},
                {"loss_critic", "Loss: discriminator", Unit::Number, Better::Unsaid, 2},
                {"r1", "Squared gradient at real pictures", Unit::Number, Better::Unsaid},
                {"path_length", "Path length", Unit::Number, Better::Unsaid},
                {"gradient_norm", "Gradient norm"}};
    }

    std::string samplesCaption() const override { return "What is drawn of always the same latents."; }
    training::SampleReading readSample(const Json& /*row*/) const override { return {}; }

    std::unique_ptr<training::TrainingTask> create(const Json& options,
                                                   const training::Placement& placement) const override {
        return std::make_unique<StyleGan2Training>(StyleGan2TrainingOptions::fromJson(options), placement);
    }

private:
    training::PhotoSet photosOf(const Json& options, training::Split split) const override {
        return training::listPhotos(strictValue<std::string>(options.at("data"), "data"), split);
    }
};

}  // namespace

std::unique_ptr<training::TaskType> styleGan2Task() {
    return std::make_unique<StyleGan2Task>();
}

}  // namespace signet::generators
