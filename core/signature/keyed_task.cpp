#include "core/signature/keyed_task.h"

#include <fmt/format.h>

#include "core/signature/keyed_training.h"

namespace signet::signature {
namespace {

class KeyedTask final : public training::TaskType {
public:
    std::string name() const override { return kKeyedTask; }
    models::Kind modelKind() const override { return models::Kind::Signature; }
    std::vector<OptionDescription> describeOptions() const override {
        return KeyedTrainingOptions::describe();
    }
    Json complete(const Json& options) const override {
        return KeyedTrainingOptions::fromJson(options).toJson();
    }
    std::vector<Folder> folders() const override { return {{"data", "Photographs"}}; }
    std::vector<training::Metric> metrics(const Json& /*options*/) const override {
        return KeyedTraining::metrics();
    }
    std::string samplesCaption() const override {
        return "Columns: cover, signed, residual × 10 about mid-grey. Rows: always the same photographs, "
               "keys "
               "and codes.";
    }
    training::SampleReading readSample(const Json& row) const override {
        return {fmt::format("{} of {} bits", row.value("bits_right", 0), row.value("bits", 0)),
                fmt::format("CIEDE2000 {:.2f} at the 99 % quantile · {:.1f} dB",
                            row.value("visible_p99", 0.0), row.value("psnr_db", 0.0))};
    }
    std::unique_ptr<training::TrainingTask> create(const Json& options,
                                                   const training::Placement& placement) const override {
        return std::make_unique<KeyedTraining>(KeyedTrainingOptions::fromJson(options), placement);
    }

private:
    training::PhotoSet photosOf(const Json& options, training::Split split) const override {
        return training::listPhotos(strictValue<std::string>(options.at("data"), "data"), split);
    }
};

}  // namespace

std::unique_ptr<training::TaskType> keyedTask() {
    return std::make_unique<KeyedTask>();
}

}  // namespace signet::signature
