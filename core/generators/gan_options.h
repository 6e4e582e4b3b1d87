#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "core/training/run_options.h"

namespace signet::generators {

/// What every training of a generator against a discriminator has; defaults are StyleGAN2's (Karras et al.
/// 2020, appendix B).
struct GanOptions : training::RunOptions {
    std::string data;
    bool mirror = false;
    bool bf16 = true;

    double learningRate = 0.002;
    double beta2 = 0.99;
    double decayFrom = 1;
    double averageImages = 10'000;
    double r1 = 10;
    int r1Every = 16;
    double pathWeight = 2;
    int pathEvery = 4;

    int distanceImages = 0;
};

inline constexpr const char* kLossGroup = "Loss";

/// The factor on the learning rates of the step after stepsDone.
inline double rateFactor(const GanOptions& o, std::uint64_t stepsDone) {
    const double done = static_cast<double>(stepsDone) / o.steps;
    if (o.decayFrom >= 1 || done <= o.decayFrom) return 1;
    return std::max(0.0, (1 - done) / (1 - o.decayFrom));
}

template <typename Options, typename Visitor>
void walkGanRun(Options& o, Visitor&& visit, const char* task) {
    walkRun(o, visit, task);
    visit(o.data, OptionInfo{"data", "Run",
                             "Folder of pictures that the generator learns to draw; where it has a "
                             "manifest.csv, the training part of it is used."});
    visit(o.mirror,
          OptionInfo{"mirror", "Run",
                     "Half of the pictures are mirrored: twice as many to learn from, where left and "
                     "right do not matter."});
    visit(o.bf16, training::kBf16);
}

template <typename Options, typename Visitor>
void walkGanOptimiser(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    visit(o.learningRate, I{"learningRate", "Optimiser", "Adam's step size (beta1 is 0).", 1e-8, 1});
    visit(o.beta2, I{"beta2", "Optimiser", "Adam's memory of squared gradients.", 0, 0.99999});
    visit(o.decayFrom, I{"decayFrom", "Optimiser",
                         "Share of the steps after which the rates fall in a straight line to 0; 1: they "
                         "never do.",
                         0, 1, "share"});
    visit(o.averageImages,
          I{"averageImages", "Optimiser",
            "Half-life of the running average of what draws, which is what is exported.", 1, 1e9, "images"});
}

template <typename Options, typename Visitor>
void walkGanRegularisers(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    visit(o.r1, I{"r1", kLossGroup, "Weight of the squared gradient of the discriminator at real pictures.",
                  0, 10'000});
    visit(o.r1Every, I{"r1Every", kLossGroup, "Of so many steps one has it, as many times as strong.", 1,
                       1000, "steps"});
    visit(o.pathWeight,
          I{"pathWeight", kLossGroup, "Weight of the path length's deviation from its mean.", 0, 1000});
    visit(o.pathEvery, I{"pathEvery", kLossGroup, "Of so many steps one has it, as many times as strong.", 1,
                         1000, "steps"});
}

template <typename Options, typename Visitor>
void walkGanRecord(Options& o, Visitor&& visit) {
    visit(
        o.distanceImages,
        OptionInfo{"distanceImages", "Record",
                   "Pictures drawn, and as many that are not trained on, whose Frechet distance a validation "
                   "measures; 0: none.",
                   0, 50'000, "images"});
    walkRecord(o, visit);
}

}  // namespace signet::generators
