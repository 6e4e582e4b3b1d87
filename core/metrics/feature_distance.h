#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>

namespace signet::metrics {

/// Frechet distance of two sets of feature vectors taken for normal: |m1 - m2|^2 + Tr(C1) + Tr(C2) -
/// 2 Tr((C1 C2)^(1/2)) with unbiased covariances (Heusel et al. 2017, Eq. 6), without forming that root: for
/// fewer vectors than numbers it is the sum of the singular values of the centred sets' product, else that of
/// the roots of the eigenvalues of C1^(1/2) C2 C1^(1/2). a: [n1,d], b: [n2,d], any float type; computed in
/// float64. Throws BadOption for fewer than 2 vectors or other lengths. It falls with n for the same
/// pictures: compare only values of one n and d.
double frechetDistance(const torch::Tensor& a, const torch::Tensor& b);

/// Kernel distance (KID, Binkowski et al. 2018): the unbiased squared maximum mean discrepancy with the
/// kernel (x.y / d + 1)^3.
struct KernelDistance {
    double mean = 0;
    /// Standard deviation of the subsets' values, no standard error of the mean; nothing of one subset.
    std::optional<double> subsetDeviation;
    int subsets = 1;
    std::int64_t subsetSize = 0;
};

/// Over 100 subsets of 1000 vectors of each set, drawn with seed; where a set has not more, over all of both
/// at once. Throws BadOption for fewer than 2 vectors or other lengths.
KernelDistance kernelDistance(const torch::Tensor& a, const torch::Tensor& b, std::uint64_t seed);

}  // namespace signet::metrics
