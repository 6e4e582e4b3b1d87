#include "core/baselines/attribution_model.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <mutex>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/baselines/attribution_network.h"
#include "core/nn/runtime.h"
#include "core/nn/threads.h"
#include "core/training/picture_tensors.h"

namespace signet::baselines {

struct AttributionModel::Impl {
    std::unique_ptr<Attributor> attributor;
    torch::Device device{torch::kCPU};
    int threads = 1;
    std::mutex mutex;
};

AttributionModel::AttributionModel(const std::filesystem::path& modelFolder, const std::string& device,
                                   int threads)
    : m_impl(std::make_unique<Impl>()) {
    m_impl->device = nn::deviceFromName(device);
    m_impl->threads = threads;
    m_impl->attributor = Attributor::load(modelFolder);
    m_impl->attributor->network()->to(m_impl->device);
}

AttributionModel::~AttributionModel() = default;
AttributionModel::AttributionModel(AttributionModel&&) noexcept = default;
AttributionModel& AttributionModel::operator=(AttributionModel&&) noexcept = default;

int AttributionModel::side() const {
    return m_impl->attributor->options().side;
}

const std::vector<std::string>& AttributionModel::classes() const {
    return m_impl->attributor->options().classes;
}

std::vector<double> AttributionModel::scores(const image::Image& image) {
    const auto input = training::toSquare(image::toRgb8(image), side());
    const std::lock_guard lock(m_impl->mutex);
    const torch::InferenceMode guard;
    nn::useThreads(m_impl->threads);
    const auto scores =
        m_impl->attributor->scores(input.to(m_impl->device)).to(torch::kCPU, torch::kFloat64).contiguous();
    const double* first = scores.const_data_ptr<double>();
    return {first, first + scores.numel()};
}

std::optional<std::size_t> openWorldAnswer(std::span<const double> logits) {
    std::optional<std::size_t> answer;
    for (std::size_t i = 0; i < logits.size(); ++i)
        if (logits[i] > 0 && (!answer || logits[i] > logits[*answer])) answer = i;
    return answer;
}

AttributionSet::AttributionSet(const std::vector<std::filesystem::path>& modelFolders,
                               const std::string& device, int threads) {
    if (modelFolders.empty())
        throw Error(ErrorCode::BadOption, "an open world needs a network for each source; none is named");
    for (const auto& folder : modelFolders) {
        AttributionModel model(folder, device, threads);
        const auto& classes = model.classes();
        const auto own = std::find_if(classes.begin(), classes.end(),
                                      [](const std::string& name) { return name != kRest; });
        if (classes.size() != 2 || std::count(classes.begin(), classes.end(), kRest) != 1)
            throw Error(ErrorCode::BadOption,
                        fmt::format("{} tells {} apart; a network of an open world tells one source from "
                                    "\"{}\"",
                                    toUtf8(folder.string()), fmt::join(classes, ", "), kRest));
        if (std::find(m_sources.begin(), m_sources.end(), *own) != m_sources.end())
            throw Error(ErrorCode::BadOption, fmt::format("two networks are of the source \"{}\"", *own));
        m_sources.push_back(*own);
        m_models.push_back(std::move(model));
    }
}

std::vector<double> AttributionSet::logits(const image::Image& image) {
    std::vector<double> logits;
    for (std::size_t i = 0; i < m_models.size(); ++i) {
        const auto scores = m_models[i].scores(image);
        const std::size_t own = m_models[i].classes()[0] == m_sources[i] ? 0 : 1;
        logits.push_back(scores[own] - scores[1 - own]);
    }
    return logits;
}

std::optional<std::string> AttributionSet::answer(const image::Image& image) {
    const auto source = openWorldAnswer(logits(image));
    return source ? std::optional(m_sources[*source]) : std::nullopt;
}

}  // namespace signet::baselines
