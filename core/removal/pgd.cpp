#include "core/removal/pgd.h"

#include <torch/torch.h>

#include "core/attacks/tensor_attacks.h"
#include "core/generators/player.h"
#include "core/training/picture_tensors.h"

namespace signet::removal {

using torch::Tensor;

namespace {

constexpr std::uint64_t kDescentStream = 71;
constexpr double kLevel = 1 / 127.5;  ///< a grey level of pictures in [-1,1]

}  // namespace

Json PgdOptions::toJson() const {
    return {{"eps", eps}, {"steps", steps}, {"step_share", stepShare}};
}

image::Image projectedDescent(const image::Image& picture, const PictureLoss& loss, const PgdOptions& options,
                              std::uint64_t seed, torch::Device device, const WorkContext& context) {
    const double eps = options.eps * kLevel;
    const Tensor original = training::toTensor(picture);
    StepRandom random(seed, kDescentStream, 0);
    const Tensor start = torch::rand(original.sizes(), generators::generatorOf(random.bits()));
    const Tensor lowest = (original - eps).clamp_min(-1).to(device);
    const Tensor highest = (original + eps).clamp_max(1).to(device);
    Tensor x = torch::lerp(lowest, highest, start.to(device));
    for (int step = 0; step < options.steps && !context.stop.stop_requested(); ++step) {
        const at::AutoGradMode differentiate(true);
        const Tensor leaf = x.detach().requires_grad_(true);
        const Tensor value = loss(attacks::quantizeStraightThrough(leaf, false), random);
        const Tensor slope = torch::autograd::grad({value}, {leaf})[0];
        const torch::NoGradGuard plain;
        x = torch::clamp(leaf - slope.sign() * (options.stepShare * eps), lowest, highest);
    }
    return training::toImage(x.detach());
}

}  // namespace signet::removal
