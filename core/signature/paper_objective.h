#pragma once

#include <optional>
#include <vector>

#include "core/attacks/paper_draw.h"

#include "core/signature/objective.h"
#include "core/signature/restoring.h"

namespace signet::signature {

/// Paper A's stage 1: mean squared error + lambda x binary cross entropy (Eq. 5), for the paper's networks.
class PaperObjective final : public Objective {
public:
    PaperObjective(const TrainingOptions& options, const training::Placement& placement);

    Networks& networks() override { return m_networks; }
    bool leavesParametersOut() const override { return false; }
    Pass pass(const torch::Tensor& x, std::uint64_t stepsDone, StepRandom& random) override;
    void update(const StepReadings& readings, training::NamedValues& values) override;
    Json state() const override { return {{"accuracy", m_accuracy}}; }
    void restore(const Json& state) override { state.at("accuracy").get_to(m_accuracy); }
    nn::TensorMap tensors() const override;
    void restoreTensors(const nn::TensorMap& tensors) override;
    training::Validation validate(const ValidationViews& views) override;

    static std::vector<training::Metric> metrics(const TrainingOptions& options);
    static StuckWatch::Signs stuckSigns(const TrainingOptions& options);

private:
    /// Of this rank's pictures, with a draw for each or one for all.
    torch::Tensor augment(const torch::Tensor& x, StepRandom& random) const;
    attacks::PaperSource source() const;
    /// [B,bits], never all zeros.
    torch::Tensor drawnCodes(StepRandom& random) const;

    TrainingOptions m_options;
    PassShare m_share;
    torch::Device m_device;
    bool m_bf16;
    PaperNetworks m_networks;
    std::optional<Restoring> m_restoring;
    double m_accuracy = 0.5;  ///< running
};

}  // namespace signet::signature
