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

namespace {

NetworkOptions networksOf(const TrainingOptions& options) {
    NetworkOptions network = options.network;
    network.inputNoise = options.noise;
    return network;
}

}  // namespace

PaperObjective::PaperObjective(const TrainingOptions& options, const training::Placement& placement)
    : m_options(options),
      m_share(options, placement.group),
      m_device(placement.device),
      m_bf16(options.bf16 && nn::deviceHasBf16(placement.device)),
      m_networks(networksOf(options)) {
    m_networks.setCheckpointing(options.checkpointing);
    if (options.auxiliary != "none") m_restoring.emplace(options, m_device, m_share.group());
}

Tensor PaperObjective::drawnCodes(StepRandom& random) const {
    const int bits = m_options.network.bits;
    const auto draws = m_options.drawEach ? m_share.allImages() : 1;
    auto codes = torch::zeros({draws, bits});
    for (std::int64_t i = 0; i < draws; ++i) {
        bool any = false;
        while (!any) {  // code 0 is reserved for real images
            for (int b = 0; b < bits; ++b) {
                const bool set = bits == 1 || random.chance(0.5);
                codes[i][b] = set ? 1 : 0;
                any = any || set;
            }
        }
    }
    return (m_options.drawEach ? m_share.of(codes) : codes.expand({m_share.ownImages(), -1})).to(m_device);
}

Pass PaperObjective::pass(const Tensor& x, std::uint64_t stepsDone, StepRandom& random) {
    // Fact sheet 1.4, steps 1-10: straight-through quantisation before the augmentation, signed and real
    // halves through F in one batch so that its BatchNorm statistics are joint.
    const Tensor code = drawnCodes(random);
    const auto first = m_share.firstImage();
    const auto input =
        m_options.noise > 0 ? x + nn::normalLike(x, random.bits(), first) * m_options.noise : x;
    Tensor image;
    {
        const nn::Bf16Guard guard(m_bf16, m_device.type());
        image = m_networks.signImage(input, code).to(torch::kFloat32);
    }
    const auto quantised = attacks::quantizeStraightThrough(image, m_options.truncate);
    Pass pass;
    if (m_restoring)
        pass.measured.emplace_back(
            "restoration", m_share.group().mean(m_restoring->learn(quantised, x, stepsDone, random, first)));
    const auto signedView = augment(quantised, random);
    const auto realView = augment(x, random);
    std::vector<Tensor> views{signedView, realView}, labels{code, torch::zeros_like(code)};
    if (m_restoring) {
        // Restored pictures still count as signed; as many real ones keep the balance.
        const auto restored = attacks::quantizeStraightThrough(
            m_restoring->restored(signedView, random, first), m_options.truncate);
        views = {restored, signedView, realView, realView};
        labels = {code, code, labels[1], labels[1]};
    }
    Tensor logits;
    {
        const nn::Bf16Guard guard(m_bf16, m_device.type());
        logits = m_networks.resnet()(torch::cat(views)).to(torch::kFloat32);
    }
    const Tensor wanted = torch::cat(labels);
    const auto reconstruction = (image - x).square().mean();
    const double weight = m_options.lambda * std::min(1.0, static_cast<double>(stepsDone) / m_options.ramp);
    const auto classification = torch::binary_cross_entropy_with_logits(logits, wanted);
    pass.terms = {{"reconstruction", reconstruction}, {"classification", weight * classification}};
    const auto right = ((logits > 0) == (wanted > 0.5)).to(torch::kFloat32);
    pass.measured.emplace_back("accuracy", m_share.group().mean(right.mean()));
    if (m_restoring)
        pass.measured.emplace_back("restored_accuracy",
                                   m_share.group().mean(right.slice(0, 0, x.size(0)).mean()));
    return pass;
}

attacks::PaperSource PaperObjective::source() const {
    return m_options.augmentation == "code" ? attacks::PaperSource::Code : attacks::PaperSource::Text;
}

Tensor PaperObjective::augment(const Tensor& x, StepRandom& random) const {
    return m_options.drawEach
               ? attacks::paperAugmentEach(x, m_share.firstImage(), m_share.allImages(), source(), random)
               : attacks::paperAugment(x, source(), random);
}

nn::TensorMap PaperObjective::tensors() const {
    return m_restoring ? m_restoring->tensors() : nn::TensorMap{};
}

void PaperObjective::restoreTensors(const nn::TensorMap& tensors) {
    if (m_restoring) m_restoring->restore(tensors);
}

void PaperObjective::update(const StepReadings& readings, training::NamedValues& values) {
    remember(m_accuracy, readings.measured.at("accuracy"));
    const double error = std::max(1e-12, readings.measured.at("loss_reconstruction"));
    values.emplace_back("psnr_db", 10 * std::log10(4 / error));
    values.emplace_back("bit_accuracy", m_accuracy);
    if (!m_restoring) return;
    const double restoration = std::max(1e-12, readings.measured.at("restoration"));
    values.emplace_back("restored_psnr_db", 10 * std::log10(4 / restoration));
    values.emplace_back("restored_accuracy", readings.measured.at("restored_accuracy"));
}

training::Validation PaperObjective::validate(const ValidationViews& views) {
    return views.validate(m_networks, [this](const Tensor& view, int /*index*/, StepRandom& random) {
        return attacks::paperAugment(view, source(), random);
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
    if (options.auxiliary != "none") {
        all.push_back({"restored_accuracy", "Bit accuracy after M", Unit::Share, Better::Larger, 1});
        all.push_back({"restored_psnr_db", "PSNR of what M restores (dB)", Unit::Decibel, Better::Unsaid});
    }
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
