#include "core/baselines/classifier_options.h"

#include "core/base/option_fields.h"

namespace signet::baselines {
namespace {

constexpr const char* kRun = "Run";
constexpr const char* kNetwork = training::kNetworkGroup;
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
    visit(o.arch, I{"arch", kNetwork, "Blocks of the ResNet.", 0, 0, "", "resnet18|resnet34"});
    visit(o.width, I{"width", kNetwork, "Channels of its first stage.", 4, 256, "channels"});
    visit(o.side, I{"side", kNetwork, "Side of its square input.", 32, 1024, "px"});
    training::walkOptimiser(o, visit);
    visit(o.attackShare, I{"attackShare", "Attacks",
                           "Share of images that pass a compression, blur, noise, resizing or change of "
                           "colour; crops and mirroring are always drawn.",
                           0, 1, kShare});
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
