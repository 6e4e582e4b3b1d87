#include "core/removal/white_box_attacker.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <utility>

#include "core/attacks/tensor_attacks.h"
#include "core/nn/threads.h"
#include "core/removal/plane_resize.h"

namespace signet::removal {

using torch::Tensor;

namespace {

constexpr auto kViewSource = attacks::PaperSource::Text;

}  // namespace

WhiteBoxAttacker::WhiteBoxAttacker(models::Manifest model, std::shared_ptr<WhiteBox> box, Aim aim,
                                   const PgdOptions& options, torch::Device device, int threads)
    : m_model(std::move(model)),
      m_box(std::move(box)),
      m_aim(aim),
      m_options(options),
      m_device(device),
      m_threads(threads) {}

std::string WhiteBoxAttacker::name() const {
    return fmt::format("{}:{}",
                       m_aim == Aim::Removal ? examine::kWhiteBoxRemovalWay : examine::kWhiteBoxSpoofingWay,
                       m_options.eps);
}

Json WhiteBoxAttacker::settings() const {
    Json json = {{"detector", m_model.name}, {"detector_sha256", m_model.weightsSha256}};
    json.update(m_options.toJson());
    json["views_per_step"] = kViews;
    return json;
}

image::Image WhiteBoxAttacker::attack(const examine::Attacked& attacked, const WorkContext& context) {
    nn::useThreads(m_threads);
    const auto [width, height] = m_box->inputSize(attacked.picture);
    const PlaneResize input(attacked.picture.width, attacked.picture.height, width, height, m_device);
    const ViewLoss lossOfView = m_box->lossOf(attacked.code, m_aim);
    const auto loss = [&](const Tensor& picture, StepRandom& random) {
        const Tensor seen = input(picture);
        Tensor sum = lossOfView(seen, attacks::paperMap({}));
        for (int view = 1; view < kViews; ++view) {
            const auto draw = attacks::drawPaper(kViewSource, random);
            sum = sum + lossOfView(attacks::paperAugment(seen, kViewSource, draw), attacks::paperMap(draw));
        }
        return sum / kViews;
    };
    return projectedDescent(attacked.picture, loss, m_options, attacked.seed, m_device, context);
}

}  // namespace signet::removal
