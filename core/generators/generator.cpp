#include "core/generators/generator.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/generators/adm_generator.h"
#include "core/generators/ldm_generator.h"
#include "core/generators/residual_generator.h"
#include "core/generators/style_generator.h"

namespace signet::generators {

namespace {

constexpr double kStraight = 1e-6;  ///< sine of an angle below which the way is a line

template <typename Made, typename Options>
std::unique_ptr<Generator> madeOf(const Json& options) {
    return std::make_unique<Made>(Options::fromJson(options));
}

template <nn::ResidualGan kKind>
std::unique_ptr<Generator> madeResidual(const Json& options) {
    return std::make_unique<ResidualGenerator>(kKind, ResidualGeneratorOptions::fromJson(options));
}

DrawControls controlsOf(const StyleGeneratorOptions& network) {
    return {.truncation = network.mappingLayers > 0};
}

DrawControls controlsOf(const DenoiserOptions& network) {
    return {.steps = network.timesteps, .classes = network.classes};
}

DrawControls noControls(const Json& /*options*/) {
    return {};
}

/// A form of generators: the one place where a form is added.
struct GeneratorForm {
    const char* arch;
    std::unique_ptr<Generator> (*make)(const Json& options);
    DrawControls (*controls)(const Json& options);
};
constexpr GeneratorForm kGeneratorForms[] = {
    {kStyleGan2Arch, madeOf<StyleGenerator, StyleGeneratorOptions>,
     [](const Json& options) { return controlsOf(StyleGeneratorOptions::fromJson(options)); }},
    {kSnganArch, madeResidual<nn::ResidualGan::Sngan>, noControls},
    {kWganGpArch, madeResidual<nn::ResidualGan::WganGp>, noControls},
    {kAdmArch, madeOf<AdmGenerator, AdmOptions>,
     [](const Json& options) { return controlsOf(AdmOptions::fromJson(options).base); }},
    {kLdmArch, madeOf<LdmGenerator, LdmOptions>,
     [](const Json& options) { return controlsOf(LdmOptions::fromJson(options).denoiser); }}};

const GeneratorForm& generatorForm(const std::string& arch) {
    for (const GeneratorForm& form : kGeneratorForms)
        if (arch == form.arch) return form;
    throw Error(ErrorCode::Corrupt,
                fmt::format("\"{}\" is no form of generator that this version knows", arch));
}

}  // namespace

torch::Tensor Generator::regenerated(const torch::Tensor& /*pictures*/, double /*share*/,
                                     const std::vector<at::Generator>& /*random*/,
                                     const WorkContext& /*context*/) {
    throw Error(ErrorCode::BadOption,
                fmt::format("a generator of the form \"{}\" draws no picture anew: diffusions do (\"{}\", "
                            "\"{}\")",
                            arch(), kAdmArch, kLdmArch));
}

DrawControls drawControls(const std::string& arch, const Json& networkOptions) {
    return generatorForm(arch).controls(networkOptions);
}

std::unique_ptr<Generator> makeGenerator(const std::string& arch, const Json& networkOptions) {
    return generatorForm(arch).make(networkOptions);
}

nn::TensorMap generatorWeights(const models::Manifest& manifest) {
    const models::WeightFile& weights = manifest.weightsFor("generator");
    return nn::loadSafeTensors(manifest.pathOf(weights), weights.sha256).tensors;
}

std::unique_ptr<Generator> loadGenerator(const models::Manifest& manifest) {
    if (manifest.kind() != models::Kind::Generator && manifest.kind() != models::Kind::Instance)
        throw Error(ErrorCode::BadOption, fmt::format("{} is a model of kind \"{}\": it draws no pictures",
                                                      manifest.name, toString(manifest.kind())));
    auto generator = makeGenerator(manifest.arch, manifest.options);
    generator->load(generatorWeights(manifest));
    return generator;
}

torch::Tensor latentsOf(const std::vector<at::Generator>& random, int numbers) {
    std::vector<torch::Tensor> rows;
    rows.reserve(random.size());
    for (const auto& generator : random) rows.push_back(torch::randn({1, numbers}, generator));
    return torch::cat(rows);
}

torch::Tensor latentsBetween(const torch::Tensor& one, const torch::Tensor& other,
                             const std::vector<double>& shares) {
    const double cosine = (one * other).sum().item<double>() /
                          (one.norm().item<double>() * other.norm().item<double>() + 1e-12);
    const double angle = std::acos(std::clamp(cosine, -1.0, 1.0));
    std::vector<torch::Tensor> rows;
    for (const double share : shares) {
        if (std::sin(angle) < kStraight) {
            rows.push_back(torch::lerp(one, other, share));
            continue;
        }
        rows.push_back(one * (std::sin((1 - share) * angle) / std::sin(angle)) +
                       other * (std::sin(share * angle) / std::sin(angle)));
    }
    return torch::cat(rows);
}

}  // namespace signet::generators
