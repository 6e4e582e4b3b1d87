#include "core/signature/signature_task.h"

#include "core/base/error.h"
#include "core/signature/hard_negatives.h"
#include "core/signature/joint_training.h"
#include "core/signature/objective.h"
#include "core/signature/training_options.h"
#include "core/signature/validation_views.h"

namespace signet::signature {
namespace {

class SignatureTask final : public training::TaskType {
public:
    std::string name() const override { return kSignatureTask; }
    models::Kind modelKind() const override { return models::Kind::Signature; }
    std::vector<OptionDescription> describeOptions() const override { return TrainingOptions::describe(); }
    Json complete(const Json& options) const override { return TrainingOptions::fromJson(options).toJson(); }
    std::vector<Folder> folders() const override { return {{"data", "Photographs"}}; }

    std::vector<training::Metric> metrics(const Json& options) const override {
        const auto checked = TrainingOptions::fromJson(options);
        auto all = objectiveOf(checked).metrics(checked);
        all.push_back({"gradient_norm", "Gradient norm"});
        return all;
    }

    std::vector<training::PhotoSet> furtherPictures(const Json& options) const override {
        const std::string folders = TrainingOptions::fromJson(options).negatives;
        auto sets = negativeSets(folders, training::Split::Train);
        for (auto& set : negativeSets(folders, training::Split::Validation)) sets.push_back(std::move(set));
        return sets;
    }

    std::string samplesCaption() const override { return ValidationViews::samplesCaption(); }
    training::SampleReading readSample(const Json& row) const override {
        return ValidationViews::readSample(row);
    }

    std::unique_ptr<training::TrainingTask> create(const Json& options,
                                                   const training::Placement& placement) const override {
        return std::make_unique<JointTraining>(TrainingOptions::fromJson(options), placement);
    }

private:
    training::PhotoSet photosOf(const Json& options, training::Split split) const override {
        return training::listPhotos(strictValue<std::string>(options.at("data"), "data"), split);
    }
};

}  // namespace

std::unique_ptr<training::TaskType> signatureTask() {
    return std::make_unique<SignatureTask>();
}

}  // namespace signet::signature
