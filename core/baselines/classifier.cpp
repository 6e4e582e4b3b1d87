#include "core/baselines/classifier.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <vector>

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
        walkClassifierNetwork(o, visit);
        visit(o.classes, OptionInfo{"classes", training::kNetworkGroup, "What the two classes are called."});
    };
}

/// x in [-1,1] as what ImageNet's mean and deviation (of [0,1]) make of it.
torch::Tensor normalised(const torch::Tensor& x) {
    const auto ofColours = [&](const std::vector<float>& values) {
        return torch::tensor(values).to(x.device()).view({1, 3, 1, 1});
    };
    return ((x + 1) / 2 - ofColours({0.485F, 0.456F, 0.406F})) / ofColours({0.229F, 0.224F, 0.225F});
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

nn::ResNetOptions networkOf(const ClassifierOptions& options) {
    options.validate();
    nn::ResNetOptions network;
    if (options.arch == "resnet18") network.blocks = {2, 2, 2, 2};
    network.width = options.width;
    network.bottleneck = options.arch == "resnet50";
    network.down = options.down;
    return network;
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
    const auto logits = m_network(m_options.imagenet ? normalised(images) : images);
    return logits.to(torch::kFloat32).squeeze(1);
}

models::Manifest Classifier::manifest() const {
    models::Manifest model;
    model.arch = m_options.arch;
    model.parameters = nn::parameterCount(*m_network);
    model.resolution = m_options.side;
    model.of = models::ClassifierFields{m_options.classes};
    model.options = m_options.toJson();
    return model;
}

training::ModelWeights Classifier::weights() const {
    return {{"classifier"}, "signet-classifier", nn::stateDict(*m_network)};
}

std::unique_ptr<Classifier> makeClassifier(const ClassifierOptions& options, std::uint64_t seed) {
    torch::manual_seed(seed);
    return std::make_unique<Classifier>(options);
}

}  // namespace signet::baselines
