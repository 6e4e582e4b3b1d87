#pragma once

#include <optional>
#include <string>

#include "core/base/json.h"

namespace signet::generators {

/// How pictures are drawn; what a generator has no use for is without effect.
struct DrawSettings {
    double truncation = 1;           ///< 0..1: how far a style lies from the mean one, of a mapped generator
    int steps = 0;                   ///< of a diffusion, of a cascade its first; 0: as the model says
    std::optional<double> eta = {};  ///< 0..1, of a diffusion: DDIM with this; else as the model says
    std::optional<int> label = {};   ///< of a model with classes: which
    double guidance = 1;             ///< of one: weight of the class against none (Ho & Salimans 2021)
};

/// Which of them have an effect on a generator.
struct DrawControls {
    bool truncation = false;
    int steps = 0;    ///< timesteps of its (first) diffusion; 0: it has none
    int classes = 0;  ///< labels 0 .. classes - 1
};

/// Those of a generator of the form `arch` with these options of its networks, as manifests keep both: no
/// weights are read or made. Throws Corrupt for a form that is not known, BadOption.
DrawControls drawControls(const std::string& arch, const Json& networkOptions);

}  // namespace signet::generators
