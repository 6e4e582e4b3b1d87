#include "core/nn/group_norm_silu.h"

#include <torch/torch.h>

#include <algorithm>
#include <array>

#include "core/kernels/group_norm_kernels.h"
#include "core/nn/channels_last.h"

namespace signet::nn {
namespace {

using kernels::ChannelCoefficients;
using kernels::DropoutMask;
using torch::Tensor;

constexpr std::int64_t kChunk = 512;  ///< pixels summed in float before their sum is added up in double

/// One call's sizes. An image's pixels are worked on in chunks whose number does not depend on the threads.
struct Sizes {
    explicit Sizes(const Tensor& x, std::int64_t groupCount)
        : batch(x.size(0)),
          channels(x.size(1)),
          pixels(x.size(2) * x.size(3)),
          groups(groupCount),
          chunks((pixels + kChunk - 1) / kChunk),
          bfloat16(x.scalar_type() == torch::kBFloat16) {}

    /// work(image, chunk, first row of the tensor, rows) on all threads.
    template <typename Work>
    void forChunks(const Work& work) const {
        at::parallel_for(0, batch * chunks, 1, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i) {
                const std::int64_t image = i / chunks;
                const std::int64_t chunk = i % chunks;
                work(image, chunk, image * pixels + chunk * kChunk,
                     std::min(kChunk, pixels - chunk * kChunk));
            }
        });
    }
    kernels::Values rows(const Tensor& t, std::int64_t first) const { return {at(t, first), bfloat16}; }
    void* at(const Tensor& t, std::int64_t first) const {
        return static_cast<char*>(t.data_ptr()) + first * channels * t.element_size();
    }

    std::int64_t batch, channels, pixels, groups, chunks;
    bool bfloat16;
};

/// Two sums for each channel of each image, [B,C] in double: work(chunk's rows, first sums, second sums) adds
/// a chunk's to zeros.
template <typename Work>
std::pair<Tensor, Tensor> channelSums(const Sizes& n, const Work& work) {
    const Tensor parts = torch::zeros({n.batch, n.chunks, 2, n.channels});
    n.forChunks([&](std::int64_t image, std::int64_t chunk, std::int64_t first, std::int64_t rows) {
        float* sums = parts.data_ptr<float>() + (image * n.chunks + chunk) * 2 * n.channels;
        work(image, first, rows, sums, sums + n.channels);
    });
    const Tensor total = parts.sum(1, false, torch::kFloat64);
    return {total.select(1, 0), total.select(1, 1)};
}

/// [B,C] -> [B,G,1], the sum over each group, and back.
Tensor overGroups(const Tensor& t, std::int64_t groups) {
    return t.view({t.size(0), groups, -1}).sum(2, true);
}
Tensor toChannels(const Tensor& t, std::int64_t channels) {
    return t.expand({t.size(0), t.size(1), channels / t.size(1)}).reshape({t.size(0), channels});
}
Tensor asFloat(const Tensor& t) {
    return t.to(torch::kFloat32).contiguous();
}

/// One image's row of each of the stacked coefficients, [K,B,C].
template <std::size_t K>
std::array<const float*, K> rowsOf(const Tensor& stacked, std::int64_t image) {
    std::array<const float*, K> rows;
    for (std::size_t k = 0; k < K; ++k)
        rows[k] = stacked.const_data_ptr<float>() +
                  (static_cast<std::int64_t>(k) * stacked.size(1) + image) * stacked.size(2);
    return rows;
}
ChannelCoefficients coefficientsOf(const Tensor& stacked, std::int64_t image) {
    const auto [factor, offset, mean, inverse] = rowsOf<4>(stacked, image);
    return {factor, offset, mean, inverse};
}

/// y = dropout(silu(xhat * factor + offset)); factor, offset: [B,C].
class NormSiluFunction : public torch::autograd::Function<NormSiluFunction> {
public:
    static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& factor,
                          const Tensor& offset, std::int64_t groups, const GroupNormTail& tail) {
        const DropoutDraw& dropout = tail.dropout;
        const Sizes n(x, groups);
        const auto [sum, squares] = channelSums(
            n, [&](std::int64_t, std::int64_t first, std::int64_t rows, float* first1, float* second1) {
                kernels::addMoments(n.rows(x, first), rows, n.channels, first1, second1);
            });
        const auto values = n.pixels * n.channels / n.groups;
        const auto count = static_cast<double>(values);
        const Tensor mean = overGroups(sum, groups) / count;
        const Tensor variance = (overGroups(squares, groups) / count - mean.square()).clamp_min(0);
        const Tensor means = toChannels(mean, n.channels);
        const Tensor inverse = toChannels((variance + tail.epsilon).rsqrt(), n.channels);
        const Tensor slope = inverse * factor;
        const Tensor coefficients = asFloat(torch::stack({slope, offset - means * slope, means, inverse}));

        Tensor y = torch::empty_like(x);
        n.forChunks([&](std::int64_t image, std::int64_t, std::int64_t first, std::int64_t rows) {
            kernels::normalizeRows(n.rows(x, first), n.at(y, first), rows, n.channels,
                                   dropout.firstImage * n.pixels + first, coefficientsOf(coefficients, image),
                                   tail.silu, mask(dropout));
        });
        context->save_for_backward({x, factor, coefficients});
        context->saved_data["groups"] = groups;
        context->saved_data["silu"] = tail.silu;
        context->saved_data["dropout"] = dropout.probability;
        context->saved_data["seed"] = static_cast<std::int64_t>(dropout.seed);
        context->saved_data["firstImage"] = dropout.firstImage;
        return y;
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const Tensor &x = saved[0], &factor = saved[1], &coefficients = saved[2];
        const Tensor dy = channelsLast(gradients[0].to(x.scalar_type()));
        const Sizes n(x, context->saved_data["groups"].toInt());
        const bool silu = context->saved_data["silu"].toBool();
        const DropoutDraw dropout{context->saved_data["dropout"].toDouble(),
                                  static_cast<std::uint64_t>(context->saved_data["seed"].toInt()),
                                  context->saved_data["firstImage"].toInt()};

        Tensor dx = torch::empty_like(x);  // holds dz first
        const auto [dFactor, dOffset] =
            channelSums(n, [&](std::int64_t image, std::int64_t first, std::int64_t rows, float* sumFactor,
                               float* sumOffset) {
                kernels::differentiateRows(n.rows(x, first), n.at(dy, first), n.at(dx, first), rows,
                                           n.channels, dropout.firstImage * n.pixels + first,
                                           coefficientsOf(coefficients, image), silu, mask(dropout),
                                           sumFactor, sumOffset);
            });
        // dx = inverse * (dz factor - mean over the group of dz factor - xhat * mean of dz factor xhat)
        const auto values = n.pixels * n.channels / n.groups;
        const auto count = static_cast<double>(values);
        const Tensor means = coefficients[2].to(torch::kFloat64);
        const Tensor inverse = coefficients[3].to(torch::kFloat64);
        const auto groupMean = [&](const Tensor& t) {
            return toChannels(overGroups(t * factor, n.groups) / count, n.channels);
        };
        const Tensor slope = inverse.square() * groupMean(dFactor);
        const Tensor level = inverse * groupMean(dOffset) - means * slope;
        const Tensor abc = asFloat(torch::stack({inverse * factor, slope, level}));
        n.forChunks([&](std::int64_t image, std::int64_t, std::int64_t first, std::int64_t rows) {
            const auto [a, b, c] = rowsOf<3>(abc, image);
            kernels::finishGradient(n.rows(x, first), n.at(dx, first), rows, n.channels, a, b, c);
        });
        return {dx, dFactor.to(factor.scalar_type()), dOffset.to(factor.scalar_type()), {}, {}};
    }

private:
    static DropoutMask mask(const DropoutDraw& draw) {
        return {draw.seed, static_cast<std::uint32_t>(draw.probability * 0x1p32),
                static_cast<float>(1 / (1 - draw.probability))};
    }
};

}  // namespace

Tensor groupNormSilu(const Tensor& x, std::int64_t groups, const Tensor& weight, const Tensor& bias,
                     const GroupNormTail& tail) {
    const auto type = x.scalar_type();
    if (x.device().is_cpu() && (type == torch::kFloat32 || type == torch::kBFloat16) &&
        x.is_contiguous(at::MemoryFormat::ChannelsLast)) {
        const auto batch = x.size(0);
        Tensor factor = weight.unsqueeze(0).expand({batch, -1});
        Tensor offset = bias.unsqueeze(0).expand({batch, -1});
        if (tail.scale.defined()) {
            factor = factor * (1 + tail.scale);
            offset = offset * (1 + tail.scale) + tail.shift;
        }
        return NormSiluFunction::apply(x, factor, offset, groups, tail);
    }
    Tensor y = torch::group_norm(x, groups, weight, bias, tail.epsilon);
    if (tail.scale.defined())
        y = y * (1 + tail.scale.unsqueeze(-1).unsqueeze(-1)) + tail.shift.unsqueeze(-1).unsqueeze(-1);
    if (tail.silu) y = torch::silu(y);
    return dropout(y, tail.dropout);
}

}  // namespace signet::nn
