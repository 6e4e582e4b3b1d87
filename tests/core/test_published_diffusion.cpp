// Published checkpoints of diffusions become generators: what the tensors tell is told from them, the
// averaged weights are taken, what is missing is named.
#include <torch/torch.h>

#include <QTemporaryDir>
#include <filesystem>
#include <string>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/generators/adm_generator.h"
#include "core/generators/generator_model.h"
#include "core/generators/ldm_generator.h"
#include "core/generators/player.h"
#include "core/generators/published_diffusion.h"
#include "tests/core/torch_checkpoint_builder.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::generators;
using test::errorOf;
using torch::Tensor;
namespace fs = std::filesystem;

namespace {

DenoiserOptions publishedBase() {
    DenoiserOptions o;
    o.side = 8;
    o.width = 32;
    o.multipliers = {1, 2, 2};
    o.blocks = 2;
    o.attentionFactors = {2, 4};
    o.headWidth = 32;
    o.classes = 3;
    o.noneClass = false;
    o.timesteps = 20;
    o.schedule = "linear";
    return o;
}

DenoiserOptions publishedUpsampler() {
    DenoiserOptions o = publishedBase();
    o.side = 16;
    o.classes = 0;
    o.noneClass = true;
    o.heads = 4;
    o.headsFirst = true;
    o.attentionFactors = {4};
    o.blocks = 1;
    return o;
}

LdmOptions publishedLatent() {
    LdmOptions o;
    o.denoiser = publishedBase();
    o.denoiser.classes = 4;
    o.denoiser.noneClass = true;
    o.denoiser.context = 6;
    o.denoiser.heads = 1;
    o.denoiser.headsFirst = true;
    o.denoiser.channels = 3;
    o.denoiser.clamped = o.denoiser.learnedVariance = false;
    o.denoiser.scaleShift = o.denoiser.resamplingBlocks = false;
    o.denoiser.dropout = 0;
    o.denoiser.schedule = "squared";
    o.autoencoder.width = 32;
    o.autoencoder.multipliers = {1, 2};
    o.autoencoder.blocksPerLevel = 1;
    o.autoencoder.attentionFactors = {2};
    o.autoencoder.codes = 9;
    o.draw.steps = 4;
    return o;
}

/// Weights that are random, zeros among the first ones too.
template <typename G>
std::unique_ptr<G> stirredGenerator(const auto& options) {
    torch::manual_seed(11);
    auto generator = std::make_unique<G>(options);
    nn::TensorMap state = generator->state();
    for (auto& [name, tensor] : state)
        if (name != "scale_factor") tensor = tensor + torch::randn_like(tensor) * 0.05;
    generator->load(state);
    return generator;
}

Tensor drawnOf(Generator& generator, const DrawSettings& settings) {
    const torch::NoGradGuard guard;
    return generator.draw({generatorOf(1), generatorOf(2)}, settings, {});
}

}  // namespace

class TestPublishedDiffusion : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path inFolder(const char* name) const { return fs::path(m_temporary.path().toStdString()) / name; }
    fs::path saved(const std::string& part, const nn::TensorMap& tensors) const {
        const QByteArray bytes = test::zippedCheckpoint(part, {tensors.begin(), tensors.end()});
        const fs::path path = inFolder("w.pt");
        writeFileAtomically(path, std::string(bytes.data(), static_cast<std::size_t>(bytes.size())),
                            IfExists::Replace);
        return path;
    }

private Q_SLOTS:
    void cascadesOfGuidedDiffusion() {
        AdmOptions options;
        options.base = publishedBase();
        options.baseDraw.steps = 5;
        options.upsampler = publishedUpsampler();
        options.upsamplerDraw.steps = 4;
        const auto original = stirredGenerator<AdmGenerator>(options);
        const nn::TensorMap base = nn::withoutPrefix(original->state(), "base.");
        const std::vector<std::string> told{"side=8", "headWidth=32", "timesteps=20", "schedule=linear"};
        const auto manifest = importAdm(saved("", base), inFolder("base"), {.options = told});
        QVERIFY(AdmOptions::fromJson(manifest.options).base == options.base);

        const std::vector<std::string> more{"side=16",         "headWidth=32", "heads=4",
                                            "headsFirst=true", "timesteps=20", "schedule=linear"};
        const nn::TensorMap upsampler = nn::withoutPrefix(original->state(), "upsampler.");
        const auto cascade = importAdm(saved("", upsampler), inFolder("cascade"),
                                       {.options = more, .base = inFolder("base").string()});
        const AdmOptions known = AdmOptions::fromJson(cascade.options);
        QVERIFY(known.base == options.base && *known.upsampler == *options.upsampler);
        QCOMPARE(cascade.resolution, 16);
        // The published defaults of sampling are more steps than these have.
        const auto imported = loadGenerator(cascade);
        QVERIFY_EXCEPTION_THROWN(drawnOf(*imported, {.label = 1}), Error);
        AdmOptions fewer = known;
        fewer.baseDraw = options.baseDraw;
        fewer.upsamplerDraw = options.upsamplerDraw;
        AdmGenerator same(fewer);
        same.load(imported->state());
        QVERIFY(torch::equal(drawnOf(same, {.label = 1}), drawnOf(*original, {.label = 1})));

        QVERIFY(errorOf([&] { importAdm(saved("", base), inFolder("x"), {}); }).contains("side=64"));
        QVERIFY(errorOf([&] {
                    importAdm(saved("", base), inFolder("x"), {.options = {"sid=8", "side=8"}});
                }).contains("sid"));
        QVERIFY(errorOf([&] {
                    importAdm(saved("", upsampler), inFolder("x"), {.options = more});
                }).contains("--base"));
        nn::TensorMap cut = base;
        cut.erase("middle_block.1.norm.bias");
        QVERIFY(errorOf([&] {
                    importAdm(saved("", cut), inFolder("x"), {.options = told});
                }).contains("missing: middle_block.1.norm.bias"));
        QVERIFY_EXCEPTION_THROWN(importAdm(saved("", {}), inFolder("x"), {.options = told}), Error);
        QVERIFY(!fs::exists(inFolder("x")));
    }

    void latentDiffusionInItsAveragedWeights() {
        const auto options = publishedLatent();
        const auto original = stirredGenerator<LdmGenerator>(options);
        nn::TensorMap file;
        for (const auto& [name, tensor] : nn::withoutPrefix(original->state(), "denoiser.")) {
            if (name == "classes.weight") {
                file["cond_stage_model.embedding.weight"] = tensor;
                continue;
            }
            file["model.diffusion_model." + name] = tensor + 1;  // not averaged: not to be taken
            std::string average = "model_ema.diffusion_model" + name;
            std::erase(average, '.');
            file["model_ema." + average.substr(std::string("model_ema").size())] = tensor;
        }
        for (const auto& [name, tensor] : nn::withoutPrefix(original->state(), "autoencoder."))
            file["first_stage_model." + name] = tensor;
        file["first_stage_model.loss.discriminator.main.0.bias"] = torch::zeros({3});
        file["scale_factor"] = torch::tensor(0.5F);
        file["model_ema.num_updates"] = torch::tensor(7, torch::kInt32);
        file["betas"] = torch::zeros({20});
        const std::vector<std::string> told{"side=8", "heads=1", "headWidth=32", "timesteps=20"};
        const auto manifest = importLdm(saved("state_dict", file), inFolder("ldm"), {.options = told});
        const auto known = LdmOptions::fromJson(manifest.options);
        QVERIFY(known.denoiser == options.denoiser);
        QVERIFY(known.autoencoder == options.autoencoder);
        QCOMPARE(loadGenerator(manifest)->state().at("scale_factor").item<double>(), 0.5);
        QCOMPARE(manifest.resolution, 16);
        const auto imported = loadGenerator(manifest);
        for (const auto& [name, tensor] : original->state())
            if (name != "scale_factor")
                QVERIFY2(torch::equal(tensor, imported->state().at(name)), name.c_str());

        file.erase("first_stage_model.encoder.conv_out.bias");
        QVERIFY(errorOf([&] {
                    importLdm(saved("state_dict", file), inFolder("y"), {.options = told});
                }).contains("encoder.conv_out.bias"));
    }
};

SIGNET_TEST(TestPublishedDiffusion)
#include "test_published_diffusion.moc"
