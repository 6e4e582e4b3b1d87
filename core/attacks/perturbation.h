#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/attacks/kinds.h"
#include "core/base/json.h"
#include "core/image/image.h"

namespace signet::attacks {

/// One step: "jpeg:50" is {Jpeg, 50}. value is 0 for the kinds that take none.
struct Step {
    Kind kind = Kind::None;
    double value = 0;
    bool operator==(const Step&) const = default;
};

/// Steps in the order they are applied; no steps: the image stays as it is. A plain value.
struct Perturbation {
    std::vector<Step> steps;

    bool operator==(const Perturbation&) const = default;
};

/// Parses "jpeg:50", "flip", "resize:0.5+jpeg:75", "none". "none" steps are dropped. Throws BadOption naming
/// the step and the range allowed.
Perturbation parsePerturbation(std::string_view spec);

/// The specs of a list separated by commas, e.g. "none,jpeg:50,crop:0.5+flip". Throws BadOption.
std::vector<Perturbation> parsePerturbationList(std::string_view specs);

/// The canonical text: parsePerturbation(toSpec(p)) == p; numbers in their shortest form ("blur:2"); "none"
/// for no steps.
std::string toSpec(const Perturbation& perturbation);

/// [{"name": "jpeg", "value": 50}, {"name": "flip"}]
Json toJson(const Perturbation& perturbation);

/// The inverse. Throws BadOption.
Perturbation perturbationFromJson(const Json& json);

/// One line a step kind with its range, for --help.
std::string perturbationHelp();

/// image (any depth and channels) as 8-bit RGB with the steps applied. The result depends on nothing but the
/// three arguments (the random numbers are this program's own, not the standard library's). Throws BadOption
/// (a value out of range), TooLarge (over the side limit of a codec of the chain).
image::Image apply(const image::Image& image, const Perturbation& perturbation, std::uint64_t seed);

}  // namespace signet::attacks
