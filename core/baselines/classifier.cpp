#include "core/baselines/classifier.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include "core/base/error.h"
#include "core/base/option_fields.h"
#include "core/base/text.h"
#include "core/models/model_store.h"
#include "core/training/run_options.h"

namespace fs = std::filesystem;

namespace signet::baselines {
namespace {

template <typename Options>
auto walkOf(Options& o) {
    return [&o](auto&& visit) {
        using I = OptionInfo;
        constexpr const char* kNetwork = training::kNetworkGroup;
        visit(o.arch, I{"arch", kNetwork, "Blocks of the ResNet.", 0, 0, "", "resnet18|resnet34"});
        visit(o.width, I{"width", kNetwork, "Channels of its first stage.", 4, 256, "channels"});
        visit(o.side, I{"side", kNetwork, "Side of its square input.", 32, 1024, "px"});
        visit(o.classes, I{"classes", kNetwork, "What the two classes are called."});
    };
}

nn::ResNetOptions networkOf(const ClassifierOptions& options) {
    options.validate();
    nn::ResNetOptions network;
    if (options.arch == "resnet18") network.blocks = {2, 2, 2, 2};
    network.width = options.width;
    return network;
}

}  // namespace

void ClassifierOptions::validate() const {
    checkFields(walkOf(*this));
}

Json ClassifierOptions::toJson() const {
    return fieldsToJson(walkOf(*this));
}

ClassifierOptions ClassifierOptions::fromJson(const Json& json) {
    return optionsFrom<ClassifierOptions>(
        json, [](auto& options) { return walkOf(options); }, "a classifier's options are");
}

Classifier::Classifier(const ClassifierOptions& options)
    : m_options(options), m_network(networkOf(options)) {}

std::unique_ptr<Classifier> Classifier::load(const fs::path& modelFolder) {
    const auto manifest = models::findModel(modelFolder.string(), {});
    if (manifest.kind() != models::Kind::Classifier)
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} is a model of kind \"{}\", not a classifier",
                                toUtf8(modelFolder.string()), toString(manifest.kind())));
    auto classifier = std::make_unique<Classifier>(ClassifierOptions::fromJson(manifest.options));
    const models::WeightFile& file = manifest.weightsFor("classifier");
    nn::loadStateDict(*classifier->m_network,
                      nn::loadSafeTensors(manifest.pathOf(file), file.sha256).tensors);
    classifier->m_network->eval();
    return classifier;
}

torch::Tensor Classifier::logit(const torch::Tensor& images) {
    return m_network(images).to(torch::kFloat32).squeeze(1);
}

std::unique_ptr<Classifier> makeClassifier(const ClassifierOptions& options, std::uint64_t seed) {
    torch::manual_seed(seed);
    return std::make_unique<Classifier>(options);
}

}  // namespace signet::baselines
