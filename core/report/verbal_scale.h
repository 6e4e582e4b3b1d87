#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace signet::report {

/// Words for likelihood ratios, chosen by the laboratory and printed in full. A ratio below 1 gets the words
/// of its reciprocal, for H2 rather than H1.
struct VerbalScale {
    struct Step {
        double from = 1;   ///< this ratio and above, up to the next step
        std::string text;  ///< "moderate support"
    };
    std::string name;
    std::string source;  ///< document it is taken from
    std::string note;
    std::vector<Step> steps;  ///< rising, the first from 1; empty: ratios are given as numbers alone
};

/// The names there are: "none" and the scales of resources/reporting/scales, sorted.
std::vector<std::string> verbalScaleNames();

/// nameOrFile: a scale of resources/reporting/scales, a JSON file {name, source, note, steps: [{from,
/// text}]}, or "none". Throws NotFound (with the names there are), Corrupt.
VerbalScale loadVerbalScale(const std::string& nameOrFile);

VerbalScale verbalScaleFromJson(const Json& json, const std::string& where);
Json toJson(const VerbalScale& scale);

/// "moderate support for H1 rather than H2"; empty without a scale.
std::string wordsFor(const VerbalScale& scale, double log10Lr);

/// "10 to 100" for a step of the scale.
std::string rangeOf(const VerbalScale& scale, std::size_t step);

}  // namespace signet::report
