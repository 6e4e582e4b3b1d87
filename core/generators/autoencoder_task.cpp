#include "core/generators/autoencoder_task.h"

#include "core/base/option_fields.h"
#include "core/generators/autoencoder_training.h"

namespace signet::generators {
namespace {

using training::Metric;

class AutoencoderTask final : public training::TaskType {
public:
    std::string name() const override { return kAutoencoderTask; }
    models::Kind modelKind() const override { return models::Kind::Autoencoder; }
    std::vector<OptionDescription> describeOptions() const override {
        return AutoencoderTrainingOptions::describe();
    }
    Json complete(const Json& options) const override {
        return AutoencoderTrainingOptions::fromJson(options).toJson();
    }
    std::vector<Folder> folders() const override { return {{"data", "Pictures"}}; }

    std::vector<Metric> metrics(const Json& /*options*/) const override {
        using Unit = Metric::Unit;
        using Better = Metric::Better;
        return {{"val_psnr_db", "Validation: PSNR (dB)", Unit::Decibel, Better::Larger, 1, true},
                {"val_perceptual", "Validation: EffLite0-dist", Unit::Number, Better::Smaller},
                {"val_codes_used", "Validation: share of the codebook in use", Unit::Share, Better::Larger},
                {"loss_error", "Loss: error and perceptual distance", Unit::Number, Better::Smaller, 2},
                {"loss_latent", "Loss: codebook or divergence", Unit::Number, Better::Smaller},
                {"loss_adversarial", "Loss: the discriminator's verdict", Unit::Number, Better::Unsaid, 2},
                {"loss_critic", "Loss: discriminator", Unit::Number, Better::Unsaid, 2},
                {"adversarial_weight", "Weight of the verdict", Unit::Number, Better::Unsaid},
                {"gradient_norm", "Gradient norm"}};
    }

    std::string samplesCaption() const override {
        return "Pairs of a picture and what comes back, always of the same pictures.";
    }
    training::SampleReading readSample(const Json& /*row*/) const override { return {}; }

    std::unique_ptr<training::TrainingTask> create(const Json& options,
                                                   const training::Placement& placement) const override {
        return std::make_unique<AutoencoderTraining>(AutoencoderTrainingOptions::fromJson(options),
                                                     placement);
    }

private:
    training::PhotoSet photosOf(const Json& options, training::Split split) const override {
        return training::listPhotos(strictValue<std::string>(options.at("data"), "data"), split);
    }
};

}  // namespace

std::unique_ptr<training::TaskType> autoencoderTask() {
    return std::make_unique<AutoencoderTask>();
}

}  // namespace signet::generators
