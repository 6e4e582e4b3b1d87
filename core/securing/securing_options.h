#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/training/run_options.h"

namespace signet::securing {

inline constexpr const char* kSecureTask = "secure";

/// Everything that decides the fine-tuning of a generator on signed pictures (paper A, stage 2), or of a
/// secured one on clean pictures, which is the attack on it. What of the generator learns, and by which loss,
/// is what papers.md 1.7 says of its form; numbers left at 0 are those it was trained with, or the paper's.
/// Meanings and ranges stand in the walk in securing_options.cpp.
struct SecuringOptions : training::RunOptions {
    SecuringOptions();

    std::string data;
    std::string generator;
    std::string critic;
    std::string signature;
    std::string code;
    std::string key = "public";
    bool clean = false;
    bool mirror = true;
    bool bf16 = true;
    bool all = false;
    double xi = -1;
    double learningRate = 0;
    double averageImages = 0;

    int validationImages = 100;
    int drawSteps = 0;
    int distanceImages = 0;

    /// Throws BadOption.
    void validate() const;
    Json toJson() const;
    /// Unknown keys and values out of range are errors that name the key and its range (BadOption).
    static SecuringOptions fromJson(const Json& json);
    static std::vector<OptionDescription> describe();
};

}  // namespace signet::securing
