#include "core/baselines/artificial_fingerprint_task.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/baselines/artificial_fingerprint_training.h"

namespace signet::baselines {
namespace {

using training::Metric;

class ArtificialFingerprintTask final : public training::TaskType {
public:
    std::string name() const override { return kArtificialFingerprintTask; }
    models::Kind modelKind() const override { return models::Kind::Stamper; }
    std::vector<OptionDescription> describeOptions() const override {
        return ArtificialFingerprintTrainingOptions::describe();
    }
    Json complete(const Json& options) const override {
        return ArtificialFingerprintTrainingOptions::fromJson(options).toJson();
    }
    std::vector<Folder> folders() const override { return {{"data", "Pictures"}}; }

    std::vector<Metric> metrics(const Json& /*options*/) const override {
        using Unit = Metric::Unit;
        using Better = Metric::Better;
        return {{"val_loss", "Validation: loss at full weight of the picture", Unit::Number, Better::Smaller,
                 0, true},
                {"val_bit_accuracy", "Validation: bits right", Unit::Share, Better::Larger, 1},
                {"val_whole_codes", "Validation: codes right as a whole", Unit::Share, Better::Larger},
                {"val_psnr_db", "Validation: PSNR (dB)", Unit::Decibel, Better::Larger},
                {"bit_accuracy", "Bits right", Unit::Share, Better::Larger, 1},
                {"loss_bits", "Loss: bits", Unit::Number, Better::Smaller, 2},
                {"loss_picture", "Loss: picture", Unit::Number, Better::Smaller, 2},
                {"picture_weight", "Weight of the picture's loss", Unit::Number, Better::Unsaid},
                {"gradient_norm", "Gradient norm"}};
    }

    std::string samplesCaption() const override {
        return "Columns: original, with its fingerprint, the difference × 10 about mid-grey. Rows: always "
               "the "
               "same pictures and fingerprints.";
    }
    training::SampleReading readSample(const Json& row) const override {
        return {fmt::format("{:.1f} %", 100 * row.value("bit_accuracy", 0.0)),
                fmt::format("of the bits are read, {:.2f} dB to the original", row.value("psnr_db", 0.0))};
    }

    std::unique_ptr<training::TrainingTask> create(const Json& options,
                                                   const training::Placement& placement) const override {
        return std::make_unique<ArtificialFingerprintTraining>(
            ArtificialFingerprintTrainingOptions::fromJson(options), placement);
    }

private:
    training::PhotoSet photosOf(const Json& options, training::Split split) const override {
        return training::listPhotos(strictValue<std::string>(options.at("data"), "data"), split);
    }
};

}  // namespace

std::unique_ptr<training::TaskType> artificialFingerprintTask() {
    return std::make_unique<ArtificialFingerprintTask>();
}

}  // namespace signet::baselines
