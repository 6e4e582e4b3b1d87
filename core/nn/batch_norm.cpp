#include "core/nn/batch_norm.h"

#include <torch/torch.h>

#include "core/nn/checkpoint.h"

namespace signet::nn {
namespace {

using torch::Tensor;

/// Statistics of one channel over all ranks' images.
struct JointStatistics {
    Tensor mean;      ///< [C]
    Tensor variance;  ///< [C], biased
    double count = 0;
};

/// Over images and places, per channel.
constexpr std::array<std::int64_t, 3> kPlaces{0, 2, 3};

Tensor perChannel(const Tensor& t) {
    return t.view({1, -1, 1, 1});
}

JointStatistics jointStatistics(const Tensor& x, RankSum& ranks) {
    // One message: the sums of x and of x^2 in double, so that the difference below loses nothing.
    const auto own = static_cast<double>(x.size(0) * x.size(2) * x.size(3));
    const auto [variance, mean] = torch::var_mean(x.to(torch::kFloat32), kPlaces, false);
    const auto m = mean.to(torch::kFloat64);
    auto sums = torch::cat(
        {m * own, (variance.to(torch::kFloat64) + m.square()) * own, torch::full({1}, own, m.options())});
    ranks.sum(sums);
    const auto channels = x.size(1);
    const double count = sums[2 * channels].item<double>();
    const auto jointMean = sums.slice(0, 0, channels) / count;
    const auto jointVariance = sums.slice(0, channels, 2 * channels) / count - jointMean.square();
    return {jointMean.to(torch::kFloat32), jointVariance.clamp_min(0).to(torch::kFloat32), count};
}

/// (x - mean) / deviation * weight + bias, where mean and deviation are functions of all ranks' x (Ioffe &
/// Szegedy 2015, the gradient of section 3 with its two sums taken over the ranks).
struct Normalise : torch::autograd::Function<Normalise> {
    static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& weight,
                          const Tensor& bias, const JointStatistics& statistics, double epsilon,
                          const c10::intrusive_ptr<RankSum>& ranks) {
        const auto inverse = torch::rsqrt(statistics.variance + epsilon);
        context->save_for_backward({x, weight, statistics.mean, inverse});
        context->saved_data["count"] = statistics.count;
        context->saved_data["ranks"] = c10::IValue::make_capsule(ranks);
        return at::batch_norm(x, weight, bias, statistics.mean, statistics.variance, false, 0, epsilon, true);
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::tensor_list& gradients) {
        const auto saved = context->get_saved_variables();
        const auto& [x, weight, mean, inverse] = std::tie(saved[0], saved[1], saved[2], saved[3]);
        const auto gradient = gradients[0].to(torch::kFloat32);
        const auto centred = x.to(torch::kFloat32) - perChannel(mean);
        auto sums = torch::stack({gradient.sum(kPlaces), (gradient * centred).sum(kPlaces)});
        const auto weightGradient = sums[1] * inverse;
        const auto biasGradient = sums[0].clone();
        const auto ranks = context->saved_data["ranks"].toCapsule();
        static_cast<RankSum&>(*ranks).sum(sums);
        const auto means = sums / context->saved_data["count"].toDouble();
        const auto inputGradient =
            perChannel(weight * inverse) *
            (gradient - perChannel(means[0]) - centred * perChannel(means[1] * inverse.square()));
        return {inputGradient.to(x.scalar_type()), weightGradient, biasGradient, {}, {}, {}};
    }
};

}  // namespace

Tensor BatchNorm2dImpl::forward(const Tensor& x) {
    // A block that is computed a second time has been counted in the running statistics.
    const bool counted = is_training() && isRecomputing();
    if (!m_ranks || !is_training()) {
        if (!counted) return BatchNormImplBase::forward(x);
        return torch::batch_norm(x, weight, bias, {}, {}, true, 0, options.eps(), false);
    }
    _check_input_dim(x);
    JointStatistics statistics;
    {
        const torch::NoGradGuard guard;
        statistics = jointStatistics(x, *m_ranks);
        if (!counted) {
            const double momentum = options.momentum().value();
            num_batches_tracked += 1;
            running_mean.lerp_(statistics.mean, momentum);
            running_var.lerp_(statistics.variance * (statistics.count / (statistics.count - 1)), momentum);
        }
    }
    return Normalise::apply(x, weight, bias, statistics, options.eps(), m_ranks);
}

void BatchNorm2dImpl::_check_input_dim(const Tensor& input) {
    TORCH_CHECK(input.dim() == 4, "BatchNorm2d takes [B,C,H,W], not ", input.dim(), " dimensions");
}

void joinBatchNorm(torch::nn::Module& module, const c10::intrusive_ptr<RankSum>& ranks) {
    for (const auto& child : module.modules())
        if (auto* norm = child->as<BatchNorm2d>()) norm->join(ranks);
}

}  // namespace signet::nn
