#include "core/generators/diffusion_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/base/option_fields.h"
#include "core/generators/diffusion_training.h"

namespace fs = std::filesystem;

namespace signet::generators {
namespace {

using training::Metric;

/// Of a folder with a folder for each class, in the order of their names.
training::PhotoSet photosOfClasses(const fs::path& folder, int classes, training::Split split) {
    std::vector<fs::path> folders;
    if (fs::is_directory(folder))
        for (const auto& entry : fs::directory_iterator(folder))
            if (entry.is_directory()) folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    if (static_cast<int>(folders.size()) != classes)
        throw Error(ErrorCode::BadOption,
                    fmt::format("classes is {}: {} has {} folders, one is needed for each", classes,
                                folder.string(), folders.size()));
    training::PhotoSet all;
    std::string names;
    for (std::size_t i = 0; i < folders.size(); ++i) {
        auto own = training::listPhotos(folders[i], split);
        all.classOf.insert(all.classOf.end(), own.files.size(), static_cast<int>(i));
        all.files.insert(all.files.end(), own.files.begin(), own.files.end());
        all.originalOf.insert(all.originalOf.end(), own.originalOf.begin(), own.originalOf.end());
        all.originals += own.originals;
        names += own.sha256;
    }
    all.classFolders = folders;
    all.sha256 = sha256Hex(names);
    return all;
}

class DiffusionTask final : public training::TaskType {
public:
    std::string name() const override { return kDiffusionTask; }
    models::Kind modelKind() const override { return models::Kind::Generator; }
    std::vector<OptionDescription> describeOptions() const override {
        return DiffusionTrainingOptions::describe();
    }
    Json complete(const Json& options) const override {
        return DiffusionTrainingOptions::fromJson(options).toJson();
    }
    std::vector<Folder> folders() const override { return {{"data", "Pictures"}}; }

    std::vector<Metric> metrics(const Json& /*options*/) const override {
        using Unit = Metric::Unit;
        using Better = Metric::Better;
        return {{"val_loss_noise", "Validation: squared error of the noise", Unit::Number, Better::Smaller, 1,
                 true},
                {"val_loss_bound", "Validation: bound of the variance (bits)", Unit::Number, Better::Smaller},
                {"val_fd_efflite0", "Validation: Frechet distance (EfficientNet-Lite0)", Unit::Number,
                 Better::Smaller, 1},
                {"val_kid_efflite0", "Validation: kernel distance (EfficientNet-Lite0)", Unit::Number,
                 Better::Smaller},
                {"loss_noise", "Loss: squared error of the noise", Unit::Number, Better::Smaller, 2},
                {"loss_bound", "Loss: bound of the variance (bits)", Unit::Number, Better::Smaller, 2},
                {"gradient_norm", "Gradient norm"}};
    }

    std::string samplesCaption() const override {
        return "What is drawn of always the same noise; of a diffusion that enlarges: the small picture, "
               "enlarged bilinearly, and what it makes of it.";
    }
    training::SampleReading readSample(const Json& /*row*/) const override { return {}; }

    std::unique_ptr<training::TrainingTask> create(const Json& options,
                                                   const training::Placement& placement) const override {
        return std::make_unique<DiffusionTraining>(DiffusionTrainingOptions::fromJson(options), placement);
    }

private:
    training::PhotoSet photosOf(const Json& options, training::Split split) const override {
        const auto folder = strictValue<std::string>(options.at("data"), "data");
        const int classes = options.value("classes", 0);
        return classes > 0 ? photosOfClasses(folder, classes, split) : training::listPhotos(folder, split);
    }
};

}  // namespace

std::unique_ptr<training::TaskType> diffusionTask() {
    return std::make_unique<DiffusionTask>();
}

}  // namespace signet::generators
