#pragma once

#include <torch/types.h>

#include <deque>
#include <optional>

#include "core/nn/unet.h"
#include "core/signature/training_options.h"
#include "core/training/optimiser.h"
#include "core/training/process_group.h"

namespace signet::signature {

/// Paper A's restoration attacker M, trained along with injector and detector (section 3.3, L_aux; papers.md
/// 1.4 steps 5 and 7, 1.5): the injector's U-Net without a code, whose pictures through tanh are brought to
/// the unsigned ones by their mean squared error. Its dropout stays on, as in the paper's code. Earlier
/// states may be kept and restore in its place: how many and how they are drawn is not published, ours are
/// the last ones, drawn evenly with the live one. For one thread.
class Restoring {
public:
    Restoring(const TrainingOptions& options, torch::Device device, training::ProcessGroup& group);

    /// One step of M on signed pictures, [B,3,S,S], towards what they were. Returns the error before it, a
    /// mean over this rank's.
    torch::Tensor learn(const torch::Tensor& marked, const torch::Tensor& original, std::uint64_t stepsDone,
                        StepRandom& random, std::int64_t firstImage);
    /// What M, or one of its earlier states, makes of pictures; gradients reach the pictures alone.
    torch::Tensor restored(const torch::Tensor& pictures, StepRandom& random, std::int64_t firstImage);

    /// "live.<name>", "adam.<name>", "snapshot<i>.<name>".
    nn::TensorMap tensors() const;
    /// Throws Corrupt.
    void restore(const nn::TensorMap& tensors);

private:
    bool m_bf16;
    bool m_pools;
    int m_snapshots;
    std::uint64_t m_snapshotEvery;
    torch::Device m_device;
    nn::UNet m_live, m_earlier;
    nn::NamedParameters m_parameters;
    training::Optimiser m_optimiser;
    std::deque<nn::TensorMap> m_kept;  ///< the oldest first
};

}  // namespace signet::signature
