#pragma once

#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/generators/gan_options.h"
#include "core/generators/style_generator_options.h"

namespace signet::generators {

inline constexpr const char* kStyleGan2Task = "stylegan2";

/// Everything that decides the training of a plain generator of StyleGAN2's form. Meanings and ranges stand
/// in the walk in stylegan2_options.cpp; the defaults are config E at 128 px.
struct StyleGan2TrainingOptions : GanOptions {
    StyleGan2TrainingOptions();

    StyleGeneratorOptions network;
    int criticBase = 8192, criticMost = 512;
    double styleMixing = 0.9;

    /// Throws BadOption.
    void validate() const;
    Json toJson() const;
    /// Unknown keys and values out of range are errors that name the key and its range (BadOption).
    static StyleGan2TrainingOptions fromJson(const Json& json);
    static std::vector<OptionDescription> describe();
};

}  // namespace signet::generators
