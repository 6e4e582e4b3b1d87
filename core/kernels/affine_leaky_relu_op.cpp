#include "core/kernels/affine_leaky_relu.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <optional>

#include "core/kernels/affine_leaky_relu_kernels.h"
#include "core/kernels/placement.h"

namespace signet::kernels {

using torch::Tensor;

namespace {

Tensor overPlaces(const Tensor& perChannel) {
    return perChannel.unsqueeze(-1).unsqueeze(-1);
}

LayerShape shapeOf(const Tensor& x) {
    return {x.size(0), x.size(2) * x.size(3), x.size(1)};
}

/// Holds what LayerNumbers point to.
struct LayerTensors {
    explicit LayerTensors(const AffineLeakyRelu& layer)
        : slope(layer.slope),
          gain(layer.gain),
          scale(held(layer.scale)),
          noise(held(layer.noise)),
          strength(held(layer.strength)),
          bias(held(layer.bias)) {}

    static Tensor held(const Tensor& t) {
        return t.defined() ? t.detach().to(torch::kFloat32).contiguous() : Tensor();
    }
    static const float* at(const Tensor& t) { return t.defined() ? t.const_data_ptr<float>() : nullptr; }
    LayerNumbers numbers() const {
        return {at(scale),
                at(noise),
                noise.defined() && noise.size(0) > 1,
                at(strength),
                at(bias),
                static_cast<float>(slope),
                static_cast<float>(gain)};
    }

    double slope, gain;
    Tensor scale, noise, strength, bias;
};

/// work(picture, part of it, first place, places) on all threads.
template <typename Work>
void forParts(const LayerShape& shape, std::int64_t parts, const Work& work) {
    at::parallel_for(0, shape.pictures * parts, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            const std::int64_t part = i % parts, first = part * kPlacesAtOnce;
            work(i / parts, part, first, std::min(kPlacesAtOnce, shape.places - first));
        }
    });
}

std::int64_t partsOf(const LayerShape& shape) {
    return (shape.places + kPlacesAtOnce - 1) / kPlacesAtOnce;
}

Tensor forwarded(const Tensor& x, const AffineLeakyRelu& layer) {
    const LayerTensors held(layer);
    const LayerShape shape = shapeOf(x);
    const LayerNumbers numbers = held.numbers();
    Tensor y = emptyLaidOut(x.sizes(), x);
    const auto* from = x.const_data_ptr<float>();
    auto* to = y.data_ptr<float>();
    if (x.is_cuda()) {
        requireLaunched(layerOnGpu(from, to, shape, numbers, streamOf(x)));
        return y;
    }
    forParts(shape, partsOf(shape),
             [&](std::int64_t picture, std::int64_t, std::int64_t first, std::int64_t count) {
                 const std::int64_t at = (picture * shape.places + first) * shape.channels;
                 layerRows(from + at, to + at, shape, numbers, picture, first, count);
             });
    return y;
}

struct LayerGradient {
    Tensor x, scale, strength, bias;
};

LayerGradient differentiated(const Tensor& x, const Tensor& y, const Tensor& dy,
                             const AffineLeakyRelu& layer) {
    const LayerTensors held(layer);
    const LayerShape shape = shapeOf(y);
    const LayerNumbers numbers = held.numbers();
    const std::int64_t parts = y.is_cuda() ? 1 : partsOf(shape);
    const Tensor dx = emptyLaidOut(y.sizes(), y);
    const Tensor sums = torch::zeros({shape.pictures, parts, kLayerSums, shape.channels}, y.options());
    const auto* source = LayerTensors::at(x);
    const auto *result = y.const_data_ptr<float>(), *slope = dy.const_data_ptr<float>();
    auto *to = dx.data_ptr<float>(), *sum = sums.data_ptr<float>();
    if (y.is_cuda()) {
        requireLaunched(layerGradientOnGpu(source, result, slope, to, shape, numbers, sum, streamOf(y)));
    } else {
        forParts(shape, parts,
                 [&](std::int64_t picture, std::int64_t part, std::int64_t first, std::int64_t count) {
                     const std::int64_t at = (picture * shape.places + first) * shape.channels;
                     layerGradientRows(source ? source + at : nullptr, result + at, slope + at, to + at,
                                       shape, numbers, picture, first, count,
                                       sum + (picture * parts + part) * kLayerSums * shape.channels);
                 });
    }
    const Tensor perPicture = sums.sum(1);  // [B,3,C]
    LayerGradient gradient{dx, {}, {}, {}};
    if (layer.bias.defined()) gradient.bias = perPicture.select(1, 0).sum(0);
    if (layer.scale.defined()) gradient.scale = perPicture.select(1, 1);
    if (layer.noise.defined()) gradient.strength = perPicture.select(1, 2).sum().view({1});
    return gradient;
}

/// The same in operators that have gradients themselves.
LayerGradient composedGradient(const Tensor& x, const Tensor& y, const Tensor& dy,
                               const AffineLeakyRelu& layer) {
    const Tensor before = dy * torch::where(y.detach() > 0, layer.gain, layer.slope * layer.gain).to(dy);
    LayerGradient gradient{before, {}, {}, {}};
    if (layer.bias.defined()) gradient.bias = before.sum({0, 2, 3});
    if (layer.noise.defined()) gradient.strength = (before * layer.noise).sum().view({1});
    if (layer.scale.defined()) {
        gradient.scale = (before * x).sum({2, 3});
        gradient.x = before * overPlaces(layer.scale);
    }
    return gradient;
}

/// autograd::Function takes no undefined tensor.
using MaybeTensor = std::optional<Tensor>;
MaybeTensor maybe(const Tensor& t) {
    return t.defined() ? MaybeTensor(t) : std::nullopt;
}
Tensor tensorOf(const MaybeTensor& t) {
    return t.value_or(Tensor());
}

class AffineLeakyReluFunction : public torch::autograd::Function<AffineLeakyReluFunction> {
public:
    static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& given,
                          const MaybeTensor& scale, const MaybeTensor& noise, const MaybeTensor& strength,
                          const MaybeTensor& bias, double slope, double gain) {
        const AffineLeakyRelu layer{tensorOf(scale), tensorOf(noise), tensorOf(strength),
                                    tensorOf(bias),  slope,           gain};
        Tensor y = forwarded(laidOut(given), layer);
        context->save_for_backward({layer.scale.defined() ? given : Tensor(), y, layer.scale, layer.noise,
                                    layer.strength, layer.bias});
        context->saved_data["slope"] = slope;
        context->saved_data["gain"] = gain;
        return y;
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   const torch::autograd::variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const AffineLeakyRelu layer{saved[2],
                                    saved[3],
                                    saved[4],
                                    saved[5],
                                    context->saved_data["slope"].toDouble(),
                                    context->saved_data["gain"].toDouble()};
        const Tensor &x = saved[0], &y = saved[1], &dy = gradients[0];
        const LayerGradient gradient =
            torch::GradMode::is_enabled()
                ? composedGradient(x, y, dy, layer)
                : differentiated(x.defined() ? laidOut(x) : x, y, laidOut(dy), layer);
        return {gradient.x, gradient.scale, {}, gradient.strength, gradient.bias, {}, {}};
    }
};

}  // namespace

Tensor composedAffineLeakyRelu(const Tensor& x, const AffineLeakyRelu& layer) {
    auto y = x;
    if (layer.scale.defined()) y = y * overPlaces(layer.scale);
    if (layer.noise.defined()) y = y + layer.strength * layer.noise;
    if (layer.bias.defined()) y = y + overPlaces(layer.bias);
    if (layer.slope != 1) y = torch::leaky_relu(y, layer.slope);
    return layer.gain == 1 ? y : y * layer.gain;
}

Tensor affineLeakyRelu(const Tensor& x, const AffineLeakyRelu& layer) {
    const bool changes = layer.scale.defined() || layer.noise.defined() || layer.bias.defined() ||
                         layer.slope != 1 || layer.gain != 1;
    if (!changes) return x;
    if (!hasKernels(x)) return composedAffineLeakyRelu(x, layer);
    return AffineLeakyReluFunction::apply(x, maybe(layer.scale), maybe(layer.noise), maybe(layer.strength),
                                          maybe(layer.bias), layer.slope, layer.gain);
}

}  // namespace signet::kernels
