#include "core/signature/objective.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/signature/ladder_objective.h"
#include "core/signature/paper_objective.h"
#include "core/signature/presence_objective.h"

namespace signet::signature {
namespace {

template <typename T>
std::unique_ptr<Objective> make(const TrainingOptions& options, const training::Placement& placement) {
    return std::make_unique<T>(options, placement);
}

const std::array<ObjectiveType, 3> kObjectives{
    {{"ladder", "compact", make<LadderObjective>, LadderObjective::metrics, LadderObjective::stuckSigns},
     {"presence", "texture", make<PresenceObjective>, PresenceObjective::metrics,
      PresenceObjective::stuckSigns},
     {"paper", "paper", make<PaperObjective>, PaperObjective::metrics, PaperObjective::stuckSigns}}};

template <typename Accept>
const ObjectiveType& firstWhere(Accept&& accept, const std::string& otherwise) {
    const auto at = std::find_if(kObjectives.begin(), kObjectives.end(), accept);
    if (at == kObjectives.end()) throw Error(ErrorCode::BadOption, otherwise);
    return *at;
}

}  // namespace

const ObjectiveType& objectiveOf(const TrainingOptions& options) {
    const auto& named = firstWhere([&](const ObjectiveType& type) { return options.objective == type.name; },
                                   fmt::format("there is no objective \"{}\"", options.objective));
    if (options.network.arch == named.arch) return named;
    const auto& other =
        firstWhere([&](const ObjectiveType& type) { return options.network.arch == type.arch; },
                   fmt::format("nothing trains network.arch \"{}\"", options.network.arch));
    throw Error(ErrorCode::BadOption,
                fmt::format("objective \"{}\" trains networks of network.arch \"{}\"; those of \"{}\" train "
                            "with objective \"{}\"",
                            named.name, named.arch, other.arch, other.name));
}

torch::Tensor PassShare::of(const torch::Tensor& perImage) const {
    return perImage.slice(0, firstImage(), firstImage() + ownImages());
}

torch::Tensor PassShare::weightedMean(const torch::Tensor& loss, const torch::Tensor& weight) const {
    auto total = weight.detach().sum();
    m_group->sum(total);
    return (loss * weight).sum() / (total.clamp_min(1) / m_group->size());
}

}  // namespace signet::signature
