#include "core/signature/keyed_embedding.h"

#include <torch/torch.h>

#include <cmath>

#include "core/attacks/tensor_attacks.h"
#include "core/nn/runtime.h"
#include "core/signature/keyed_networks.h"
#include "core/signature/keyed_views.h"
#include "core/signature/visibility.h"

namespace signet::signature {
namespace {

using torch::Tensor;

constexpr std::int64_t kSteps = 12;
constexpr std::int64_t kViews = 3;  ///< of a step
constexpr double kStepSize = 0.25;  ///< of the first step, in units of the residual's root mean square
constexpr double kSecondAttack = 0.2;
constexpr std::uint64_t kStream = 41;

/// How well the tile folded from what the extractor sees of views of the picture agrees with the carrier: the
/// mean cosine, which noise of the estimate lowers and which is what the reading's p-values are made of.
Tensor agreement(KeyedNetworks& networks, const Tensor& modes, const Tensor& carrier, const Tensor& marked,
                 const Tensor& picture, StepRandom& random) {
    const auto& shape = networks.options().carrier;
    const std::int64_t side = std::min(picture.size(2), picture.size(3));
    std::vector<Tensor> shown, ground;
    auto shift = torch::zeros({kViews, 2, 1});
    for (std::int64_t view = 0; view < kViews; ++view) {
        // Squares anywhere along the long side.
        const auto place = [&](std::int64_t length) {
            return 2 *
                   static_cast<std::int64_t>(random.index(static_cast<std::size_t>((length - side) / 2 + 1)));
        };
        const std::int64_t top = place(picture.size(2)), left = place(picture.size(3));
        const auto square = [&](const Tensor& t) {
            return t.slice(2, top, top + side).slice(3, left, left + side);
        };
        shown.push_back(square(marked));
        ground.push_back(square(picture).flip({2, 3}));
        shift[view][0][0] = static_cast<double>(left) / 2;
        shift[view][1][0] = static_cast<double>(top) / 2;
    }
    const ImageShare share{kViews, 0, kViews};
    const auto maps = drawViews(kViews, {}, random);
    auto views = showViews(torch::cat(shown), torch::cat(ground), maps);
    views = attackViews(views, share, 1, kSecondAttack, random);
    const auto estimate = networks.estimate(views);
    const auto places = chipPlaces(maps, torch::zeros({kViews, 2, 3}), estimate.size(2), estimate.size(3),
                                   static_cast<double>(side) / 2) +
                        shift;
    const auto found = torch::matmul(fold(estimate, places, shape.tile), modes.t());
    return (torch::matmul(found, carrier.t()).squeeze(1) / (found.norm(2, 1) + 1e-6)).mean();
}

}  // namespace

Tensor informKeyedResidual(KeyedNetworks& networks, const Tensor& modes, const Tensor& picture,
                           const Tensor& residual, const Tensor& carrier, double level) {
    const nn::Bf16Guard bf16(nn::deviceHasBf16(picture.device()), picture.device().type());
    Tensor result = residual.detach();
    Tensor velocity = torch::zeros_like(result);
    for (std::int64_t step = 0; step < kSteps; ++step) {
        StepRandom random(0, kStream, static_cast<std::uint64_t>(step));
        Tensor slope;
        {
            const at::AutoGradMode differentiate(true);
            const auto leaf = result.detach().requires_grad_(true);
            const auto marked =
                attacks::quantizeStraightThrough(KeyedNetworks::added(picture, leaf).clamp(-1, 1), false);
            slope = torch::autograd::grad({agreement(networks, modes, carrier, marked, picture, random)},
                                          {leaf})[0]
                        .to(torch::kFloat32);
        }
        const auto rms = [](const Tensor& t) { return t.square().mean().sqrt(); };
        velocity = velocity * 0.7 + slope / (rms(slope) + 1e-12);
        const double size = kStepSize * (1 - static_cast<double>(step) / static_cast<double>(kSteps));
        result = result + velocity * (size * rms(result) / (rms(velocity) + 1e-12));
        const auto large = torch::upsample_bilinear2d(result, {picture.size(2), picture.size(3)}, false);
        result = result * (level / (visibility(picture, large) + 1e-6)).view({-1, 1, 1, 1});
    }
    return result;
}

}  // namespace signet::signature
