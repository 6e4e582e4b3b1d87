#include "core/signature/networks.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <span>
#include <string>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/nn/image_random.h"
#include "core/signature/texture_networks.h"
#include "core/training/run_options.h"

namespace signet::signature {
namespace {

/// Each picture with noise that it itself decides, so that it is signed the same again.
torch::Tensor withNoise(const torch::Tensor& images, double sigma) {
    if (sigma <= 0) return images;
    std::vector<torch::Tensor> noise;
    for (const auto& image : images.to(torch::kCPU, torch::kFloat32).unbind()) {
        const auto plain = image.contiguous();
        const auto hash =
            sha256Hex(std::span(static_cast<const std::uint8_t*>(plain.const_data_ptr()), plain.nbytes()));
        noise.push_back(nn::normalLike(image.unsqueeze(0), std::stoull(hash.substr(0, 16), nullptr, 16), 0));
    }
    return images + torch::cat(noise).to(images.device()) * sigma;
}

void require(bool ok, const char* what) {
    if (!ok) throw Error(ErrorCode::BadOption, what);
}

constexpr const char* kNetwork = training::kNetworkGroup;
constexpr const char* kPrefix = "network.";
constexpr const char* kIfOurs = "network.arch=compact|texture";
constexpr int kHeadWidth = 64;  ///< of attention in the paper's injector
constexpr const char* kIfPapers = "network.arch=paper";

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
    visit(o.injectorWidth, I{"injectorWidth", kNetwork,
                             "Channels of the injector's first level, a multiple of injectorGroups.", 8, 512,
                             "", "", kIfPapers});
    visit(o.injectorMultipliers, I{"injectorMultipliers", kNetwork, "Channels by level, as multiples of it.",
                                   1, 16, "", "", kIfPapers});
    visit(o.injectorBlocks,
          I{"injectorBlocks", kNetwork, "Residual blocks a level on the way down; one more on the way up.", 1,
            8, "", "", kIfPapers});
    visit(o.injectorAttention,
          I{"injectorAttention", kNetwork, "Down-sampling factors at which attention follows each block.", 1,
            64, "", "", kIfPapers});
    visit(o.injectorDropout,
          I{"injectorDropout", kNetwork, "In the injector's residual blocks.", 0, 0.9, "", "", kIfPapers});
    visit(o.injectorGroups, I{"injectorGroups", kNetwork,
                              "Of group normalisations; 32 as published, narrow networks need fewer.", 1, 32,
                              "", "", kIfPapers});
    visit(o.conditioning,
          I{"conditioning", kNetwork,
            "How the code enters. code: a scale and shift a residual block, on its second group "
            "normalisation; text: AdaIN after every convolution.",
            0, 0, "", "code|text", kIfPapers});
    visit(o.inputNoise,
          I{"inputNoise", kNetwork,
            "Sigma of Gaussian noise on the picture that the injector is given, [-1,1] units (Table 9: 0.5), "
            "in signing too; training sets it.",
            0, 2, "", "", kIfPapers});
    visit(o.detectorBlocks,
          I{"detectorBlocks", kNetwork, "Blocks of the detector's four stages: 3, 4, 6, 3 is ResNet-34.", 1,
            16, "", "", kIfPapers});
    visit(o.detectorWidth, I{"detectorWidth", kNetwork,
                             "Channels of the detector's first stage; each further one has twice as many.", 8,
                             256, "", "", kIfPapers});
}

}  // namespace

void NetworkOptions::validate() const {
    walk(*this, [](const auto& field, const OptionInfo& info) {
        checkOption(describeOption(info, field, kPrefix), field);
    });
    require(workSide % 32 == 0, "network.workSide is a multiple of 32");
    require(arch != "compact" || workSide == 96 || bits == 1, "a compact code model works at 96 px");
    require(injectorWidth % injectorGroups == 0, "network.injectorWidth is a multiple of injectorGroups");
    require(!injectorMultipliers.empty() && injectorMultipliers.size() <= 6,
            "network.injectorMultipliers has a number for each of 1 to 6 levels");
    for (const int multiplier : injectorMultipliers)
        require(injectorWidth * multiplier % std::min(kHeadWidth, injectorWidth) == 0,
                "network.injectorWidth times a multiplier is a multiple of 64, the width of a head");
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
    // Models from before there were these have none.
    const Json standard = o.toJson();
    for (const char* later : {"level", "injectorWidth", "injectorMultipliers", "injectorBlocks",
                              "injectorAttention", "injectorDropout", "injectorGroups", "conditioning",
                              "inputNoise", "detectorBlocks", "detectorWidth"})
        if (!given.contains(later)) given[later] = standard.at(later);
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

std::unique_ptr<Networks> Networks::ofModel(const Json& networkOptions, const std::filesystem::path& weights,
                                            const std::string& sha256, torch::Device device) {
    auto networks = create(NetworkOptions::fromJson(networkOptions));
    networks->load(nn::loadSafeTensors(weights, sha256).tensors);
    networks->to(device);
    networks->train(false);
    for (auto* module : {&networks->injector(), &networks->detector()})
        for (auto& parameter : module->parameters()) parameter.requires_grad_(false);
    return networks;
}

bool NetworkOptions::sameNetworks(const NetworkOptions& other) const {
    NetworkOptions same = *this;
    same.nominalPsnrDb = other.nominalPsnrDb;
    same.level = other.level;
    return same.toJson() == other.toJson();
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
      m_unet(injectorUNet(m_options, true)),
      m_resnet(nn::ResNetOptions{m_options.bits, m_options.detectorBlocks, m_options.detectorWidth}) {}

nn::UNetOptions injectorUNet(const NetworkOptions& options, bool withCode) {
    nn::UNetOptions unet;
    unet.imageSize = options.workSide;
    unet.baseWidth = options.injectorWidth;
    unet.multipliers = options.injectorMultipliers;
    unet.blocksPerLevel = options.injectorBlocks;
    unet.attentionFactors = options.injectorAttention;
    unet.headWidth = std::min(kHeadWidth, options.injectorWidth);
    unet.dropout = options.injectorDropout;
    unet.groups = options.injectorGroups;
    unet.conditioning =
        options.conditioning == "text" ? nn::Conditioning::AdaIn : nn::Conditioning::ScaleShift;
    unet.codeBits = withCode && options.bits > 1 ? options.bits : 0;
    return unet;
}

torch::Tensor PaperNetworks::signImage(const torch::Tensor& x, const torch::Tensor& code) {
    return torch::tanh(m_unet->forward(x, {.code = code}));
}

torch::Tensor PaperNetworks::residual(const torch::Tensor& image, const torch::Tensor& code) {
    return signImage(withNoise(image, m_options.inputNoise), code) - image;
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
