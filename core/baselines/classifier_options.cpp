#include "core/baselines/classifier_options.h"

#include "core/base/option_fields.h"

namespace signet::baselines {
namespace {

constexpr const char* kRun = "Run";
constexpr const char* kAugmentation = "Augmentation";
constexpr const char* kShare = "share";

template <typename Options, typename Visitor>
void walkFields(Options& o, Visitor&& visit) {
    walkRun(o, visit, kClassifierTask);
    using I = OptionInfo;
    visit(o.class0, I{"class0", kRun, "Folder of the first class; the class is called like it."});
    visit(o.class1, I{"class1", kRun, "Folder of the second class: a logit above 0 speaks for it."});
    visit(o.validationShare, I{"validationShare", kRun,
                               "Share of the originals of both folders that is kept apart for validation; "
                               "which, the seed decides.",
                               0, 0.9, kShare});
    visit(o.bf16, training::kBf16);
    walkClassifierNetwork(o, visit);
    training::walkOptimiser(o, visit);
    visit(o.augmentation,
          I{"augmentation", kAugmentation,
            "What images pass: one compression, blur, noise, resizing or change of colour; a blur and, "
            "independently, JPEG (Wang et al. 2020); or each of these and more (our recipe of a strong one). "
            "Crops and mirroring are always drawn.",
            0, 0, "", "one-attack|blur-jpeg|strong"});
    visit(o.attackShare,
          I{"attackShare", kAugmentation,
            "Share of images that pass it; where it is of several, that pass each of them.", 0, 1, kShare});
    visit(o.validationImages, training::kValidationImages);
    walkRecord(o, visit);
}

template <typename Options>
auto walkOfTraining(Options& options) {
    return [&options](auto&& visit) { walkFields(options, visit); };
}

}  // namespace

ClassifierTrainingOptions::ClassifierTrainingOptions() {
    task = name = kClassifierTask;
    steps = 10000;
    batch = 32;
    learningRate = 1e-4;
}

void ClassifierTrainingOptions::validate() const {
    checkFields(walkOfTraining(*this));
}

Json ClassifierTrainingOptions::toJson() const {
    return fieldsToJson(walkOfTraining(*this));
}

ClassifierTrainingOptions ClassifierTrainingOptions::fromJson(const Json& json) {
    return optionsFrom<ClassifierTrainingOptions>(
        json, [](auto& options) { return walkOfTraining(options); }, "a training configuration is");
}

std::vector<OptionDescription> ClassifierTrainingOptions::describe() {
    const ClassifierTrainingOptions standard;
    return describeFields(walkOfTraining(standard));
}

}  // namespace signet::baselines
