#pragma once

#include <ATen/ATen.h>

#include "core/signature/joint_training.h"

/// Batches and measures that the tests of trainings share.
namespace signet::tests {

/// Batch k of a run, as a loader would give it to this rank: smooth pictures, a function of k alone.
inline at::Tensor batchOf(const signature::JointTraining& job, std::uint64_t k) {
    at::manual_seed(1000 + k);
    const std::int64_t side = job.batchSide();
    const auto coarse = at::rand({job.options().batch, 3, side / 8, side / 8}) * 2 - 1;
    const auto loader = job.loaderOptions();
    std::vector<at::Tensor> shares;
    for (const auto& part : at::upsample_bilinear2d(coarse, {side, side}, false).chunk(loader.parts))
        shares.push_back(part.chunk(loader.ranks)[std::size_t(loader.rank)]);
    return at::cat(shares);
}

/// The largest value, by amount.
inline double largest(const at::Tensor& values) {
    return values.abs().max().item<double>();
}

}  // namespace signet::tests
