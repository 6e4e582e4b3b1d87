#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "core/base/json.h"
#include "core/baselines/classifier_options.h"
#include "core/models/manifest.h"
#include "core/nn/resnet.h"
#include "core/training/model_folder.h"

namespace signet::baselines {

/// What a classifier of two classes is: its network, its input, and what the classes are called.
struct ClassifierOptions : ClassifierNetwork {
    std::array<std::string, 2> classes{"0", "1"};  ///< names; a logit above 0 means the second

    /// Throws BadOption naming the option and its range.
    void validate() const;
    Json toJson() const;
    /// Throws BadOption.
    static ClassifierOptions fromJson(const Json& json);
};

/// The ResNet that options describe, of one output. Throws BadOption.
nn::ResNetOptions networkOf(const ClassifierOptions& options);

/// A ResNet that says by one logit to which of two classes an image belongs. Not thread-safe.
class Classifier {
public:
    /// Random weights from Torch's generator. Throws BadOption.
    explicit Classifier(const ClassifierOptions& options);

    /// The weights of a model folder of kind "classifier", in evaluation. Throws NotFound, Corrupt,
    /// BadOption, HashMismatch.
    static std::unique_ptr<Classifier> load(const std::filesystem::path& modelFolder);

    /// images: [B,3,H,W] in [-1,1] on the network's device, without ImageNet's normalisation. Returns [B]
    /// float32: the natural logarithm of the odds of the second class where both are equally frequent.
    torch::Tensor logit(const torch::Tensor& images);

    const ClassifierOptions& options() const { return m_options; }
    int side() const { return m_options.side; }
    nn::ResNet& network() { return m_network; }

    /// What a manifest says of it: all but names and where it is from.
    models::Manifest manifest() const;
    /// Its networks as they are now, for a model's folder.
    training::ModelWeights weights() const;

private:
    ClassifierOptions m_options;
    nn::ResNet m_network;
};

/// A classifier with random weights drawn from a seed, for training. Throws BadOption.
std::unique_ptr<Classifier> makeClassifier(const ClassifierOptions& options, std::uint64_t seed);

}  // namespace signet::baselines
