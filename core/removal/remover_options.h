#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/training/optimiser_options.h"
#include "core/training/run_options.h"

namespace signet::removal {

inline constexpr const char* kRemoverTask = "remover";

/// A remover's network and the size it works at: nn::Restorer, or paper A's M, its injector's U-Net without
/// a code. Meanings and ranges stand in the walk in remover_options.cpp.
struct RemoverOptions {
    std::string arch = "restorer";
    int side = 256;
    std::array<int, 3> widths{24, 48, 64};
    int unetWidth = 64;
    std::vector<int> unetMultipliers{1, 1, 2, 2, 4, 4};
    int unetBlocks = 2;
    int unetGroups = 32;
    std::vector<int> unetAttention{8, 16, 32};

    bool isPapers() const { return arch == "paper"; }

    bool operator==(const RemoverOptions&) const = default;
    /// Throws BadOption naming the option and its range.
    void validate() const;
    Json toJson() const;
    /// Throws BadOption.
    static RemoverOptions fromJson(const Json& json);
};

/// Everything that decides the training of a remover. What each field means, its unit and its range stand
/// once, in the walk over the fields (remover_options.cpp).
struct RemoverTrainingOptions : training::RunOptions, training::OptimiserOptions {
    RemoverTrainingOptions();

    std::string data;
    std::string model;
    std::string key = "public";
    bool informed = true;

    RemoverOptions network;

    bool bf16 = true;

    int validationImages = 16;

    void validate() const;
    Json toJson() const;
    /// Unknown keys and values out of range are errors that name the key and its range (BadOption).
    static RemoverTrainingOptions fromJson(const Json& json);
    static std::vector<OptionDescription> describe();
};

}  // namespace signet::removal
