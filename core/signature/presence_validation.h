#pragma once

#include <torch/types.h>

#include <vector>

#include "core/signature/texture_networks.h"
#include "core/signature/training_options.h"
#include "core/training/metric.h"
#include "core/training/task.h"

namespace signet::signature {

/// Judges a presence signature as an examination would be: what share of signed pictures is found after each
/// kind of attack, at the threshold that one of a thousand hard negatives passes. Always the same pictures,
/// attacks and negatives, none of which is trained on. For one thread.
class PresenceValidation {
public:
    PresenceValidation(const TrainingOptions& options, torch::Device device);

    /// pictures: [1,3,S,S] in [-1,1] each, on the device of the networks, which are in evaluation mode;
    /// level: their visibility. Its val_score, higher is better, is the level in dB below a grey level, less
    /// 1 dB for each per cent of signed pictures that is not found.
    training::Validation validate(TextureNetworks& networks, const std::vector<torch::Tensor>& pictures,
                                  double level);
    /// What validate() measures.
    static std::vector<training::Metric> metrics();

private:
    /// Presence of the hard negatives, half of them attacked, the highest first.
    std::vector<float> scoresOfNegatives(TextureNetworks& networks);

    TrainingOptions m_options;
    torch::Device m_device;
    torch::Tensor m_negatives;  ///< [N,3,S,S] 8-bit levels on the CPU, made when they are first asked for
};

}  // namespace signet::signature
