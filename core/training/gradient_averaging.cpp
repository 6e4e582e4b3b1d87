#include "core/training/gradient_averaging.h"

#include <torch/torch.h>

#include <algorithm>
#include <torch/csrc/distributed/c10d/logger.hpp>
#include <torch/csrc/distributed/c10d/reducer.hpp>

namespace signet::training {
namespace {

/// Drops c10d's advice: to say someUnused only where every step leaves parameters out, and that a gradient's
/// strides are not its parameter's (1 x 1 convolutions have several that mean the same).
class Silence : public c10::WarningHandler {
    void process(const c10::Warning& /*warning*/) override {}
};

}  // namespace

GradientAveraging::GradientAveraging(ProcessGroup& group, std::vector<torch::Tensor> parameters,
                                     bool someUnused)
    : m_group(group), m_someUnused(someUnused) {
    if (group.size() == 1) return;
    auto assignment = c10d::compute_bucket_assignment_by_size(
        parameters, {c10d::kDefaultFirstBucketBytes, c10d::kDefaultBucketBytesCap});
    auto& buckets = std::get<0>(assignment);
    std::reverse(buckets.begin(), buckets.end());  // backward begins at the last parameters
    std::vector<bool> sparse(parameters.size(), false);
    constexpr bool kGradientsAreViews = true, kSkipUnused = false, kPython = false;
    group.guard([&] {
        m_reducer = std::make_shared<c10d::Reducer>(
            std::move(parameters), std::move(buckets), group.c10d(), std::move(sparse),
            c10d::kDefaultBucketBytesCap, someUnused, kGradientsAreViews,
            std::unordered_map<std::size_t, std::string>{}, c10d::kDefaultFirstBucketBytes, kSkipUnused,
            kPython, std::vector<std::int64_t>{});
        if (!someUnused) return;
        // The Reducer tells its logger, without asking whether there is one, when the unused set has changed.
        m_logger = std::make_shared<c10d::Logger>(m_reducer);
        m_logger->set_construction_data_and_log("JointTraining", {}, -1, false, false, false);
        m_reducer->set_logger(m_logger);
    });
}

GradientAveraging::~GradientAveraging() = default;

void GradientAveraging::backward(const torch::Tensor& loss) {
    if (!m_reducer) {
        loss.backward();
        return;
    }
    m_group.guard([&] {
        m_reducer->rebuild_buckets();  // once, in the order the first backward pass came in
        m_reducer->prepare_for_forward();
        Silence silence;
        const c10::WarningUtils::WarningHandlerGuard guard(&silence);
        m_reducer->prepare_for_backward(m_someUnused ? std::vector<torch::Tensor>{loss}
                                                     : std::vector<torch::Tensor>{});
        loss.backward();
    });
}

}  // namespace signet::training
