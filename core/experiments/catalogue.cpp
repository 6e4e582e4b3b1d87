#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/experiments/experiment.h"
#include "core/experiments/paper_b.h"

namespace signet::experiments {
namespace {

std::string capitals(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

}  // namespace

const std::vector<Experiment>& all() {
    static const std::vector<Experiment> experiments = {
        {"B.T1", "Bit accuracy and fidelity beside other methods", "paper B, table 1",
         "Distances are FD-EffLite0, never to be compared with the paper's FID; the ratio to the generator "
         "without fingerprints is what both have in common.",
         fidelityRows},
        {"B.T2", "Fixed sets of fingerprints, and fingerprints drawn on the fly", "paper B, table 2",
         "Training accuracy is of fingerprints of the set, test accuracy of fresh ones.", codeSetRows},
        {"B.T3", "Detection and attribution, closed and open world", "paper B, table 3",
         "Of 1 + N sources, real pictures and N issued instances, as many pictures of each: how many are "
         "given "
         "their own. Instances are found by the registry's rule, with no retraining.",
         attributionRows},
        {"B.T4", "Which layers are modulated", "paper B, table 4", "", layerRows},
        {"B.T5", "Which losses are used", "paper B, table 5", "", lossRows},
        {"B.T6", "Other generators", "paper B, table 6", "", backboneRows},
        {"B.F4", "Length of the fingerprint", "paper B, figure 4",
         "The largest share of bits that one of 1,000,000 random fingerprints has in common with another: "
         "what an accuracy must be above.",
         capacityRows},
        {"B.F5", "Robustness of plain and immunised models", "paper B, figure 5",
         "The working range is where at least 75 % of the bits are read right.", robustnessRows},
        {"B.F7", "Residuals between fingerprints", "paper B, figure 7",
         "Pictures of one latent and two fingerprints, and five times their difference.", residualRows},
        {"B.S", "Secrecy: presence and value of a fingerprint", "paper B, section 4.4",
         "An attacker trains a model of his own and tells, or reads, with what he learnt from it; 0.5 is "
         "chance.",
         secrecyRows},
    };
    return experiments;
}

const Experiment& find(const std::string& id) {
    for (const Experiment& experiment : all())
        if (experiment.id == capitals(id)) return experiment;
    std::vector<std::string> ids;
    for (const Experiment& experiment : all()) ids.push_back(experiment.id);
    throw Error(ErrorCode::BadOption,
                fmt::format("there is no experiment \"{}\"; there are {}", id, fmt::join(ids, ", ")));
}

}  // namespace signet::experiments
