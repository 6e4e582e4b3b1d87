#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "core/base/json.h"
#include "core/nn/resnet.h"
#include "core/nn/safetensors.h"

namespace signet::baselines {

/// What a classifier of two classes is: its network, its input, and what the classes are called.
struct ClassifierOptions {
    std::string arch = "resnet18";                 ///< or "resnet34"
    int width = 64;                                ///< channels of the first stage
    int side = 128;                                ///< of its square input, px
    std::array<std::string, 2> classes{"0", "1"};  ///< names; a logit above 0 means the second

    /// Throws BadOption naming the option and its range.
    void validate() const;
    Json toJson() const;
    /// Throws BadOption.
    static ClassifierOptions fromJson(const Json& json);
};

/// A ResNet that says by one logit to which of two classes an image belongs. Not thread-safe.
class Classifier {
public:
    /// Random weights from Torch's generator. Throws BadOption.
    explicit Classifier(const ClassifierOptions& options);

    /// The weights of a model folder of kind "classifier", in evaluation. Throws NotFound, Corrupt,
    /// BadOption, HashMismatch.
    static std::unique_ptr<Classifier> load(const std::filesystem::path& modelFolder);

    /// images: [B,3,side,side] in [-1,1] on the network's device. Returns [B] float32: the natural logarithm
    /// of the odds of the second class where both are equally frequent.
    torch::Tensor logit(const torch::Tensor& images);

    const ClassifierOptions& options() const { return m_options; }
    int side() const { return m_options.side; }
    nn::ResNet& network() { return m_network; }

private:
    ClassifierOptions m_options;
    nn::ResNet m_network;
};

/// A classifier with random weights drawn from a seed, for training. Throws BadOption.
std::unique_ptr<Classifier> makeClassifier(const ClassifierOptions& options, std::uint64_t seed);

}  // namespace signet::baselines
