#include "core/securing/securing_task.h"

#include <fmt/format.h>

#include "core/base/option_fields.h"
#include "core/securing/securing_training.h"

namespace signet::securing {
namespace {

using training::Metric;

class SecuringTask final : public training::TaskType {
public:
    std::string name() const override { return kSecureTask; }
    models::Kind modelKind() const override { return models::Kind::Generator; }
    std::vector<OptionDescription> describeOptions() const override { return SecuringOptions::describe(); }
    Json complete(const Json& options) const override { return SecuringOptions::fromJson(options).toJson(); }
    std::vector<Folder> folders() const override { return {{"data", "Pictures"}}; }

    std::vector<Metric> metrics(const Json& /*options*/) const override {
        using Unit = Metric::Unit;
        using Better = Metric::Better;
        return {
            {"val_found", "Validation: drawn pictures found signed", Unit::Share, Better::Larger, 1, true},
            {"val_bit_accuracy", "Validation: bits read of drawn pictures", Unit::Share, Better::Larger, 1},
            {"val_fd_efflite0", "Validation: Frechet distance (EfficientNet-Lite0)", Unit::Number,
             Better::Smaller, 2},
            {"val_kid_efflite0", "Validation: kernel distance (EfficientNet-Lite0)", Unit::Number,
             Better::Smaller},
            {"loss_adversarial", "Loss: generator, the discriminator's verdict", Unit::Number, Better::Unsaid,
             2},
            {"loss_critic", "Loss: discriminator", Unit::Number, Better::Unsaid, 2},
            {"loss_error", "Loss: error and perceptual distance", Unit::Number, Better::Smaller, 2},
            {"loss_noise", "Loss: squared error of the noise", Unit::Number, Better::Smaller, 2},
            {"loss_bound", "Loss: bound of the variance (bits)", Unit::Number, Better::Smaller, 2},
            {"loss_latent", "Loss: codebook or divergence", Unit::Number, Better::Smaller},
            {"loss_signature", "Loss: the detector's cross entropy", Unit::Number, Better::Smaller, 2},
            {"adversarial_weight", "Weight of the verdict", Unit::Number, Better::Unsaid},
            {"r1", "Squared gradient at real pictures", Unit::Number, Better::Unsaid},
            {"path_length", "Path length", Unit::Number, Better::Unsaid},
            {"gradient_norm", "Gradient norm"}};
    }

    std::string samplesCaption() const override {
        return "Columns: the generator as it was, as it is now, of the same random numbers, the difference "
               "× 10 about mid-grey.";
    }
    training::SampleReading readSample(const Json& row) const override {
        const auto answer = [&](const char* key) {
            return row.value(key, false) ? "signature found" : "no signature found";
        };
        const int bits = row.value("bits", 0);
        const std::string read =
            bits > 0 ? fmt::format("{} of {} bits; ", row.value("bits_right", 0), bits) : std::string();
        return {answer("found"), fmt::format("{}as it was: {}", read, answer("found_before"))};
    }

    std::unique_ptr<training::TrainingTask> create(const Json& options,
                                                   const training::Placement& placement) const override {
        return std::make_unique<SecuringTraining>(SecuringOptions::fromJson(options), placement);
    }

private:
    training::PhotoSet photosOf(const Json& options, training::Split split) const override {
        return training::listPhotos(strictValue<std::string>(options.at("data"), "data"), split);
    }
};

}  // namespace

std::unique_ptr<training::TaskType> securingTask() {
    return std::make_unique<SecuringTask>();
}

}  // namespace signet::securing
