#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/training/optimiser_options.h"
#include "core/training/run_options.h"

namespace signet::baselines {

inline constexpr const char* kClassifierTask = "classifier";

/// The choices of "input": a picture brought to a square whatever its shape; its pixels as they are, those in
/// the middle or all. What takes them as they are learns from squares cut out of pictures.
inline constexpr const char* kSquareInput = "square";
inline constexpr const char* kMiddleInput = "middle";
inline constexpr const char* kWholeInput = "whole";
/// The choices of "augmentation", see augmented().
inline constexpr const char* kOneAttack = "one-attack";
inline constexpr const char* kBlurJpeg = "blur-jpeg";
inline constexpr const char* kStrong = "strong";

/// The network of a classifier and what it gets to see of a picture. What each field means, its unit and its
/// range stand once, in walkClassifierNetwork.
struct ClassifierNetwork {
    std::string arch = "resnet18";
    int width = 64;
    bool down = true;
    bool imagenet = false;
    std::string input = kSquareInput;
    int side = 128;

    bool operator==(const ClassifierNetwork&) const = default;
};

/// Its fields, as walkRun is for those of a run.
template <typename Options, typename Visitor>
void walkClassifierNetwork(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    constexpr const char* kGroup = training::kNetworkGroup;
    visit(o.arch, I{"arch", kGroup, "Blocks of the ResNet.", 0, 0, "", "resnet18|resnet34|resnet50"});
    visit(o.width, I{"width", kGroup, "Channels of its first stage.", 4, 256, "channels"});
    visit(o.down, I{"down", kGroup,
                    "Its first convolution and pooling halve; without, it sees finer traces at 16 times the "
                    "cost (Gragnaniello et al. 2021)."});
    visit(o.imagenet, I{"imagenet", kGroup,
                        "Its input is normalised by ImageNet's mean and deviation, as that of published "
                        "detectors."});
    visit(o.input, I{"input", kGroup,
                     "What it sees of a picture: brought to a square of side px, or pixels as they are: the "
                     "middle of side px, or the whole; then it learns from squares cut out of pictures.",
                     0, 0, "", "square|middle|whole"});
    visit(o.side, I{"side", kGroup, "Side of these squares.", 32, 1024, "px"});
}

/// Everything that decides the training of a classifier of two folders. What its own fields mean stands once,
/// in the walk over the fields (classifier_options.cpp).
struct ClassifierTrainingOptions : training::RunOptions, training::OptimiserOptions, ClassifierNetwork {
    ClassifierTrainingOptions();

    std::string class0, class1;  ///< the two folders; the classes are called as they are
    double validationShare = 0.1;
    int validationImages = 400;

    bool bf16 = true;

    std::string augmentation = kOneAttack;
    double attackShare = 0.5;

    void validate() const;
    Json toJson() const;
    /// Unknown keys and values out of range are errors that name the key and its range (BadOption).
    static ClassifierTrainingOptions fromJson(const Json& json);
    static std::vector<OptionDescription> describe();
};

}  // namespace signet::baselines
