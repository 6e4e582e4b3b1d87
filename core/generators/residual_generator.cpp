#include "core/generators/residual_generator.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include "core/base/error.h"

namespace signet::generators {

nn::ResidualGan residualGanOf(const std::string& arch) {
    if (arch == kSnganArch) return nn::ResidualGan::Sngan;
    if (arch == kWganGpArch) return nn::ResidualGan::WganGp;
    throw Error(ErrorCode::Corrupt,
                fmt::format("\"{}\" is neither {} nor {}", arch, kSnganArch, kWganGpArch));
}

ResidualGenerator::ResidualGenerator(nn::ResidualGan kind, const ResidualGeneratorOptions& options)
    : m_kind(kind), m_options(options) {
    m_options.validate();
    nn::ResidualGeneratorImpl::Shape shape;
    shape.kind = kind;
    shape.side = options.side;
    shape.latent = options.latent;
    shape.width = options.width;
    m_network = nn::ResidualGenerator(shape);
    m_network->eval();
}

torch::Tensor ResidualGenerator::drawFrom(const torch::Tensor& latents,
                                          const std::vector<at::Generator>& /*random*/,
                                          const DrawSettings& /*settings*/, const WorkContext& /*context*/) {
    return m_network(latents.to(m_device), torch::Tensor());
}

const char* ResidualGenerator::arch() const {
    return m_kind == nn::ResidualGan::Sngan ? kSnganArch : kWganGpArch;
}

std::int64_t ResidualGenerator::parameterCount() const {
    return nn::parameterCount(*m_network);
}

void ResidualGenerator::to(torch::Device device) {
    m_network->to(device);
    m_device = device;
}

nn::TensorMap ResidualGenerator::state() const {
    return nn::stateDict(*m_network);
}

void ResidualGenerator::load(const nn::TensorMap& state) {
    nn::loadStateDict(*m_network, state);
}

}  // namespace signet::generators
