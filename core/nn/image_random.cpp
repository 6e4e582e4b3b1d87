#include "core/nn/image_random.h"

#include <ATen/Context.h>
#include <torch/torch.h>

#include "core/base/random.h"

namespace signet::nn {
namespace {

/// A generator of the device for one image.
at::Generator generatorOf(torch::Device device, std::uint64_t seed, std::int64_t image) {
    auto generator = at::globalContext().defaultGenerator(device).clone();
    generator.set_current_seed(mixedSeed(seed, static_cast<std::uint64_t>(image)));
    return generator;
}

}  // namespace

torch::Tensor normalLike(const torch::Tensor& x, std::uint64_t seed, std::int64_t firstImage) {
    const torch::NoGradGuard guard;
    auto result = torch::empty_like(x, torch::kCPU);
    for (std::int64_t i = 0; i < x.size(0); ++i)
        result.select(0, i).normal_(0, 1, generatorOf(torch::kCPU, seed, firstImage + i));
    return result.to(x.device());
}

torch::Tensor dropout(const torch::Tensor& x, const DropoutDraw& draw) {
    if (draw.probability <= 0) return x;
    auto mask = torch::empty_like(x);
    {
        const torch::NoGradGuard guard;
        for (std::int64_t i = 0; i < x.size(0); ++i)
            mask.select(0, i).bernoulli_(1 - draw.probability,
                                         generatorOf(x.device(), draw.seed, draw.firstImage + i));
        mask.div_(1 - draw.probability);
    }
    return x * mask;
}

void ImageDropoutImpl::reseed(std::uint64_t seed, std::int64_t firstImage) {
    m_draw.seed = seed;
    m_draw.firstImage = firstImage;
}

void reseedDropout(torch::nn::Module& module, std::uint64_t seed, std::int64_t firstImage) {
    std::uint64_t layer = 0;
    for (const auto& child : module.modules())
        if (auto* dropout = child->as<ImageDropout>()) dropout->reseed(mixedSeed(seed, ++layer), firstImage);
}

}  // namespace signet::nn
