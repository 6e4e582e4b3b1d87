#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/training/optimiser_options.h"
#include "core/training/run_options.h"

namespace signet::baselines {

inline constexpr const char* kClassifierTask = "classifier";

/// Everything that decides the training of a classifier of two folders. What each field means, its unit and
/// its range stand once, in the walk over the fields (classifier_options.cpp).
struct ClassifierTrainingOptions : training::RunOptions, training::OptimiserOptions {
    ClassifierTrainingOptions();

    std::string class0, class1;  ///< the two folders; the classes are called as they are
    double validationShare = 0.1;
    int validationImages = 400;

    std::string arch = "resnet18";
    int width = 64;
    int side = 128;

    bool bf16 = true;

    double attackShare = 0.5;

    void validate() const;
    Json toJson() const;
    /// Unknown keys and values out of range are errors that name the key and its range (BadOption).
    static ClassifierTrainingOptions fromJson(const Json& json);
    static std::vector<OptionDescription> describe();
};

}  // namespace signet::baselines
