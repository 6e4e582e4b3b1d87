#pragma once

#include <torch/types.h>

#include <memory>
#include <string>

#include "core/examine/attacker.h"
#include "core/removal/pgd.h"
#include "core/removal/white_box.h"

namespace signet::removal {

/// PGD against a signature's own detector, as an upper bound of what an attacker can do (evaluation.md 6.4):
/// in expectation over transformations (Athalye et al. 2018), here the picture as it is and paper A's
/// augmentations of it at the size of the detector's input, drawn anew in each step.
class WhiteBoxAttacker final : public examine::Attacker {
public:
    static constexpr int kViews = 4;  ///< that a step looks at

    /// box: of model; several attackers may share it.
    WhiteBoxAttacker(models::Manifest model, std::shared_ptr<WhiteBox> box, Aim aim,
                     const PgdOptions& options, torch::Device device, int threads);

    /// "white-box-removal:4", "white-box-spoofing:4"
    std::string name() const override;
    const models::Manifest& model() const override { return m_model; }
    Json settings() const override;
    image::Image attack(const examine::Attacked& attacked, const WorkContext& context) override;

private:
    models::Manifest m_model;
    std::shared_ptr<WhiteBox> m_box;
    Aim m_aim;
    PgdOptions m_options;
    torch::Device m_device;
    int m_threads;
};

}  // namespace signet::removal
