#include "core/signature/paper_objective.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/attacks/tensor_attacks.h"
#include "core/nn/image_random.h"
#include "core/nn/runtime.h"
#include "core/signature/validation_views.h"

namespace signet::signature {

using torch::Tensor;
using training::Metric;

PaperObjective::PaperObjective(const TrainingOptions& options, const training::Placement& placement)
    : m_options(options),
      m_share(options, placement.group),
      m_device(placement.device),
      m_bf16(options.bf16 && nn::deviceHasBf16(placement.device)),
      m_networks(options.network) {
    m_networks.setCheckpointing(options.checkpointing);
}

Pass PaperObjective::pass(const Tensor& x, std::uint64_t stepsDone, StepRandom& random) {
    // Fact sheet 1.4, steps 1-10: one code for the whole batch, straight-through quantisation before the
    // augmentation, signed and real halves through F in one batch so that its BatchNorm statistics are joint.
    const auto batch = x.size(0);
    const int bits = m_options.network.bits;
    auto code = torch::zeros({batch, bits});
    bool any = false;
    while (!any) {  // code 0 is reserved for real images
        for (int b = 0; b < bits; ++b) {
            const bool set = bits == 1 || random.chance(0.5);
            code.select(1, b).fill_(set ? 1 : 0);
            any = any || set;
        }
    }
    code = code.to(m_device);
    const auto input = m_options.noise > 0
                           ? x + nn::normalLike(x, random.bits(), m_share.firstImage()) * m_options.noise
                           : x;
    Tensor image;
    {
        const nn::Bf16Guard guard(m_bf16, m_device.type());
        image = m_networks.signImage(input, code).to(torch::kFloat32);
    }
    const auto quantised = attacks::quantizeStraightThrough(image, m_options.truncate);
    const auto signedView = augment(quantised, random);
    const auto views = torch::cat({signedView, augment(x, random)});
    const auto labels = torch::cat({code, torch::zeros_like(code)});
    Tensor logits;
    {
        const nn::Bf16Guard guard(m_bf16, m_device.type());
        logits = m_networks.resnet()(views).to(torch::kFloat32);
    }
    const auto reconstruction = (image - x).square().mean();
    const double weight = m_options.lambda * std::min(1.0, static_cast<double>(stepsDone) / m_options.ramp);
    const auto classification = torch::binary_cross_entropy_with_logits(logits, labels);
    Pass pass;
    pass.terms = {{"reconstruction", reconstruction}, {"classification", weight * classification}};
    pass.measured = {
        {"accuracy", m_share.group().mean(((logits > 0) == (labels > 0.5)).to(torch::kFloat32).mean())}};
    return pass;
}

Tensor PaperObjective::augment(const Tensor& x, StepRandom& random) const {
    const auto source =
        m_options.augmentation == "code" ? attacks::PaperSource::Code : attacks::PaperSource::Text;
    return attacks::paperAugment(x, source, random);
}

void PaperObjective::update(const StepReadings& readings, training::NamedValues& values) {
    remember(m_accuracy, readings.measured.at("accuracy"));
    const double error = std::max(1e-12, readings.measured.at("loss_reconstruction"));
    values.emplace_back("psnr_db", 10 * std::log10(4 / error));
    values.emplace_back("bit_accuracy", m_accuracy);
}

training::Validation PaperObjective::validate(const ValidationViews& views) {
    return views.validate(m_networks, [this](const Tensor& view, int /*index*/, StepRandom& random) {
        return augment(view, random);
    });
}

std::vector<Metric> PaperObjective::metrics(const TrainingOptions& options) {
    using Unit = Metric::Unit;
    using Better = Metric::Better;
    auto all = ValidationViews::metrics(options);
    for (Metric metric :
         {Metric{"bit_accuracy", "Bit accuracy", Unit::Share, Better::Larger, 1},
          Metric{"loss_classification", "Loss: classification", Unit::Number, Better::Smaller, 2},
          Metric{"loss_reconstruction", "Loss: reconstruction", Unit::Number, Better::Smaller},
          Metric{"psnr_db", "PSNR (dB)", Unit::Decibel, Better::Larger}})
        all.push_back(std::move(metric));
    return all;
}

StuckWatch::Signs PaperObjective::stuckSigns(const TrainingOptions& options) {
    StuckWatch::Signs signs;
    signs.hasCode = options.network.hasCode();
    signs.loss = "loss_classification";
    signs.weight = options.lambda;
    signs.from = static_cast<std::uint64_t>(options.ramp);
    return signs;
}

}  // namespace signet::signature
