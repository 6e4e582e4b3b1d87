#pragma once

#include <torch/custom_class.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/types.h>

namespace signet::nn {

/// Adds tensors up over the processes that train together.
class RankSum : public torch::CustomClassHolder {
public:
    /// tensor becomes the sum over all ranks, in place. All ranks call it with the same shape, in the same
    /// order.
    virtual void sum(torch::Tensor& tensor) = 0;
};

/// torch::nn::BatchNorm2d (same state-dict names, same arithmetic) whose statistics can be those of the whole
/// batch when each rank has a share of it.
class BatchNorm2dImpl : public torch::nn::BatchNormImplBase<2, BatchNorm2dImpl> {
public:
    using BatchNormImplBase<2, BatchNorm2dImpl>::BatchNormImplBase;

    /// x: [B,C,H,W]. In training with joined ranks, mean and variance are over all ranks' images, and the
    /// gradient passes through them: the gradients of the ranks, added up, are those of the whole batch.
    torch::Tensor forward(const torch::Tensor& x);

    /// From now on training statistics are taken over these ranks. Null: over this process's images alone.
    void join(c10::intrusive_ptr<RankSum> ranks) { m_ranks = std::move(ranks); }

protected:
    void _check_input_dim(const torch::Tensor& input) override;

private:
    c10::intrusive_ptr<RankSum> m_ranks;
};
TORCH_MODULE(BatchNorm2d);

/// Joins every BatchNorm2d under module.
void joinBatchNorm(torch::nn::Module& module, const c10::intrusive_ptr<RankSum>& ranks);

}  // namespace signet::nn
