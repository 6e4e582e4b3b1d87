#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/training/run_options.h"

namespace signet::baselines {

inline constexpr const char* kAttributionTask = "attribution";

/// The network that says from which source a picture is (Yu, Davis and Fritz 2019), and what the sources are
/// called. Meanings and ranges stand in the walk in attribution_options.cpp.
struct AttributionNetworkOptions {
    int side = 128;
    int featureBase = 1024, featureMost = 512;
    std::vector<std::string> classes;  ///< in the order of the network's outputs; two at least

    bool operator==(const AttributionNetworkOptions&) const = default;
    /// Throws BadOption naming the option and its range.
    void validate() const;
    Json toJson() const;
    /// Throws BadOption.
    static AttributionNetworkOptions fromJson(const Json& json);
};

/// Everything that decides the training of such a network; the defaults are the published ones. The classes
/// are those of the folder of sources, which is looked at when the training begins.
struct AttributionTrainingOptions : training::RunOptions {
    AttributionTrainingOptions();

    std::string sources;  ///< folder of a folder of pictures for each source, which is called like it
    double validationShare = 0.1;
    int validationImages = 400;

    AttributionNetworkOptions network;  ///< without classes

    bool bf16 = false;  ///< it rounds 8-bit pixels, in whose last bits what tells sources apart may lie

    double learningRate = 1e-3;

    double attackShare = 0;

    void validate() const;
    Json toJson() const;
    /// Unknown keys and values out of range are errors that name the key and its range (BadOption).
    static AttributionTrainingOptions fromJson(const Json& json);
    static std::vector<OptionDescription> describe();
};

}  // namespace signet::baselines
