#pragma once

#include <string>
#include <vector>

#include "core/generators/autoencoder_fields.h"
#include "core/training/run_options.h"

namespace signet::generators {

inline constexpr const char* kAutoencoderTask = "autoencoder";

/// Everything that decides the training of latent-diffusion's first stage. Meanings and ranges stand in the
/// walk in autoencoder_options.cpp; the defaults are vq-f4's (papers.md 1.7, evaluation.md 4.3).
struct AutoencoderTrainingOptions : training::RunOptions {
    AutoencoderTrainingOptions();

    std::string data;
    bool mirror = true;
    bool bf16 = true;

    int side = 256;
    nn::AutoencoderOptions network;
    int criticWidth = 64;
    int criticHalvings = 3;

    double learningRate = 4.5e-6 * 64;
    bool onlyDecoder = false;

    double perceptual = 1;
    double adversarial = 0.75;
    int adversarialFrom = 0;
    double codebook = 1;
    double divergence = 1e-6;
    int restartEvery = 0;

    int validationImages = 64;

    /// Throws BadOption.
    void validate() const;
    Json toJson() const;
    /// Unknown keys and values out of range are errors that name the key and its range (BadOption).
    static AutoencoderTrainingOptions fromJson(const Json& json);
    static std::vector<OptionDescription> describe();
};

}  // namespace signet::generators
