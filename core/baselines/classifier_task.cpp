#include "core/baselines/classifier_task.h"

#include <fmt/format.h>

#include "core/baselines/class_photos.h"
#include "core/baselines/classifier_training.h"

namespace signet::baselines {
namespace {

using training::Metric;

class ClassifierTask final : public training::TaskType {
public:
    std::string name() const override { return kClassifierTask; }
    models::Kind modelKind() const override { return models::Kind::Classifier; }
    std::vector<OptionDescription> describeOptions() const override {
        return ClassifierTrainingOptions::describe();
    }
    Json complete(const Json& options) const override {
        return ClassifierTrainingOptions::fromJson(options).toJson();
    }
    std::vector<Folder> folders() const override {
        return {{"class0", "First class"}, {"class1", "Second class"}};
    }

    std::vector<Metric> metrics(const Json& /*options*/) const override {
        using Unit = Metric::Unit;
        using Better = Metric::Better;
        return {{"val_auc", "Validation: AUC", Unit::Number, Better::Larger, 0, true},
                {"val_accuracy", "Validation: accuracy", Unit::Share, Better::Larger},
                {"val_loss", "Validation: cross entropy", Unit::Number, Better::Smaller},
                {"accuracy", "Accuracy", Unit::Share, Better::Larger, 1},
                {"loss_classification", "Loss: classification", Unit::Number, Better::Smaller, 2},
                {"gradient_norm", "Gradient norm"}};
    }

    std::string samplesCaption() const override {
        return "Rows: always the same photographs kept apart for validation, of the two classes in turn; as "
               "the network sees them.";
    }
    training::SampleReading readSample(const Json& row) const override {
        const double logit = row.value("logit", 0.0);
        const std::string is = row.value("class", "");
        const std::string said = row.value("said", "");
        return {is == said ? "right" : "wrong",
                fmt::format("{}, taken for {} · logit {}", is, said,
                            training::valueText({"", "", Metric::Unit::Logit}, logit))};
    }

    std::unique_ptr<training::TrainingTask> create(const Json& options,
                                                   const training::Placement& placement) const override {
        return std::make_unique<ClassifierTraining>(ClassifierTrainingOptions::fromJson(options), placement);
    }

private:
    training::PhotoSet photosOf(const Json& options, training::Split split) const override {
        Json part = Json::object();  // what else may be wrong with the options is said elsewhere
        for (const char* key : {"class0", "class1", "validationShare", "seed"})
            if (options.contains(key)) part[key] = options[key];
        return classPhotos(ClassifierTrainingOptions::fromJson(part), split);
    }
};

}  // namespace

std::unique_ptr<training::TaskType> classifierTask() {
    return std::make_unique<ClassifierTask>();
}

}  // namespace signet::baselines
