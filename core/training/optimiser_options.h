#pragma once

#include "core/base/option_info.h"

namespace signet::training {

/// What tasks have in common that train all their networks by one Optimiser. A task's own options struct
/// extends it, as it does RunOptions.
struct OptimiserOptions {
    double learningRate = 1e-3;
    double decayFrom = 0.6;
    double finalRate = 0.02;
    double clip = 1;
    double ema = 0;
    int warmUp = 0;  ///< of the tasks that walk it
};

/// Its fields, as walkRun is for those of the run.
template <typename Options, typename Visitor>
void walkOptimiser(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    constexpr const char* kOptimiser = "Optimiser";
    visit(o.learningRate, I{"learningRate", kOptimiser, "Adam's step size.", 1e-8, 1});
    visit(o.decayFrom, I{"decayFrom", kOptimiser,
                         "Share of the steps after which the rate falls along a cosine; 1: it never does.", 0,
                         1, "share"});
    visit(o.finalRate, I{"finalRate", kOptimiser, "Factor on the rate at the last step.", 0, 1});
    visit(o.clip, I{"clip", kOptimiser, "L2 norm the gradient is clipped to; 0: not clipped.", 0, 1e6});
    visit(o.ema,
          I{"ema", kOptimiser,
            "Memory of the running average of the weights, which is what is validated and exported; 0: the "
            "weights themselves.",
            0, 0.99999});
}

/// For tasks whose rate begins small.
template <typename Options, typename Visitor>
void walkWarmUp(Options& o, Visitor&& visit) {
    visit(o.warmUp, OptionInfo{"warmUp", "Optimiser", "Steps over which the rate rises in a straight line.",
                               0, 1'000'000, "steps"});
}

}  // namespace signet::training
