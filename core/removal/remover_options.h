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

/// A remover's network (nn::Restorer) and the size it works at. Meanings and ranges stand in the walk in
/// remover_options.cpp.
struct RemoverOptions {
    int side = 256;
    std::array<int, 3> widths{24, 48, 64};

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
