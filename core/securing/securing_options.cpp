#include "core/securing/securing_options.h"

#include "core/base/option_fields.h"

namespace signet::securing {
namespace {

template <typename Options, typename Visitor>
void walkSecuring(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    walkRun(o, visit, kSecureTask);
    visit(o.data, I{"data", "Run",
                    "Folder of pictures like those that the generator was trained on; where it has a "
                    "manifest.csv, the training part of it is used."});
    visit(o.generator, I{"generator", "Run",
                         "What is to be secured: the name of a model of kind \"generator\", or its folder."});
    visit(o.critic, I{"critic", "Run",
                      "Folder of the run that trained it (of a latent diffusion, its autoencoder), whose "
                      "discriminator is gone on with; empty: a fresh one learns along."});
    visit(o.signature, I{"signature", "Run",
                         "Model whose signature it shall put on all it draws: its name, "
                         "or its folder."});
    visit(o.code, I{"code", "Run",
                    "The code, hexadecimal; empty: all ones. Of a signature without a code without effect."});
    visit(o.key, I{"key", "Run",
                   "Of a keyed signature: the public key, or the name of one in the workspace's key store."});
    visit(o.clean,
          I{"clean", "Run",
            "The attack: the pictures are learnt as they are, not signed, and validations tell what is "
            "left of the signature that the generator draws."});
    visit(o.mirror, I{"mirror", "Run", "Half of the pictures are mirrored before they are signed."});
    visit(o.bf16, training::kBf16);
    visit(
        o.all,
        I{"all", "Optimiser",
          "Of a latent diffusion the whole first stage learns, not its decoder alone; of a diffusion without "
          "a second part the only one. Of StyleGAN2 everything learns either way."});
    visit(o.learningRate,
          I{"learningRate", "Optimiser", "Adam's step size; 0: that of the generator's own training.", 0, 1});
    visit(o.averageImages,
          I{"averageImages", "Optimiser",
            "Half-life of the running average of the weights, where its training has one; 0: its own.", 0,
            1e9, "images"});
    visit(o.xi,
          I{"xi", "Loss",
            "Weight of the detector's cross entropy on what is drawn; -1: the paper's, 0.05 of StyleGAN2 "
            "and none of others. Not of a diffusion, nor of a signature whose detector has no gradient.",
            -1, 1000});
    visit(o.validationImages, I{"validationImages", "Record", "Pictures that a validation draws and reads.",
                                1, 10'000, "images"});
    visit(o.drawSteps,
          I{"drawSteps", "Record", "Steps of a diffusion in validations and samples; 0: as its model says.",
            0, 10'000, "steps"});
    visit(o.distanceImages,
          I{"distanceImages", "Record",
            "Pictures drawn, and as many that are not trained on, whose Frechet distance a validation "
            "measures; 0: none.",
            0, 50'000, "images"});
    walkRecord(o, visit);
}

template <typename Options>
auto securingWalkOf(Options& options) {
    return [&options](auto&& visit) { walkSecuring(options, visit); };
}

}  // namespace

SecuringOptions::SecuringOptions() {
    task = kSecureTask;
    name = "secured";
    steps = 10'000;
    batch = 16;
    checkpointEvery = validateEvery = sampleEvery = 500;
}

void SecuringOptions::validate() const {
    checkFields(securingWalkOf(*this));
}

Json SecuringOptions::toJson() const {
    return fieldsToJson(securingWalkOf(*this));
}

SecuringOptions SecuringOptions::fromJson(const Json& json) {
    return optionsFrom<SecuringOptions>(
        json, [](auto& options) { return securingWalkOf(options); }, "a training configuration is");
}

std::vector<OptionDescription> SecuringOptions::describe() {
    const SecuringOptions standard;
    return describeFields(securingWalkOf(standard));
}

}  // namespace signet::securing
