#pragma once

#include <torch/types.h>

#include <memory>
#include <optional>
#include <string>

#include "core/baselines/classifier.h"
#include "core/examine/attacker.h"
#include "core/removal/pgd.h"
#include "core/removal/plane_resize.h"

namespace signet::removal {

/// PGD against a detector of the attacker's own: a classifier of unsigned pictures and signed ones, in this
/// order, as `signet train classifier UNSIGNED SIGNED` makes one (AdvCls of WAVES, An et al. 2024; Saberi et
/// al. 2024; evaluation.md 6.4). Pictures are moved until it takes them for the first class. The signature's
/// own detector is not used.
class SurrogateAttacker final : public examine::Attacker {
public:
    /// classifier: of model, in evaluation; several attackers may share it.
    SurrogateAttacker(models::Manifest model, std::shared_ptr<baselines::Classifier> classifier,
                      const PgdOptions& options, torch::Device device, int threads);

    /// "surrogate:4"
    std::string name() const override;
    const models::Manifest& model() const override { return m_model; }
    Json settings() const override;
    image::Image attack(const examine::Attacked& attacked, const WorkContext& context) override;

private:
    void prepareFor(const image::Image& picture);

    models::Manifest m_model;
    std::shared_ptr<baselines::Classifier> m_classifier;
    PgdOptions m_options;
    torch::Device m_device;
    int m_threads;
    /// To what the classifier is shown, of pictures as large as the last one; nothing: it takes them as they
    /// are, or there was none yet.
    std::optional<PlaneResize> m_squared;
    int m_width = 0, m_height = 0;  ///< px, of those pictures
};

}  // namespace signet::removal
