#include "core/baselines/published_classifier.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/error.h"
#include "core/base/option_info.h"
#include "core/baselines/classifier.h"
#include "core/training/checkpoint_import.h"

namespace signet::baselines {
namespace {

constexpr const char* kResNet = "ResNet";
constexpr const char* kFirstConvolution = "conv1.weight";
constexpr const char* kLastLayer = "fc.weight";

/// The network of a training's checkpoint, or what the file itself holds; the last layer as a linear one.
nn::TensorMap resNetPart(const nn::TensorMap& all) {
    for (const char* prefix : {"model/", "state_dict/", ""}) {
        if (!all.contains(std::string(prefix) + kFirstConvolution)) continue;
        auto state = nn::withoutPrefix(all, prefix);
        if (const auto last = state.find(kLastLayer); last != state.end() && last->second.dim() > 2)
            last->second = last->second.flatten(1);
        return state;
    }
    training::throwOtherArchitecture(
        kResNet,
        fmt::format("it holds no \"{}\", neither itself nor in model or state_dict", kFirstConvolution));
}

/// The form whose blocks the tensors have.
std::string archOf(const nn::TensorMap& state) {
    std::array<int, 4> blocks{};
    for (std::size_t i = 0; i < blocks.size(); ++i)
        while (state.contains(fmt::format("layer{}.{}.conv1.weight", i + 1, blocks[i]))) ++blocks[i];
    const bool bottleneck = state.contains("layer1.0.conv3.weight");
    for (const char* arch : {"resnet18", "resnet34", "resnet50"}) {
        ClassifierOptions options;
        options.arch = arch;
        const auto form = networkOf(options);
        if (form.blocks == blocks && form.bottleneck == bottleneck) return arch;
    }
    training::throwOtherArchitecture(kResNet, fmt::format("its stages have {} blocks of {} convolutions",
                                                          fmt::join(blocks, ", "), bottleneck ? 3 : 2));
}

/// What the tensors say and what published detectors have, with what else is said.
ClassifierOptions optionsOf(const nn::TensorMap& state, const std::vector<std::string>& assignments) {
    const bool tellsDown = std::any_of(assignments.begin(), assignments.end(),
                                       [](const std::string& text) { return text.starts_with("down="); });
    if (!tellsDown)
        throw Error(ErrorCode::BadOption,
                    "a checkpoint does not tell whether its first layers halve the picture: give it with "
                    "--set down=true (Wang 2020) or --set down=false (Gragnaniello 2021)");
    ClassifierOptions told;
    told.arch = archOf(state);
    told.width = static_cast<int>(training::sizeAlong(kResNet, state, kFirstConvolution, 0));
    told.imagenet = true;
    told.input = kWholeInput;
    told.side = 224;
    told.classes = {"real", "generated"};
    Json json = told.toJson();
    for (const std::string& assignment : assignments) json = withAssignment(std::move(json), assignment);
    return ClassifierOptions::fromJson(json);
}

}  // namespace

models::Manifest importClassifier(const std::filesystem::path& checkpoint,
                                  const std::filesystem::path& folder,
                                  const std::vector<std::string>& options) {
    return training::importModel(checkpoint, folder, [&](const nn::TensorMap& tensors) {
        auto state = resNetPart(tensors);
        const auto outputs = training::sizeAlong(kResNet, state, kLastLayer, 0);
        if (outputs != 1)
            throw Error(ErrorCode::Corrupt,
                        fmt::format("this ResNet has {} outputs, one a class (ImageNet's have 1000): a "
                                    "classifier here says by one to which of two classes an image belongs",
                                    outputs));
        Classifier classifier(optionsOf(state, options));
        auto& network = *classifier.network();
        const auto own = nn::stateDict(network);
        for (const auto& [name, tensor] : own)  // counters of training's steps, without meaning here
            if (name.ends_with("num_batches_tracked")) state[name] = tensor;
        training::requireSameTensors(kResNet, own, state);
        nn::loadStateDict(network, state);

        training::ImportedModel model{classifier.manifest(), classifier.weights()};
        const auto& classes = classifier.options().classes;
        model.manifest.title = fmt::format("\"{}\" or \"{}\", imported", classes[0], classes[1]);
        return model;
    });
}

}  // namespace signet::baselines
