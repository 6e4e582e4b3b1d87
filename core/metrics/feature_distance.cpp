#include "core/metrics/feature_distance.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"

namespace signet::metrics {

using torch::Tensor;

namespace {

constexpr std::int64_t kSubset = 1000;
constexpr int kSubsets = 100;

/// Both sets in float64 on the CPU.
std::pair<Tensor, Tensor> checked(const Tensor& a, const Tensor& b) {
    if (a.dim() != 2 || b.dim() != 2 || a.size(1) != b.size(1))
        throw Error(ErrorCode::BadOption, "a distance is that of two sets of vectors of one length");
    if (a.size(0) < 2 || b.size(0) < 2)
        throw Error(ErrorCode::BadOption, "a distance needs at least two pictures in each set");
    return {a.to(torch::kCPU, torch::kFloat64), b.to(torch::kCPU, torch::kFloat64)};
}

Tensor centred(const Tensor& x) {
    return (x - x.mean(0, true)) / std::sqrt(static_cast<double>(x.size(0) - 1));
}

/// Tr((C1 C2)^(1/2)) of centred sets.
double rootTrace(const Tensor& a, const Tensor& b) {
    const auto d = a.size(1);
    if (a.size(0) < d || b.size(0) < d)
        return torch::linalg_svdvals(torch::matmul(a, b.t())).sum().item<double>();
    const auto [values, vectors] = torch::linalg_eigh(torch::matmul(a.t(), a));
    const Tensor root = vectors * values.clamp_min(0).sqrt();
    const Tensor inner = torch::matmul(root.t(), torch::matmul(torch::matmul(b.t(), b), root));
    return torch::linalg_eigvalsh(inner).clamp_min(0).sqrt().sum().item<double>();
}

double discrepancy(const Tensor& a, const Tensor& b) {
    const auto d = static_cast<double>(a.size(1));
    const auto kernel = [&](const Tensor& x, const Tensor& y) {
        return (torch::matmul(x, y.t()) / d + 1).pow(3);
    };
    const auto within = [&](const Tensor& x) {
        const auto n = static_cast<double>(x.size(0));
        const Tensor k = kernel(x, x);
        return (k.sum() - k.diagonal().sum()).item<double>() / (n * (n - 1));
    };
    return within(a) + within(b) - 2 * kernel(a, b).mean().item<double>();
}

}  // namespace

double frechetDistance(const Tensor& first, const Tensor& second) {
    const torch::InferenceMode guard;
    const auto [a, b] = checked(first, second);
    const double means = (a.mean(0) - b.mean(0)).square().sum().item<double>();
    const Tensor ca = centred(a), cb = centred(b);
    return means + ca.square().sum().item<double>() + cb.square().sum().item<double>() -
           2 * rootTrace(ca, cb);
}

KernelDistance kernelDistance(const Tensor& first, const Tensor& second, std::uint64_t seed) {
    const torch::InferenceMode guard;
    const auto [a, b] = checked(first, second);
    KernelDistance distance;
    if (std::min(a.size(0), b.size(0)) <= kSubset) {
        distance.mean = discrepancy(a, b);
        distance.subsetSize = std::min(a.size(0), b.size(0));
        return distance;
    }
    auto random = at::make_generator<at::CPUGeneratorImpl>(seed);
    const auto drawn = [&](const Tensor& x) {
        return x.index_select(0, torch::randperm(x.size(0), random, torch::kInt64).slice(0, 0, kSubset));
    };
    const auto values = torch::empty({kSubsets}, torch::kFloat64);
    for (int i = 0; i < kSubsets; ++i) values[i] = discrepancy(drawn(a), drawn(b));
    distance.mean = values.mean().item<double>();
    distance.subsetDeviation = values.std().item<double>();
    distance.subsets = kSubsets;
    distance.subsetSize = kSubset;
    return distance;
}

}  // namespace signet::metrics
