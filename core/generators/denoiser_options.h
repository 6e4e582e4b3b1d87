#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"

namespace signet::generators {

/// A diffusion's network and its noise. Meanings and ranges stand in the walk; the defaults are those of
/// ADM's model for 64 px (Dhariwal & Nichol 2021; papers.md 1.7).
struct DenoiserOptions {
    int side = 64;
    int channels = 3;
    bool clamped = true;
    int width = 192;
    std::vector<int> multipliers{1, 2, 3, 4};
    int blocks = 3;
    std::vector<int> attentionFactors{2, 4, 8};
    int headWidth = 64;
    int heads = 0;
    bool headsFirst = false;
    bool scaleShift = true;
    bool resamplingBlocks = true;
    int context = 0;
    int classes = 0;
    bool noneClass = true;
    double dropout = 0.1;
    int groups = 32;
    std::string schedule = "cosine";
    int timesteps = 1000;
    bool learnedVariance = true;

    bool operator==(const DenoiserOptions&) const = default;
    /// Throws BadOption naming the option and its range.
    void validate() const;
    Json toJson() const;
    /// Throws BadOption.
    static DenoiserOptions fromJson(const Json& json);
};

/// How one diffusion is sampled.
struct DiffusionDraw {
    int steps = 250;           ///< of the timesteps
    bool ddim = false;         ///< else ancestral
    double eta = 0;            ///< of DDIM: 0 draws nothing on the way, 1 as much as an ancestral step
    bool everySoMany = false;  ///< the steps as latent-diffusion takes DDIM's, see NoiseSchedule::everySoMany

    /// Throws BadOption naming the option and its range.
    void validate() const;
    Json toJson() const;
    /// Throws BadOption.
    static DiffusionDraw fromJson(const Json& json);
};

template <typename Options, typename Visitor>
void walkDenoiser(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    constexpr const char* kNetwork = "Network";
    visit(o.side,
          I{"side", kNetwork, "Side of what is denoised: pictures, or planes of latents.", 4, 1024, "px"});
    visit(o.channels, I{"channels", kNetwork, "Planes of it: 3 of pictures.", 1, 64});
    visit(o.clamped, I{"clamped", kNetwork,
                       "What is taken for the picture lies in [-1,1] in sampling; off for latents."});
    visit(o.width, I{"width", kNetwork, "Channels at the first level, a multiple of groups.", 8, 1024});
    visit(o.multipliers, I{"multipliers", kNetwork, "Channels by level, as multiples of the width.", 1, 16});
    visit(o.blocks, I{"blocks", kNetwork, "Residual blocks a level on the way down; one more up.", 1, 8});
    visit(o.attentionFactors, I{"attentionFactors", kNetwork,
                                "Down-sampling factors at which attention follows each block.", 1, 64});
    visit(o.headWidth, I{"headWidth", kNetwork, "Channels a head of attention.", 1, 1024});
    visit(o.heads, I{"heads", kNetwork, "Heads at every level; 0: as many as are headWidth wide.", 0, 64});
    visit(o.headsFirst, I{"headsFirst", kNetwork,
                          "Queries, keys and values are split into heads first, as in older published "
                          "checkpoints."});
    visit(o.scaleShift, I{"scaleShift", kNetwork,
                          "The timestep scales and shifts; off: it is added, as in latent-diffusion."});
    visit(o.resamplingBlocks, I{"resamplingBlocks", kNetwork,
                                "Residual blocks change the size; off: convolutions, as in "
                                "latent-diffusion."});
    visit(o.context, I{"context", kNetwork,
                       "Numbers in a vector of each class that transformers attend to; 0: the class is "
                       "added to the timestep.",
                       0, 4096});
    visit(o.classes, I{"classes", kNetwork, "Classes of pictures; 0: none are told apart.", 0, 100'000});
    visit(o.noneClass, I{"noneClass", kNetwork,
                         "Where there are classes, one more stands for none of them, which guidance needs."});
    visit(o.groups, I{"groups", kNetwork,
                      "Of group normalisations; 32 as published, narrow networks need fewer.", 1, 32});
    visit(o.dropout, I{"dropout", kNetwork, "In residual blocks.", 0, 0.9});
    visit(o.schedule, I{"schedule", kNetwork, "How the noise grows.", 0, 0, "", "linear|cosine|squared"});
    visit(o.timesteps, I{"timesteps", kNetwork, "Steps from a picture to noise.", 1, 10'000, "steps"});
    visit(o.learnedVariance, I{"learnedVariance", kNetwork, "The network tells the variance of a step too."});
}

template <typename Options, typename Visitor>
void walkDraw(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    constexpr const char* kSampling = "Sampling";
    visit(o.steps, I{"drawSteps", kSampling, "Steps from noise to a picture.", 1, 10'000, "steps"});
    visit(o.ddim, I{"ddim", kSampling, "DDIM; off: ancestral sampling."});
    visit(o.eta, I{"eta", kSampling, "Of DDIM: how much noise it draws on the way.", 0, 1});
    visit(o.everySoMany, I{"everySoMany", kSampling,
                           "Every so many of the timesteps, as latent-diffusion takes DDIM's; off: spread "
                           "evenly from the first to the last."});
}

}  // namespace signet::generators
