#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <string>

#include "core/nn/batch_norm.h"
#include "core/nn/safetensors.h"
#include "core/training/launch.h"

namespace c10d {
class ProcessGroup;
}

namespace signet::training {

/// The processes (ranks) that train one model together, over c10d: Gloo for tensors in memory, NCCL for those
/// on GPUs. Alone (the default), every call returns at once. Otherwise each call waits for all ranks, which
/// make the same calls in the same order from their training thread; when a rank is lost or not there within
/// the launch's patience, it throws Environment saying so, and the group is of no further use.
class ProcessGroup : public nn::RankSum {
public:
    ProcessGroup();
    /// Meets the others. Throws Environment naming the ranks that did not come in time.
    explicit ProcessGroup(const Launch& launch, torch::Device device = torch::kCPU);
    ~ProcessGroup() override;

    /// By what the launcher has put into the environment; alone without a launcher. Throws as launchFrom and
    /// the constructor.
    static c10::intrusive_ptr<ProcessGroup> join(torch::Device device = torch::kCPU);

    int rank() const { return m_rank; }
    int size() const { return m_size; }
    bool isFirst() const { return m_rank == 0; }

    void sum(torch::Tensor& tensor) override;
    /// Mean over the ranks, in a new tensor without gradient.
    torch::Tensor mean(const torch::Tensor& tensor);
    /// [n,...] of every rank as [size * n,...], in rank order.
    torch::Tensor gather(const torch::Tensor& part);
    /// True on all ranks when it is on one.
    bool any(bool mine);
    /// Rank 0's, on every rank.
    std::string broadcast(const std::string& text);
    nn::SafeTensors broadcast(const nn::SafeTensors& tensors);

    /// Throws BadOption on all ranks, naming those whose text is not rank 0's. what: e.g. "other options".
    void agree(const std::string& text, const std::string& what);
    /// work on rank 0 alone, which makes none of these calls and may take 30 minutes; its Error is thrown on
    /// every rank. Meanwhile the ranks meet every few seconds, so that one that hangs or ends is noticed as
    /// in any other call; rank 0 throws after its work.
    void onFirst(const std::function<void()>& work);

    /// Runs work and turns what c10d throws for a lost rank into Environment. For calls into c10d made
    /// elsewhere, as a backward pass that averages gradients.
    void guard(const std::function<void()>& work);

    /// For c10d's own classes; null alone.
    const c10::intrusive_ptr<c10d::ProcessGroup>& c10d() const;

private:
    struct Joined;
    int m_rank = 0;
    int m_size = 1;
    std::unique_ptr<Joined> m_joined;
};

}  // namespace signet::training
