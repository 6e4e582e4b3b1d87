#include "core/kernels/kernel_bench.h"

#include <torch/torch.h>

#include "core/kernels/affine_leaky_relu.h"
#include "core/kernels/placement.h"
#include "core/kernels/up_fir_down.h"

namespace signet::kernels {

using torch::Tensor;

namespace {

using Layer = std::function<Tensor(const std::vector<Tensor>&)>;

struct Case {
    std::string name;
    std::vector<Tensor> inputs;  ///< all of which have a gradient; the first is the picture
    Layer own, composed;
};

AffineLeakyRelu layerOf(const Tensor& scale, const Tensor& noise, const Tensor& strength,
                        const Tensor& bias) {
    return {scale, noise, strength, bias, kLeakySlope, kLeakyGain};
}

/// A styled convolution: modulation, convolution (and enlarging), demodulation, noise, bias, activation.
template <typename Affine, typename Resample>
Tensor styled(const std::vector<Tensor>& in, const Tensor& noise, bool up, const Affine& affine,
              const Resample& resample) {
    const Tensor x = affine(in[0], AffineLeakyRelu{.scale = in[2]});
    const Tensor y =
        up ? resample(at::conv_transpose2d(x, in[1].transpose(0, 1), {}, 2), 1, 1, FirPads{1, 1}, 4)
           : at::conv2d(x, in[1], {}, 1, 1);
    return affine(y, layerOf(in[3], noise, in[4], in[5]));
}

void addLayers(std::vector<Case>& cases, int batch, int channels, int side, const torch::Device& device) {
    const auto random = [&](std::vector<std::int64_t> shape) { return torch::randn(shape, device); };
    const std::string size =
        std::to_string(channels) + "x" + std::to_string(side) + "x" + std::to_string(side);
    const Tensor x = random({batch, channels, side, side}), bias = random({channels});
    const auto fir = [&](const char* name, int up, int down, FirPads pads) {
        cases.push_back({std::string(name) + " " + size,
                         {x},
                         [=](const auto& in) { return upFirDown(in[0], up, down, pads); },
                         [=](const auto& in) { return composedUpFirDown(in[0], up, down, pads); }});
    };
    fir("fir", 1, 1, {2, 2});
    fir("fir-up", 2, 1, {2, 1});
    fir("fir-down", 1, 2, {1, 1});
    cases.push_back(
        {"bias-activation " + size,
         {x, bias},
         [](const auto& in) { return affineLeakyRelu(in[0], layerOf({}, {}, {}, in[1])); },
         [](const auto& in) { return composedAffineLeakyRelu(in[0], layerOf({}, {}, {}, in[1])); }});
    for (const bool up : {false, true}) {
        const int to = up ? 2 * side : side;
        const Tensor noise = random({batch, 1, to, to});
        cases.push_back({std::string(up ? "modulated-up " : "modulated ") + size,
                         {x, random({channels, channels, 3, 3}), random({batch, channels}),
                          random({batch, channels}), random({1}), bias},
                         [=](const auto& in) { return styled(in, noise, up, affineLeakyRelu, upFirDown); },
                         [=](const auto& in) {
                             return styled(in, noise, up, composedAffineLeakyRelu, composedUpFirDown);
                         }});
    }
}

std::function<void()> forward(const Layer& layer, const std::vector<Tensor>& in) {
    return [=] {
        const torch::NoGradGuard guard;
        layer(in);
        if (in.front().is_cuda()) torch::cuda::synchronize();
    };
}

std::function<void()> both(const Layer& layer, const std::vector<Tensor>& in, const Tensor& slope) {
    return [=] {
        torch::autograd::grad({layer(in)}, in, {slope});
        if (in.front().is_cuda()) torch::cuda::synchronize();
    };
}

}  // namespace

std::vector<KernelCase> kernelCases(int threads, const std::string& device) {
    torch::set_num_threads(threads);
    torch::manual_seed(1);
    std::vector<Case> cases;
    addLayers(cases, 16, 32, 64, torch::Device(device));
    addLayers(cases, 8, 128, 64, torch::Device(device));
    std::vector<KernelCase> all;
    for (const Case& one : cases) {
        std::vector<Tensor> own, planes;
        for (const Tensor& input : one.inputs) {
            own.push_back((input.dim() == 4 ? laidOut(input) : input).detach().clone().requires_grad_());
            planes.push_back(input.detach().clone().requires_grad_());
        }
        const Tensor slope = torch::randn_like(one.composed(planes).detach());
        all.push_back({one.name, forward(one.own, own), forward(one.composed, planes),
                       both(one.own, own, laidOut(slope)), both(one.composed, planes, slope)});
    }
    return all;
}

}  // namespace signet::kernels
