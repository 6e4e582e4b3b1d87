#include "core/fingerprint/fingerprint_task.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/option_fields.h"
#include "core/fingerprint/fingerprint_training.h"

namespace signet::fingerprint {
namespace {

using training::Metric;

class FingerprintTask final : public training::TaskType {
public:
    std::string name() const override { return kFingerprintTask; }
    models::Kind modelKind() const override { return models::Kind::Fingerprint; }
    std::vector<OptionDescription> describeOptions() const override {
        return FingerprintTrainingOptions::describe();
    }
    Json complete(const Json& options) const override {
        return FingerprintTrainingOptions::fromJson(options).toJson();
    }
    std::vector<Folder> folders() const override { return {{"data", "Pictures"}}; }

    std::vector<Metric> metrics(const Json& /*options*/) const override {
        using Unit = Metric::Unit;
        using Better = Metric::Better;
        return {{"val_bit_accuracy", "Validation: bits right", Unit::Share, Better::Larger, 1, true},
                {"val_whole_codes", "Validation: codes right as a whole", Unit::Share, Better::Larger},
                {"val_fd_efflite0", "Validation: Frechet distance (EfficientNet-Lite0)", Unit::Number,
                 Better::Smaller, 2},
                {"val_kid_efflite0", "Validation: kernel distance (EfficientNet-Lite0)", Unit::Number,
                 Better::Smaller},
                {"bit_accuracy", "Bits right", Unit::Share, Better::Larger, 1},
                {"loss_bits", "Loss: bits", Unit::Number, Better::Smaller, 2},
                {"loss_adversarial", "Loss: generator", Unit::Number, Better::Unsaid, 2},
                {"loss_critic", "Loss: discriminator", Unit::Number, Better::Unsaid, 2},
                {"loss_latent", "Loss: latent", Unit::Number, Better::Smaller},
                {"varied_bits", "Bits that vary while bits come first", Unit::Number, Better::Larger},
                {"turn", "From the weights of bits first to the paper's", Unit::Share, Better::Larger},
                {"loss_consistency", "Loss: consistency", Unit::Number, Better::Smaller},
                {"gradient_penalty", "Squared deviation from 1 of the discriminator's gradient", Unit::Number,
                 Better::Unsaid},
                {"r1", "Squared gradient at real pictures", Unit::Number, Better::Unsaid},
                {"path_length", "Path length", Unit::Number, Better::Unsaid},
                {"gradient_norm", "Gradient norm"}};
    }

    std::string samplesCaption() const override {
        return "Rows: always the same latents. Columns: the same four fingerprints, so that a row shows what "
               "a "
               "fingerprint changes.";
    }
    training::SampleReading readSample(const Json& row) const override {
        return {fmt::format("{:.1f} %", 100 * row.value("bit_accuracy", 0.0)),
                "of the fingerprints' bits are read"};
    }

    std::unique_ptr<training::TrainingTask> create(const Json& options,
                                                   const training::Placement& placement) const override {
        return std::make_unique<FingerprintTraining>(FingerprintTrainingOptions::fromJson(options),
                                                     placement);
    }

private:
    training::PhotoSet photosOf(const Json& options, training::Split split) const override {
        return training::listPhotos(strictValue<std::string>(options.at("data"), "data"), split);
    }
};

}  // namespace

std::unique_ptr<training::TaskType> fingerprintTask() {
    return std::make_unique<FingerprintTask>();
}

}  // namespace signet::fingerprint
