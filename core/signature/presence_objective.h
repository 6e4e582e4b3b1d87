#pragma once

#include <optional>
#include <vector>

#include "core/signature/drawn_views.h"
#include "core/signature/hard_negatives.h"
#include "core/signature/objective.h"
#include "core/signature/presence_validation.h"
#include "core/signature/texture_networks.h"

namespace signet::signature {

/// Presence of a texture whose visibility falls with success. Signed pictures and unsigned ones pass the same
/// chain: attacks of all kinds, any part of the picture, turned, mirrored, askew or on a page. Of the
/// unsigned ones some are hard negatives, which stand for what is no photograph, and some carry another
/// texture.
class PresenceObjective final : public Objective {
public:
    PresenceObjective(const TrainingOptions& options, const training::Placement& placement);

    Networks& networks() override { return m_networks; }
    bool leavesParametersOut() const override { return false; }
    Pass pass(const torch::Tensor& x, std::uint64_t stepsDone, StepRandom& random) override;
    void update(const StepReadings& readings, training::NamedValues& values) override;
    Json state() const override;
    void restore(const Json& state) override;
    training::Validation validate(const ValidationViews& views) override;

    static std::vector<training::Metric> metrics(const TrainingOptions& options);
    static StuckWatch::Signs stuckSigns(const TrainingOptions& options);

private:
    std::vector<std::uint64_t> drawNegatives(StepRandom& random);
    /// This rank's pictures without the signature: of all ranks' the first are hard negatives, and the last
    /// carry another texture of the same visibility.
    torch::Tensor unsignedOf(const torch::Tensor& pictures, const torch::Tensor& negatives,
                             StepRandom& random) const;
    /// Signed and unsigned pictures in turn, seen alike: [2 * own images,3,S,S].
    torch::Tensor attacked(const torch::Tensor& pictures, const torch::Tensor& negatives,
                           StepRandom& random) const;
    void setLevel(double level);

    TrainingOptions m_options;
    PassShare m_share;
    torch::Device m_device;
    bool m_bf16;
    TextureNetworks m_networks;
    std::optional<HardNegatives> m_negatives;  ///< listed when they are first asked for
    std::optional<PresenceValidation> m_validation;
    HardestNegatives m_hardest;
    double m_level;                                      ///< visibility now
    double m_accuracy = 0.5, m_found = 0, m_passed = 0;  ///< running
    double m_db = 30;                                    ///< running, of the residual
    bool m_open;                                         ///< attacks are on
};

}  // namespace signet::signature
