#include "core/signature/networks.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include "core/base/error.h"

namespace signet::signature {
namespace {

void require(bool ok, const char* what) {
    if (!ok) throw Error(ErrorCode::BadOption, what);
}

/// One walk over all fields serves reading and writing.
template <typename Options, typename Visitor>
void walk(Options& o, Visitor&& visit) {
    visit("arch", o.arch);
    visit("bits", o.bits);
    visit("workSide", o.workSide);
    visit("injectorWidths", o.injectorWidths);
    visit("detectorWidths", o.detectorWidths);
    visit("nominalPsnrDb", o.nominalPsnrDb);
}

}  // namespace

void NetworkOptions::validate() const {
    require(arch == "compact" || arch == "paper", "arch is \"compact\" or \"paper\"");
    require(bits >= 1 && bits <= 256, "bits lies in 1..256");
    require(workSide >= 32 && workSide <= 512, "workSide lies in 32..512 px");
    require(workSide % 32 == 0, "workSide is a multiple of 32");
    require(arch != "compact" || workSide == 96 || bits == 1, "a compact code model works at 96 px");
    for (const int width : injectorWidths)
        require(width % 8 == 0 && width >= 8 && width <= 512, "injectorWidths are multiples of 8 in 8..512");
    for (const int width : detectorWidths)
        require(width % 8 == 0 && width >= 8 && width <= 512, "detectorWidths are multiples of 8 in 8..512");
    require(nominalPsnrDb >= 10 && nominalPsnrDb <= 70, "nominalPsnrDb lies in 10..70 dB");
}

Json NetworkOptions::toJson() const {
    Json json = Json::object();
    walk(*this, [&](const char* key, const auto& field) { json[key] = field; });
    return json;
}

NetworkOptions NetworkOptions::fromJson(const Json& json) {
    NetworkOptions o;
    if (!json.is_object()) throw Error(ErrorCode::BadOption, "network options are a JSON object");
    walk(o, [&](const char* key, auto& field) {
        if (!json.contains(key))
            throw Error(ErrorCode::BadOption, fmt::format("the network options lack \"{}\"", key));
        field = strictValue<std::decay_t<decltype(field)>>(json[key], fmt::format("network.{}", key));
    });
    const Json known = o.toJson();
    for (const auto& [key, value] : json.items()) {
        if (!known.contains(key))
            throw Error(ErrorCode::BadOption, fmt::format("unknown key \"network.{}\"", key));
    }
    o.validate();
    return o;
}

std::unique_ptr<Networks> Networks::create(const NetworkOptions& options) {
    options.validate();
    if (options.arch == "paper") return std::make_unique<PaperNetworks>(options);
    return std::make_unique<CompactNetworks>(options);
}

void Networks::train(bool on) {
    injector().train(on);
    detector().train(on);
}

void Networks::to(torch::Device device) {
    injector().to(device);
    detector().to(device);
}

nn::TensorMap Networks::state() {
    nn::TensorMap all;
    nn::addWithPrefix(all, nn::stateDict(injector()), "injector.");
    nn::addWithPrefix(all, nn::stateDict(detector()), "detector.");
    return all;
}

void Networks::load(const nn::TensorMap& state) {
    const auto injectorState = nn::withoutPrefix(state, "injector.");
    const auto detectorState = nn::withoutPrefix(state, "detector.");
    nn::checkStateDict(injector(), injectorState);  // both or neither
    nn::loadStateDict(detector(), detectorState);
    nn::loadStateDict(injector(), injectorState);
}

PaperNetworks::PaperNetworks(NetworkOptions options)
    : Networks(std::move(options)),
      m_unet(nn::UNetOptions{.imageSize = m_options.workSide,
                             .codeBits = m_options.bits > 1 ? m_options.bits : 0}),
      m_resnet(m_options.bits) {}

torch::Tensor PaperNetworks::signImage(const torch::Tensor& x, const torch::Tensor& code) {
    return torch::tanh(m_unet(x, code));
}

torch::Tensor PaperNetworks::residual(const torch::Tensor& x, const torch::Tensor& code) {
    return signImage(x, code) - x;
}

torch::Tensor PaperNetworks::embed(const torch::Tensor& image, const torch::Tensor& code,
                                   const EmbeddingOptions& options) {
    return residual(image, code) * options.strength;
}

Reading PaperNetworks::read(const torch::Tensor& image, double /*aspect*/) {
    const auto cells = m_resnet->cells(image).to(torch::kFloat32);
    const auto logits = cells.mean({2, 3});
    // Code 0 is the real image: a signature is there when any bit is.
    const auto [presence, strongest] = logits.max(1);
    const auto map = m_options.hasCode() ? cells.amax(1) : cells.select(1, 0);
    return {presence, map, m_options.hasCode() ? logits : torch::Tensor(),
            torch::eye(2, 3).unsqueeze(0).repeat({image.size(0), 1, 1}), 1};
}

}  // namespace signet::signature
