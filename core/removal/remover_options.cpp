#include "core/removal/remover_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/option_fields.h"

namespace signet::removal {
namespace {

constexpr const char* kRun = "Run";
constexpr int kHeadWidth = 64;  ///< of attention, as in the injector (signature/networks.cpp)

template <typename Options, typename Visitor>
void walkNetwork(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    constexpr const char* kNetwork = training::kNetworkGroup;
    constexpr const char* kIfRestorer = "arch=restorer";
    constexpr const char* kIfPaper = "arch=paper";
    visit(o.arch, I{"arch", kNetwork,
                    "restorer: ours, says what has to be added; paper: paper A's M, the injector's U-Net, "
                    "draws the whole picture.",
                    0, 0, "", "restorer|paper"});
    visit(o.side,
          I{"side", kNetwork,
            "Short side at which pictures are looked at; what is taken off is enlarged to their size.", 32,
            1024, "px"});
    visit(o.widths,
          I{"widths", kNetwork, "Channels of the network's three levels.", 8, 512, "", "", kIfRestorer});
    visit(o.unetWidth, I{"unetWidth", kNetwork, "Channels of its first level, a multiple of unetGroups.", 8,
                         512, "", "", kIfPaper});
    visit(o.unetMultipliers,
          I{"unetMultipliers", kNetwork, "Channels by level, as multiples of it.", 1, 16, "", "", kIfPaper});
    visit(o.unetBlocks,
          I{"unetBlocks", kNetwork, "Residual blocks a level on the way down; one more on the way up.", 1, 8,
            "", "", kIfPaper});
    visit(o.unetGroups,
          I{"unetGroups", kNetwork, "Of group normalisations; 32 as published, narrow networks need fewer.",
            1, 32, "", "", kIfPaper});
    visit(o.unetAttention,
          I{"unetAttention", kNetwork, "Down-sampling factors at which attention follows each block.", 1, 64,
            "", "", kIfPaper});
}

template <typename Options, typename Visitor>
void walkFields(Options& o, Visitor&& visit) {
    walkRun(o, visit, kRemoverTask);
    using I = OptionInfo;
    visit(o.data,
          I{"data", kRun,
            "Folder of photographs that the attacker signs; where it has a manifest.csv, the training "
            "part of it is used."});
    visit(o.model, I{"model", kRun,
                     "Model whose signature is to be removed: its name, or its folder. "
                     "Each photograph is signed with a code of its own."});
    visit(o.key, I{"key", kRun,
                   "Key that a keyed signature is written with: the public one, which evaluations use as "
                   "well, or one of its own for each photograph, as where the owner's key is not known.",
                   0, 0, "", "public|random"});
    visit(o.informed,
          I{"informed", kRun,
            "Signs as \"signet sign\" does, fitted to each picture; off: the injector's residual as "
            "it is, in a part of the time."});
    visit(o.bf16, training::kBf16);
    walkNetwork(o.network, visit);
    training::walkOptimiser(o, visit);
    visit(o.validationImages, training::kValidationImages);
    walkRecord(o, visit);
}

template <typename Options>
auto walkOf(Options& options) {
    return [&options](auto&& visit) { walkFields(options, visit); };
}

template <typename Options>
auto walkOfNetwork(Options& options) {
    return [&options](auto&& visit) { walkNetwork(options, visit); };
}

}  // namespace

Json RemoverOptions::toJson() const {
    return fieldsToJson(walkOfNetwork(*this));
}

void RemoverOptions::validate() const {
    checkFields(walkOfNetwork(*this));
    if (unetWidth % unetGroups != 0)
        throw Error(ErrorCode::BadOption, "unetWidth is a multiple of unetGroups");
    for (const int multiplier : unetMultipliers)
        if (unetWidth * multiplier % std::min(kHeadWidth, unetWidth) != 0)
            throw Error(ErrorCode::BadOption,
                        fmt::format("unetWidth times a multiplier is a multiple of {}, the width of a head",
                                    kHeadWidth));
    if (unetMultipliers.empty() || unetMultipliers.size() > 6)
        throw Error(ErrorCode::BadOption, "unetMultipliers has a number for each of 1 to 6 levels");
    const int coarsest = 1 << (unetMultipliers.size() - 1);
    if (isPapers() && side % coarsest != 0)
        throw Error(ErrorCode::BadOption, fmt::format("side is a multiple of {}", coarsest));
}

RemoverOptions RemoverOptions::fromJson(const Json& json) {
    return optionsFrom<RemoverOptions>(
        json, [](auto& options) { return walkOfNetwork(options); }, "a remover's options are");
}

RemoverTrainingOptions::RemoverTrainingOptions() {
    task = name = kRemoverTask;
    steps = 1000;
    batch = 8;
    checkpointEvery = validateEvery = 100;
    sampleEvery = 200;
    decayFrom = 0.5;
    finalRate = 0.05;
    ema = 0.99;
}

void RemoverTrainingOptions::validate() const {
    checkFields(walkOf(*this));
}

Json RemoverTrainingOptions::toJson() const {
    return fieldsToJson(walkOf(*this));
}

RemoverTrainingOptions RemoverTrainingOptions::fromJson(const Json& json) {
    return optionsFrom<RemoverTrainingOptions>(
        json, [](auto& options) { return walkOf(options); }, "a training configuration is");
}

std::vector<OptionDescription> RemoverTrainingOptions::describe() {
    const RemoverTrainingOptions standard;
    return describeFields(walkOf(standard));
}

}  // namespace signet::removal
