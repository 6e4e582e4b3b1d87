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

}  // namespace

torch::Tensor Generator::regenerated(const torch::Tensor& /*pictures*/, double /*share*/,
                                     const std::vector<at::Generator>& /*random*/,
                                     const WorkContext& /*context*/) {
    throw Error(ErrorCode::BadOption,
                fmt::format("a generator of the form \"{}\" draws no picture anew: diffusions do (\"{}\", "
                            "\"{}\")",
                            arch(), kAdmArch, kLdmArch));
}

std::unique_ptr<Generator> makeGenerator(const std::string& arch, const Json& networkOptions) {
    if (arch == kStyleGan2Arch)
        return std::make_unique<StyleGenerator>(StyleGeneratorOptions::fromJson(networkOptions));
    if (arch == kSnganArch || arch == kWganGpArch)
        return std::make_unique<ResidualGenerator>(residualGanOf(arch),
                                                   ResidualGeneratorOptions::fromJson(networkOptions));
    if (arch == kAdmArch) return std::make_unique<AdmGenerator>(AdmOptions::fromJson(networkOptions));
    if (arch == kLdmArch) return std::make_unique<LdmGenerator>(LdmOptions::fromJson(networkOptions));
    throw Error(ErrorCode::Corrupt,
                fmt::format("\"{}\" is no form of generator that this version knows", arch));
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
