#pragma once

#include <vector>

#include "core/signature/ladder.h"
#include "core/signature/objective.h"

namespace signet::signature {

/// Bits (or presence) read under attack at a PSNR that rises with success, for the compact networks: see
/// Ladder.
class LadderObjective final : public Objective {
public:
    LadderObjective(const TrainingOptions& options, const training::Placement& placement);

    Networks& networks() override { return m_networks; }
    bool leavesParametersOut() const override { return m_options.network.hasCode(); }  // until it opens
    Pass pass(const torch::Tensor& x, std::uint64_t stepsDone, StepRandom& random) override;
    void update(const StepReadings& readings, training::NamedValues& values) override;
    Json state() const override { return m_ladder.toJson(); }
    void restore(const Json& state) override;
    training::Validation validate(const ValidationViews& views) override;

    static std::vector<training::Metric> metrics(const TrainingOptions& options);
    static StuckWatch::Signs stuckSigns(const TrainingOptions& options);

private:
    /// The photometric attacks one after another; every second photograph is moved as well.
    torch::Tensor attackView(const torch::Tensor& view, int index, StepRandom& random) const;
    torch::Tensor attackPhotometrically(const torch::Tensor& x, StepRandom& random,
                                        std::vector<int>& kinds) const;

    TrainingOptions m_options;
    PassShare m_share;
    torch::Device m_device;
    bool m_bf16;
    CompactNetworks m_networks;
    Ladder m_ladder;
};

}  // namespace signet::signature
