#include "core/securing/securing_training.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/generators/player.h"
#include "core/generators/style_generator_options.h"
#include "core/models/model_store.h"
#include "core/training/model_folder.h"
#include "core/training/picture_tensors.h"

namespace signet::securing {

using torch::Tensor;

namespace {

constexpr double kPapersXi = 0.05;  ///< of StyleGAN2 (papers.md 1.7)
constexpr std::int64_t kSampleRows = 6;
constexpr std::int64_t kDrawnAtOnce = 16;
constexpr std::uint64_t kValidationStream = 71, kSampleStream = 72;

SecuringOptions checked(SecuringOptions options) {
    options.validate();
    for (const auto& [value, key] :
         {std::pair{&options.generator, "generator"}, {&options.signature, "signature"}})
        if (value->empty())
            throw Error(ErrorCode::BadOption,
                        std::string("name the ") + key + " with --set " + key + "=NAME");
    return options;
}

std::unique_ptr<generators::Generator> loaded(const models::Manifest& manifest, torch::Device device) {
    auto generator = generators::loadGenerator(manifest);
    generator->to(device);
    return generator;
}

}  // namespace

SecuringTraining::SecuringTraining(SecuringOptions options, training::Placement placement)
    : m_options(checked(std::move(options))),
      m_placement(std::move(placement)),
      m_manifest(models::findModel(m_options.generator, m_placement.workspace)),
      m_signing(m_options.signature, m_options.code, m_options.key, m_placement, m_options.threads) {
    if (m_options.xi < 0) {
        const bool takesOne =
            !m_options.clean && m_manifest.arch == generators::kStyleGan2Arch && m_signing.hasGradient();
        m_options.xi = takesOne ? kPapersXi : 0;
    }
    const double xi = m_options.xi;
    if (m_options.clean && xi > 0)
        throw Error(ErrorCode::BadOption,
                    "clean pictures carry no signature that xi could ask for: set it to 0");
    SecuringAims aims;
    if (!m_options.clean) aims.sign = [this](const Tensor& pictures) { return m_signing.sign(pictures); };
    if (xi > 0) {
        m_signing.requireGradient();
        aims.furtherLoss = [this, xi](const Tensor& pictures) {
            return m_signing.crossEntropy(pictures) * xi;
        };
    }
    m_inner = makeSecurable(m_manifest, m_options, m_placement, std::move(aims));
    const int timesteps = generators::drawControls(m_manifest.arch, m_manifest.options).steps;
    if (timesteps > 0 && m_options.drawSteps > timesteps)
        throw Error(ErrorCode::BadOption, fmt::format("drawSteps is at most the {} timesteps", timesteps));
}

training::StepResult SecuringTraining::step(const training::Batch& batch) {
    return m_inner.training->step(batch);
}

generators::Generator& SecuringTraining::current() {
    if (!m_current) m_current = loaded(m_manifest, m_placement.device);
    if (m_currentStep != stepsDone()) {
        m_current->load(m_inner.state());
        m_currentStep = stepsDone();
    }
    return *m_current;
}

Tensor SecuringTraining::drawn(generators::Generator& generator, std::uint64_t first,
                               std::int64_t count) const {
    const torch::NoGradGuard guard;
    std::vector<at::Generator> random;
    for (std::int64_t i = 0; i < count; ++i)
        random.push_back(generators::generatorOf(first + static_cast<std::uint64_t>(i)));
    return generator.draw(random, {.steps = m_options.drawSteps}, {});
}

void SecuringTraining::setViews(const training::PhotoSet& /*photos*/) {
    m_distance = generators::drawnDistance(m_options.data, m_options.distanceImages, m_options.threads,
                                           m_placement, m_noDistance);
}

std::optional<training::Validation> SecuringTraining::validate() {
    auto& generator = current();
    const auto seed = mixedSeed(training::seedOf(m_options), kValidationStream);
    TargetSigning::Answers all;
    for (std::int64_t done = 0; done < m_options.validationImages;) {
        const auto count = std::min<std::int64_t>(kDrawnAtOnce, m_options.validationImages - done);
        const auto answers = m_signing.read(drawn(generator, seed + static_cast<std::uint64_t>(done), count));
        all.pictures += answers.pictures;
        all.found += answers.found;
        all.bits += answers.bits;
        all.bitsRight += answers.bitsRight;
        done += count;
    }
    training::Validation result;
    result.photographs = static_cast<int>(all.pictures);
    result.values = {{"val_found", static_cast<double>(all.found) / static_cast<double>(all.pictures)}};
    if (all.bits > 0)
        result.values.emplace_back("val_bit_accuracy",
                                   static_cast<double>(all.bitsRight) / static_cast<double>(all.bits));
    if (m_distance) {
        std::uint64_t first = seed;
        for (auto& value : m_distance->measure([&](std::int64_t count) {
                 const Tensor pictures = drawn(generator, first, count);
                 first += static_cast<std::uint64_t>(count);
                 return pictures;
             }))
            result.values.push_back(value);
    }
    return result;
}

std::optional<training::Samples> SecuringTraining::samples() {
    auto& generator = current();
    if (!m_original) m_original = loaded(m_manifest, m_placement.device);
    const int side = m_manifest.resolution;
    const auto seed = mixedSeed(training::seedOf(m_options), kSampleStream);
    training::Samples result{image::makeImage(3 * side, static_cast<int>(kSampleRows) * side, 3),
                             {{"side", side}, {"rows", Json::array()}}};
    for (std::int64_t row = 0; row < kSampleRows; ++row) {
        const auto first = seed + static_cast<std::uint64_t>(row);
        const Tensor before = drawn(*m_original, first, 1), after = drawn(generator, first, 1);
        const int y = static_cast<int>(row) * side;
        training::paste(result.grid, before, 0, y);
        training::paste(result.grid, after, side, y);
        training::paste(result.grid, (after - before) * training::kShownGain, 2 * side, y);
        const auto answers = m_signing.read(after);
        result.record["rows"].push_back({{"found", answers.found > 0},
                                         {"found_before", m_signing.read(before).found > 0},
                                         {"bits", answers.bits},
                                         {"bits_right", answers.bitsRight}});
    }
    return result;
}

std::optional<std::string> SecuringTraining::advice(const Json& record) {
    if (!m_noDistance.empty()) return std::exchange(m_noDistance, {});
    return m_inner.training->advice(record);
}

void SecuringTraining::writeModel(const std::filesystem::path& folder, const Json& origin) {
    models::Manifest model = m_manifest;
    model.folder = folder;
    model.name = model.title = m_options.name;
    model.validated = false;
    model.supersededBy.clear();
    models::GeneratorFields fields{std::get<models::GeneratorFields>(m_manifest.of).latent};
    if (!m_options.clean) {
        fields.signature = m_signing.manifest().name;
        fields.signatureSha256 = m_signing.manifest().weightsSha256;
        fields.codeHex = m_signing.codeHex();
    }
    fields.tunedFrom = m_manifest.name;
    fields.tunedFromSha256 = m_manifest.weightsSha256;
    model.of = fields;
    model.training = m_options.toJson();
    if (const Json& own = m_manifest.firstTraining(); own.is_object())
        model.training[models::kTrainedBefore] = own;
    model.steps = stepsDone();
    model.run = origin;
    training::writeModelFolder(std::move(model), {{"generator"}, "signet-generator", m_inner.state()});
}

}  // namespace signet::securing
