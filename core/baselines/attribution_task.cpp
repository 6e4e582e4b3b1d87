#include "core/baselines/attribution_task.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/baselines/attribution_training.h"

namespace signet::baselines {
namespace {

using training::Metric;

class AttributionTask final : public training::TaskType {
public:
    std::string name() const override { return kAttributionTask; }
    models::Kind modelKind() const override { return models::Kind::Attributor; }
    std::vector<OptionDescription> describeOptions() const override {
        return AttributionTrainingOptions::describe();
    }
    Json complete(const Json& options) const override {
        return AttributionTrainingOptions::fromJson(options).toJson();
    }
    std::vector<Folder> folders() const override { return {{"sources", "Folder of sources"}}; }

    std::vector<Metric> metrics(const Json& options) const override {
        using Unit = Metric::Unit;
        using Better = Metric::Better;
        std::vector<Metric> all = {
            {"val_accuracy", "Validation: accuracy", Unit::Share, Better::Larger, 1, true},
            {"val_loss", "Validation: cross entropy", Unit::Number, Better::Smaller},
            {"accuracy", "Accuracy", Unit::Share, Better::Larger, 1},
            {"loss_classification", "Loss: classification", Unit::Number, Better::Smaller, 2},
            {"gradient_norm", "Gradient norm"}};
        for (const auto& source : sourcesNow(options))
            all.push_back({accuracyName(source), fmt::format("Validation: accuracy on {}", source),
                           Unit::Share, Better::Larger});
        return all;
    }

    std::string samplesCaption() const override {
        return "Rows: always the same pictures kept apart for validation, of the sources in turn; as the "
               "network sees them.";
    }
    training::SampleReading readSample(const Json& row) const override {
        const std::string is = row.value("class", "");
        const std::string said = row.value("said", "");
        return {
            is == said ? "right" : "wrong",
            fmt::format("{}, taken for {} · probability {}", is, said,
                        training::valueText({"", "", Metric::Unit::Share}, row.value("probability", 0.0)))};
    }

    std::unique_ptr<training::TrainingTask> create(const Json& options,
                                                   const training::Placement& placement) const override {
        return std::make_unique<AttributionTraining>(AttributionTrainingOptions::fromJson(options),
                                                     placement);
    }

private:
    /// None where the folder of a run is not there any more.
    static std::vector<std::string> sourcesNow(const Json& options) {
        try {
            return classNames(sourceFolders(withSources(options)).folders);
        } catch (const Error&) {
            return {};
        }
    }

    /// What else may be wrong with the options is said elsewhere.
    static AttributionTrainingOptions withSources(const Json& options) {
        Json part = Json::object();
        for (const char* key : {"sources", "validationShare", "seed"})
            if (options.contains(key)) part[key] = options[key];
        return AttributionTrainingOptions::fromJson(part);
    }

    training::PhotoSet photosOf(const Json& options, training::Split split) const override {
        return classPhotos(sourceFolders(withSources(options)), split);
    }
};

}  // namespace

std::unique_ptr<training::TaskType> attributionTask() {
    return std::make_unique<AttributionTask>();
}

}  // namespace signet::baselines
