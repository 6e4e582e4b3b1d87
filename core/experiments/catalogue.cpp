#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/experiments/experiment.h"
#include "core/experiments/paper_a.h"
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
        {"A.T1", "A signature of one bit", "paper A, table 1 and figure 2",
         "The paper's numbers are of FFHQ at 256 px. The distance is FD-EffLite0 of pictures held out and "
         "the "
         "same signed, never to be compared with its FID; accuracy is of bits, those of unsigned pictures "
         "among them.",
         presenceRows},
        {"A.T2", "A signature of two bits", "paper A, table 2", "As A.T1.", codeRows},
        {"A.T3", "Generators that sign what they draw", "paper A, table 3 and figure 4",
         "The paper's numbers are of FFHQ at 256 px; distances are FD-EffLite0 of what is drawn to pictures "
         "that "
         "no training used, before and after the fine-tuning.",
         securedRows},
        {"A.T4", "Three copies of one generator, told apart", "paper A, table 4",
         "Accuracy is of bits, whole codes are pictures whose two bits are both right.", securedCodeRows},
        {"A.T5", "Detectors that learn what generators leave, and a signature",
         "paper A, table 5 and figure 5",
         "Of real pictures held out and as many drawn, how many are told right. Seen: the detector learnt "
         "pictures of all three generators; unseen: of the other two. Wang 2020 and Gragnaniello 2021 are "
         "trained here, with no ImageNet initialisation, on pictures of another StyleGAN2 and real ones of "
         "the same data, where the paper has published ones of other data; their augmentation follows the "
         "published recipe of the one and is our own of the other. Ours: the secured generators, read by the "
         "signature's detector.",
         detectorRows},
        {"A.T6", "How much the signature weighs", "paper A, table 6 and the appendix' samples",
         "Rows are called by the paper's lambda; ours is that times the preset's lambdaScale.", weightRows},
        {"A.T7", "What a secured generator draws, changed", "paper A, table 7",
         "The paper gives no strengths; ours stand in each row's setting.", augmentedRows},
        {"A.T8", "Injector and detector together, or against a fixed detector", "paper A, table 8",
         "The fixed detector was trained to tell StyleGAN2's pictures from real ones.", jointRows},
        {"A.T9", "What a restoration attacker leaves", "paper A, table 9 and figure 6",
         "The attacker M learns alone against the finished injector from saved pictures; accuracy after it "
         "counts restored and unsigned pictures alike, 0.5 is chance.",
         persistenceRows},
        {"A.F3", "Where the signature lies", "paper A, figure 3",
         "Length over the colours of what was added, divided by its greatest.", kappaRows},
        {"A.R",
         "What is left of a signature after its generator is fine-tuned on clean pictures, pruned, quantised",
         "beyond paper A",
         "The attacker has the weights. Steps are those of one run on clean pictures, its weights as their "
         "running average has them, where there is one. Pruned are the smallest weights of all layers "
         "together; quantised, they take even steps of their output channel. Accuracy counts drawn and "
         "unsigned pictures alike, 0.5 is chance. Where the signature is gone and the distance rose, the "
         "generator was ruined.",
         restoredRows},
        {"B.T1", "Bit accuracy and fidelity beside other methods", "paper B, table 1",
         "The paper's numbers are of CelebA. Distances are FD-EffLite0, never to be compared with its FID; "
         "what "
         "both have in common is the ratio to the generator without fingerprints, the first row.",
         fidelityRows},
        {"B.T2", "Fixed sets of fingerprints, and fingerprints drawn on the fly", "paper B, table 2",
         "The paper's numbers are of CelebA. Training accuracy is of fingerprints of the set, as the run's "
         "last "
         "records have it (weights in training, pictures not rounded); test accuracy is of fresh ones.",
         codeSetRows},
        {"B.T3", "Detection and attribution, closed and open world", "paper B, table 3",
         "Of 1 + N sources, real pictures and N issued instances, as many pictures of each: how many are "
         "given "
         "their own. Instances are found by the registry's rule at 10^-6 and by the paper's, with no "
         "retraining. "
         "Here all instances are of one model, and no classifier begins with ImageNet's weights; the paper's "
         "numbers are of CelebA and, for the classifiers, of generators that were trained apart. Its row of "
         "Yu "
         "2021, a generator a code, is left out.",
         attributionRows},
        {"B.T4", "Which layers are modulated", "paper B, table 4",
         "The paper's numbers are of CelebA; distances as in B.T1.", layerRows},
        {"B.T5", "Which losses are used", "paper B, table 5",
         "The paper's numbers are of CelebA; distances as in B.T1.", lossRows},
        {"B.T6", "Other generators", "paper B, table 6",
         "The paper's numbers are of CelebA; distances as in B.T1. How fingerprints modulate these "
         "generators "
         "is our own reading.",
         backboneRows},
        {"B.F4", "Length of the fingerprint", "paper B, figure 4",
         "The largest share of bits that any two of 1,000,000 random fingerprints are expected to have in "
         "common, "
         "and what one of them was measured to have with the others: what an accuracy must be above. The "
         "paper "
         "has curves only.",
         capacityRows},
        {"B.F5", "Robustness of plain and immunised models", "paper B, figure 5",
         "The working range is where at least 75 % of the bits are read right, from no perturbation on. "
         "Crops are "
         "shares of the area, blur a Gaussian's sigma in pixels of the picture, noise a standard deviation "
         "of "
         "pixels in 0..1.",
         robustnessRows},
        {"B.F7", "Residuals between fingerprints", "paper B, figure 7",
         "Pictures of one latent and two fingerprints, and five times their difference.", residualRows},
        {"B.S", "Secrecy: presence and value of a fingerprint", "paper B, section 4.4",
         "An attacker trains a model of his own and tells, or reads, with what he learnt from it; 0.5 is "
         "chance. "
         "The paper's numbers are of CelebA; its 0.981 is of pictures the attacker's classifier was trained "
         "on.",
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
