#include "core/signature/networks.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include "core/base/error.h"
#include "core/signature/texture_networks.h"
#include "core/training/run_options.h"

namespace signet::signature {
namespace {

void require(bool ok, const char* what) {
    if (!ok) throw Error(ErrorCode::BadOption, what);
}

constexpr const char* kNetwork = training::kNetworkGroup;
constexpr const char* kPrefix = "network.";
constexpr const char* kIfOurs = "network.arch=compact|texture";

/// One walk over all fields serves reading, writing, checking and the form: visit(field, info).
template <typename Options, typename Visitor>
void walk(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    visit(o.arch, I{"arch", kNetwork,
                    "compact: ours, for CPUs; texture: ours, presence alone, from any part of a picture; "
                    "paper: the injector and detector of paper A.",
                    0, 0, "", "compact|texture|paper"});
    visit(o.bits, I{"bits", kNetwork, "1: presence only; more: a code, all zero reserved for real images.", 1,
                    256, "bits"});
    visit(o.workSide, I{"workSide", kNetwork, "Side of the square the injector works at, a multiple of 32.",
                        32, 512, "px"});
    visit(o.injectorWidths,
          I{"injectorWidths", kNetwork, "Channels of the injector's three levels, multiples of 8.", 8, 512,
            "", "", kIfOurs});
    visit(o.detectorWidths,
          I{"detectorWidths", kNetwork, "Channels of the detector's three levels, multiples of 8.", 8, 512,
            "", "", kIfOurs});
    visit(o.nominalPsnrDb,
          I{"nominalPsnrDb", kNetwork, "PSNR of the residual at strength 1; training sets it.", 10, 70, "dB",
            "", kIfOurs});
    visit(o.level, I{"level", kNetwork, "Visibility of the residual at strength 1; training sets it.", 0.01,
                     100, "grey levels", "", "network.arch=texture"});
}

}  // namespace

void NetworkOptions::validate() const {
    walk(*this, [](const auto& field, const OptionInfo& info) {
        checkOption(describeOption(info, field, kPrefix), field);
    });
    require(workSide % 32 == 0, "network.workSide is a multiple of 32");
    require(arch != "compact" || workSide == 96 || bits == 1, "a compact code model works at 96 px");
    require(arch != "texture" || !hasCode(), "network.bits is 1 where network.arch is texture");
    for (const auto& widths : {injectorWidths, detectorWidths})
        for (const int width : widths)
            require(width % 8 == 0, "network.injectorWidths and detectorWidths are multiples of 8");
}

std::vector<OptionDescription> NetworkOptions::describe() {
    std::vector<OptionDescription> fields;
    const NetworkOptions standard;
    walk(standard, [&](const auto& field, const OptionInfo& info) {
        fields.push_back(describeOption(info, field, kPrefix));
    });
    return fields;
}

Json NetworkOptions::toJson() const {
    Json json = Json::object();
    walk(*this, [&](const auto& field, const OptionInfo& info) { json[info.key] = field; });
    return json;
}

NetworkOptions NetworkOptions::fromJson(const Json& json) {
    NetworkOptions o;
    if (!json.is_object()) throw Error(ErrorCode::BadOption, "network options are a JSON object");
    Json given = json;
    given.emplace("level", o.level);  // models from before there was one have none
    walk(o, [&](auto& field, const OptionInfo& info) {
        if (!given.contains(info.key))
            throw Error(ErrorCode::BadOption, fmt::format("the network options lack \"{}\"", info.key));
        field = strictValue<std::decay_t<decltype(field)>>(given[info.key], kPrefix + std::string(info.key));
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
    if (options.arch == "texture") return std::make_unique<TextureNetworks>(options);
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

torch::Tensor PaperNetworks::residual(const torch::Tensor& image, const torch::Tensor& code) {
    return signImage(image, code) - image;
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
    // The cells of the bit whose score is the answer, so that their mean is that score.
    std::vector<torch::Tensor> maps;
    for (std::int64_t i = 0; i < image.size(0); ++i)
        maps.push_back(cells[i][strongest[i].item<std::int64_t>()]);
    return {presence, torch::stack(maps), m_options.hasCode() ? logits : torch::Tensor(),
            torch::eye(2, 3).unsqueeze(0).repeat({image.size(0), 1, 1}), 1};
}

}  // namespace signet::signature
