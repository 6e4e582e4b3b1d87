#include "core/experiments/measures.h"
#include "core/experiments/paper_b.h"

namespace signet::experiments {

namespace {

/// The same training without a fingerprint: nothing is modulated, nothing read.
const Json kWithout = {{"modulatedFrom", 1024}, {"bitsWeight", 0}, {"latentWeight", 0}, {"consistency", 0},
                       {"picturesFirst", 0},    {"bitsFirst", 0},  {"firstBits", 0}};

}  // namespace

std::vector<RowPlan> backboneRows(const Settings& settings) {
    std::vector<RowPlan> rows;
    const auto add = [&](const std::string& name, const std::string& training, double plainFid, double bits,
                         double fid) {
        const bool isStyleGan = training == "fingerprint";
        rows.push_back({.name = name + " without fingerprints",
                        .paper = {{"fid", plainFid}},
                        .trainings = {isStyleGan ? settings.training("generator")
                                                 : settings.training(training, kWithout)},
                        .measure = [isStyleGan](Workshop& workshop, const auto& models) {
                            if (isStyleGan) return plainFidelity(workshop, models[0]);
                            auto model = fingerprintModel(workshop, models[0]);
                            return distanceOf(workshop, model);
                        }});
        rows.push_back({.name = name,
                        .paper = {{"bit_accuracy", bits}, {"fid", fid}},
                        .trainings = {settings.training(training)},
                        .measure = [](Workshop& workshop, const auto& models) {
                            return fidelity(workshop, models[0]);
                        }});
    };
    add("StyleGAN2", "fingerprint", 9.37, 0.991, 11.50);
    add("SNGAN", "fingerprint-sngan", 15.88, 0.991, 15.88);
    add("WGAN-GP", "fingerprint-wgan-gp", 12.16, 0.989, 13.07);
    return rows;
}

}  // namespace signet::experiments
