#include "core/removal/remover_task.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/removal/remover_training.h"

namespace signet::removal {
namespace {

using training::Metric;

examine::LoadedModel signerOf(const RemoverTrainingOptions& options, const training::Placement& placement) {
    if (options.model.empty())
        throw Error(ErrorCode::BadOption,
                    "no model is named whose signature is to be removed: name one with --set model=NAME");
    return examine::loadUncalibrated(models::findModel(options.model, placement.workspace),
                                     {.device = placement.device.str(),
                                      .threads = options.threads,
                                      .workspace = placement.workspace,
                                      .keys = {}});
}

class RemoverTask final : public training::TaskType {
public:
    std::string name() const override { return kRemoverTask; }
    models::Kind modelKind() const override { return models::Kind::Remover; }
    std::vector<OptionDescription> describeOptions() const override {
        return RemoverTrainingOptions::describe();
    }
    Json complete(const Json& options) const override {
        return RemoverTrainingOptions::fromJson(options).toJson();
    }
    std::vector<Folder> folders() const override { return {{"data", "Photographs"}}; }

    std::vector<Metric> metrics(const Json& /*options*/) const override {
        using Unit = Metric::Unit;
        using Better = Metric::Better;
        return {
            {"val_gain_db", "Validation: PSNR gained (dB)", Unit::Decibel, Better::Larger, 1, true},
            {"val_psnr_db", "Validation: PSNR restored (dB)", Unit::Decibel, Better::Larger},
            {"gain_db", "PSNR gained (dB)", Unit::Decibel, Better::Larger},
            {"loss_restoration", "Loss: restoration (squared grey levels)", Unit::Number, Better::Smaller, 2},
            {"gradient_norm", "Gradient norm"}};
    }

    std::string samplesCaption() const override {
        return "Columns: original, restored, the signature × 10, what is left of it × 10, both about "
               "mid-grey. Rows: always the same photographs, keys and codes.";
    }
    training::SampleReading readSample(const Json& row) const override {
        const double before = row.value("signed_db", 0.0), after = row.value("restored_db", 0.0);
        return {fmt::format("{:+.2f} dB", after - before),
                fmt::format("{:.2f} dB to the original, {:.2f} dB when signed", after, before)};
    }

    std::unique_ptr<training::TrainingTask> create(const Json& options,
                                                   const training::Placement& placement) const override {
        auto whole = RemoverTrainingOptions::fromJson(options);
        auto signer = signerOf(whole, placement);
        return std::make_unique<RemoverTraining>(std::move(whole), std::move(signer), placement);
    }

private:
    training::PhotoSet photosOf(const Json& options, training::Split split) const override {
        return training::listPhotos(strictValue<std::string>(options.at("data"), "data"), split);
    }
};

}  // namespace

std::unique_ptr<training::TaskType> removerTask() {
    return std::make_unique<RemoverTask>();
}

}  // namespace signet::removal
