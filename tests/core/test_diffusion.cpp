// Diffusions: networks as they are published, the arithmetic of noise against what is known of it, and
// samplers against data whose best denoiser can be written down.
#include <torch/torch.h>

#include <array>
#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/generators/adm_generator.h"
#include "core/generators/diffusion.h"
#include "core/generators/ldm_generator.h"
#include "core/generators/player.h"
#include "core/nn/autoencoder.h"
#include "core/nn/patch_critic.h"
#include "core/nn/safetensors.h"
#include "core/nn/unet.h"
#include "tests/core/diffusion_builders.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::generators;
using test::errorOf;
using test::tinyDenoiser;
using torch::Tensor;

namespace {

double largest(const Tensor& x) {
    return x.abs().max().item<double>();
}

/// As tests/core/diffusion_reference.py has it.
Tensor sineOf(const std::string& name, at::IntArrayRef shape) {
    int sum = 0;
    for (const char c : name) sum += c;
    std::int64_t count = 1;
    for (const auto side : shape) count *= side;
    return torch::sin(torch::arange(count, torch::kFloat64) * 0.7 + sum % 101)
        .to(torch::kFloat32)
        .view(shape);
}

void setSines(torch::nn::Module& module) {
    nn::TensorMap made;
    for (const auto& [name, tensor] : nn::stateDict(module)) {
        made[name] = sineOf(name, tensor.sizes()) * 0.1;
        if (tensor.dim() == 1 && name.ends_with("weight")) made[name] += 1;
    }
    nn::loadStateDict(module, made);
}

/// The mean and every 37th value, as the reference prints them.
void compareAsPrinted(const Tensor& y, const std::vector<double>& wanted) {
    const Tensor flat = y.flatten().to(torch::kFloat64);
    QVERIFY2(std::abs(flat.mean().item<double>() - wanted[0]) < 1e-4,
             qPrintable(QString::number(flat.mean().item<double>())));
    for (std::size_t i = 1; i < wanted.size(); ++i) {
        const double value = flat[static_cast<std::int64_t>(37 * (i - 1))].item<double>();
        QVERIFY2(std::abs(value - wanted[i]) < 1e-4, qPrintable(QString("%1: %2").arg(i).arg(value)));
    }
}

nn::UNetOptions referenceUNet() {
    nn::UNetOptions o;
    o.baseWidth = 32;
    o.multipliers = {1, 2};
    o.blocksPerLevel = 1;
    o.attentionFactors = {2};
    o.headWidth = 32;
    o.dropout = 0;
    return o;
}

nn::AutoencoderOptions referenceAutoencoder() {
    nn::AutoencoderOptions o;
    o.width = 32;
    o.multipliers = {1, 2};
    o.blocksPerLevel = 1;
    o.attentionFactors = {2};
    o.embedding = 4;
    o.codes = 7;
    return o;
}

std::vector<at::Generator> randomOf(std::uint64_t first, int count) {
    std::vector<at::Generator> random;
    for (int i = 0; i < count; ++i) random.push_back(generatorOf(first + static_cast<std::uint64_t>(i)));
    return random;
}

void stir(torch::nn::Module& module) {
    const torch::NoGradGuard guard;
    torch::manual_seed(9);
    for (auto& parameter : module.parameters()) parameter.add_(torch::randn_like(parameter) * 0.05);
}

}  // namespace

class TestDiffusion : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void parametersAreThePublished_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<std::vector<int>>("multipliers");
        QTest::addColumn<std::vector<int>>("attention");
        QTest::addColumn<bool>("latent");
        QTest::addColumn<double>("millions");
        QTest::newRow("32 px") << 64 << std::vector{1, 2, 2, 2} << std::vector{2, 4} << false << 11.1;
        QTest::newRow("32 px, 96 wide")
            << 96 << std::vector{1, 2, 2, 2} << std::vector{2, 4} << false << 24.9;
        QTest::newRow("64 px") << 64 << std::vector{1, 2, 3, 4} << std::vector{4, 8} << false << 25.1;
        QTest::newRow("LDM's, small") << 64 << std::vector{1, 2, 3} << std::vector{2, 4} << true << 10.7;
        QTest::newRow("LDM's of FFHQ")
            << 224 << std::vector{1, 2, 3, 4} << std::vector{2, 4, 8} << true << 274.06;
    }
    void parametersAreThePublished() {
        QFETCH(const int, width);
        QFETCH(const std::vector<int>, multipliers);
        QFETCH(const std::vector<int>, attention);
        QFETCH(const bool, latent);
        QFETCH(const double, millions);
        nn::UNetOptions o;
        o.baseWidth = width;
        o.multipliers = multipliers;
        o.attentionFactors = attention;
        o.headWidth = 32;
        o.outChannels = latent ? 3 : 6;
        o.conditioning = latent ? nn::Conditioning::Added : nn::Conditioning::ScaleShift;
        o.resamplingBlocks = !latent;
        const auto count = static_cast<double>(nn::parameterCount(*nn::UNet(o))) / 1e6;
        QVERIFY2(std::abs(count - millions) < (millions > 100 ? 0.005 : 0.05),
                 qPrintable(QString::number(count)));
    }
    void autoencoderIsThePublished() {
        const nn::Autoencoder vq{nn::AutoencoderOptions{}};
        const auto millions = [](const torch::nn::Module& module) {
            return static_cast<double>(nn::parameterCount(module)) / 1e6;
        };
        QVERIFY(std::abs(millions(*vq->encoder) - 22.3) < 0.05);
        QVERIFY(std::abs(millions(*vq->decoder) - 33.0) < 0.05);
        QCOMPARE(vq->quantize->codebook().sizes(), (at::IntArrayRef{8192, 3}));
    }

    // The numbers are what tests/core/diffusion_reference.py prints.
    void networkIsTheDescriptions_data() {
        QTest::addColumn<int>("form");
        QTest::addColumn<std::vector<double>>("wanted");
        QTest::newRow("adm") << 0
                             << std::vector{0.318733, 3.567369, -0.941269, -1.216274, -0.221077, -0.655326};
        QTest::newRow("heads first") << 1 << std::vector{0.078790,  2.835778,  -0.131731,
                                                         -0.981834, -0.208820, 0.202592};
        QTest::newRow("transformer") << 2 << std::vector{0.079907,  2.872592,  -0.127757,
                                                         -1.000024, -0.188487, 0.280939};
    }
    void networkIsTheDescriptions() {
        QFETCH(const int, form);
        QFETCH(const std::vector<double>, wanted);
        const torch::NoGradGuard guard;
        nn::UNetOptions o = referenceUNet();
        nn::UNetConditions conditions;
        if (form == 0) {
            o.outChannels = 6;
            o.classes = 3;
            conditions = {.timesteps = torch::tensor({250, 250}), .classes = torch::tensor({2, 2})};
        } else {
            o.conditioning = nn::Conditioning::Added;
            o.resamplingBlocks = false;
            o.headsFirst = form == 1;
            o.context = form == 2 ? 5 : 0;
            conditions.timesteps = torch::tensor({form == 1 ? 7 : 999});
            if (form == 2) conditions.context = sineOf("context", {1, 2, 5}).expand({2, -1, -1});
        }
        nn::UNet network(o);
        setSines(*network);
        network->eval();
        const Tensor y = network(sineOf("x", {1, 3, 8, 8}).expand({2, -1, -1, -1}), conditions);
        compareAsPrinted(y[0], wanted);
        compareAsPrinted(y[1], wanted);
    }
    void firstStageIsTheDescriptions() {
        const torch::NoGradGuard guard;
        nn::Autoencoder network(referenceAutoencoder());
        setSines(*network);
        network->eval();
        const Tensor latent = network->encode(sineOf("x", {1, 3, 8, 8}));
        compareAsPrinted(latent[0], {0.015841, -0.023614, 0.485239});
        const Tensor wanted = torch::tensor({3, 3, 3, 3, 3, 3, 3, 1, 5, 5, 5, 5, 6, 6, 6, 6});
        QVERIFY(torch::equal(network->quantize(latent).indices, wanted));
        compareAsPrinted(network->decode(latent)[0],
                         {-0.153369, 0.901010, 0.021759, -1.090496, 0.192196, -0.622759});
    }

    void quantisedLatentsPassTheGradient() {
        torch::manual_seed(1);
        nn::Quantiser quantiser(5, 4);
        const Tensor z = torch::randn({2, 4, 3, 3}).requires_grad_(true);
        auto result = quantiser(z);
        (result.latent * 3).sum().backward();
        QVERIFY(largest(z.grad() - 3) < 1e-6);
        // Every place has one of the codebook's vectors, the nearest.
        const Tensor rows = z.detach().permute({0, 2, 3, 1}).reshape({-1, 4});
        const Tensor nearest = torch::cdist(rows, quantiser->codebook().detach()).argmin(1);
        QVERIFY(torch::equal(nearest, result.indices));
        quantiser->zero_grad();
        quantiser(z.detach()).loss.backward();
        QVERIFY(largest(quantiser->codebook().grad()) > 0);
    }
    void drawnLatentsAreWhatTheirParametersSay() {
        torch::manual_seed(2);
        const Tensor parameters =
            torch::cat({torch::full({400, 2, 8, 8}, 1.5), torch::full({400, 2, 8, 8}, -1.0)}, 1);
        const auto [drawn, divergence] = nn::drawnLatent(parameters, torch::randn({400, 2, 8, 8}));
        QVERIFY(std::abs(drawn.mean().item<double>() - 1.5) < 0.01);
        QVERIFY(std::abs(drawn.std().item<double>() - std::exp(-0.5)) < 0.01);
        QVERIFY(std::abs(divergence.item<double>() - 128 * 0.5 * (2.25 + std::exp(-1.0) - 1 + 1)) < 1e-2);
    }
    void patchesAreJudgedByThemselves() {
        torch::manual_seed(3);
        nn::PatchCritic critic(8, 3);
        critic->eval();
        const torch::NoGradGuard guard;
        const Tensor x = torch::randn({1, 3, 64, 64});
        const Tensor before = critic(x);
        QCOMPARE(before.sizes(), (at::IntArrayRef{1, 1, 6, 6}));
        Tensor other = x.clone();
        other.slice(2, 0, 4).slice(3, 0, 4).add_(1);
        const Tensor change = (critic(other) - before).abs();
        QVERIFY(change[0][0][0][0].item<double>() > 0);
        QCOMPARE(change[0][0][5][5].item<double>(), 0.0);
    }

    void schedulesAreThePublished() {
        const NoiseSchedule linear("linear", 1000), cosine("cosine", 1000), squared("squared", 1000);
        QCOMPARE(linear.beta(0), 1e-4);
        QVERIFY(std::abs(linear.beta(999) - 0.02) < 1e-12);
        QCOMPARE(squared.beta(0), 0.0015);
        QVERIFY(std::abs(squared.beta(999) - 0.0195) < 1e-12);
        const auto root = [](double t) { return std::pow(std::cos((t + 0.008) / 1.008 * M_PI / 2), 2); };
        for (const int step : {0, 10, 500, 900})
            QVERIFY(std::abs(cosine.kept(step) - root((step + 1) / 1000.0) / root(0)) < 1e-9);
        QVERIFY(cosine.beta(999) <= 0.999);
        // Published: posterior_log_variance_clipped begins with the second entry.
        QCOMPARE(linear.posteriorVariance(0), 0.0);
        QCOMPARE(linear.posteriorLogVariance(0), std::log(linear.posteriorVariance(1)));
        QVERIFY_EXCEPTION_THROWN(NoiseSchedule("cubic", 10), Error);
        QVERIFY_EXCEPTION_THROWN(linear.respaced(1001), Error);
    }
    void respacedSchedulesKeepWhatIsKept() {
        const NoiseSchedule whole("cosine", 1000);
        const NoiseSchedule fewer = whole.respaced(25);
        QCOMPARE(fewer.steps(), 25);
        QCOMPARE(fewer.networkStep(0), std::int64_t{0});
        QCOMPARE(fewer.networkStep(24), std::int64_t{999});
        double kept = 1;
        for (int i = 0; i < 25; ++i) {
            kept *= 1 - fewer.beta(i);
            QVERIFY(std::abs(kept - whole.kept(static_cast<int>(fewer.networkStep(i)))) < 1e-9);
        }
        QCOMPARE(whole.respaced(1000).beta(500), whole.beta(500));
        // latent-diffusion's: 1, 6, 11 ... and an end at the first step's noise.
        const NoiseSchedule ddim = whole.everySoMany(200);
        QCOMPARE(ddim.steps(), 200);
        QCOMPARE(ddim.networkStep(1), std::int64_t{6});
        QCOMPARE(ddim.kept(-1), whole.kept(0));
    }

    void theBoundIsZeroWhereTheNetworkIsRight() {
        torch::manual_seed(4);
        const Diffusion diffusion(NoiseSchedule("linear", 50), {.learnsVariance = true, .clamps = false});
        const Tensor x = torch::rand({16, 3, 4, 4}) * 2 - 1, noise = torch::randn({16, 3, 4, 4});
        const Tensor steps = torch::randint(1, 50, {16}, torch::kInt64);
        const auto said = [&](double variance) {
            return [&noise, variance](const Tensor&, const Tensor&) {
                return torch::cat({noise, torch::full_like(noise, variance)}, 1);
            };
        };
        const auto right = diffusion.loss(said(-1), x, steps, noise);  // the posterior's own variance
        QVERIFY(right.noise.item<double>() < 1e-12);
        QVERIFY(std::abs(right.bound.item<double>()) < 1e-6);
        QVERIFY(diffusion.loss(said(1), x, steps, noise).bound.item<double>() > 1e-4);
    }
    void theFirstStepsLikelihoodIsThatOf8BitValues() {
        // Over all 256 levels the probabilities of one prediction add up to 1.
        const Diffusion diffusion(NoiseSchedule("linear", 50), {.learnsVariance = true, .clamps = false});
        const Tensor levels =
            (torch::arange(256, torch::kFloat64) / 127.5 - 1).to(torch::kFloat32).view({256, 1, 1, 1});
        const Tensor steps = torch::zeros({1}, torch::kInt64);
        const Tensor x = torch::full({1, 1, 1, 1}, 0.3);
        double sum = 0;
        for (int i = 0; i < 256; ++i) {
            const Tensor picture = levels.slice(0, i, i + 1);
            const Tensor kept = torch::tensor(diffusion.schedule().kept(0));
            // Noise that makes the same x of every picture, and a network that always says the same.
            const Tensor noise = (x - kept.sqrt() * picture) / (1 - kept).sqrt();
            const auto loss = diffusion.loss(
                [&](const Tensor&, const Tensor&) {
                    return torch::zeros({1, 2, 1, 1});
                },
                picture, steps, noise);
            sum += std::exp2(-loss.bound.item<double>());
        }
        QVERIFY2(std::abs(sum - 1) < 1e-3, qPrintable(QString::number(sum)));
    }

    void whoKnowsThePictureDrawsIt_data() {
        QTest::addColumn<bool>("ddim");
        QTest::addColumn<double>("eta");
        QTest::addColumn<int>("steps");
        QTest::newRow("DDIM, 10 steps") << true << 0.0 << 10;
        QTest::newRow("DDIM, one step") << true << 0.0 << 1;
        QTest::newRow("DDIM, eta 1") << true << 1.0 << 20;
        QTest::newRow("ancestral") << false << 0.0 << 50;
    }
    void whoKnowsThePictureDrawsIt() {
        QFETCH(const bool, ddim);
        QFETCH(const double, eta);
        QFETCH(const int, steps);
        const NoiseSchedule whole("cosine", 100);
        const Diffusion diffusion(whole.respaced(steps), {.learnsVariance = false, .clamps = true});
        const Tensor picture = torch::rand({3, 3, 4, 4}) * 2 - 1;
        const auto knows = [&](const Tensor& x, const Tensor& timesteps) {
            const double kept = whole.kept(static_cast<int>(timesteps[0].item<std::int64_t>()));
            return (x - std::sqrt(kept) * picture) / std::sqrt(1 - kept);
        };
        const auto random = randomOf(1, 3);
        const Tensor drawn = diffusion.sample(knows, normalOf(random, picture), random, {ddim, eta});
        QVERIFY2(largest(drawn - picture) < 1e-3, qPrintable(QString::number(largest(drawn - picture))));
    }
    void drawsTheDistributionItsDenoiserIsOf_data() {
        QTest::addColumn<bool>("ddim");
        QTest::addColumn<double>("eta");
        QTest::newRow("DDIM") << true << 0.0;
        QTest::newRow("DDIM, eta 1") << true << 1.0;
        QTest::newRow("ancestral") << false << 0.0;
    }
    /// Pictures whose numbers are normal about a mean: the best denoiser is linear.
    void drawsTheDistributionItsDenoiserIsOf() {
        QFETCH(const bool, ddim);
        QFETCH(const double, eta);
        constexpr double kMean = 0.2, kDeviation = 0.3;
        const NoiseSchedule whole("linear", 1000);
        // With a fixed variance only many steps draw as widely as the data.
        const Diffusion diffusion(whole.respaced(ddim && eta == 0 ? 200 : 1000),
                                  {.learnsVariance = false, .clamps = false});
        const auto best = [&](const Tensor& x, const Tensor& timesteps) {
            const double kept = whole.kept(static_cast<int>(timesteps[0].item<std::int64_t>()));
            const double variance = kept * kDeviation * kDeviation + 1 - kept;
            return std::sqrt(1 - kept) / variance * (x - std::sqrt(kept) * kMean);
        };
        const auto random = randomOf(7, 4);
        const Tensor x = normalOf(random, torch::empty({4, 3, 64, 64}));
        const Tensor drawn = diffusion.sample(best, x, random, {ddim, eta});
        QVERIFY2(std::abs(drawn.mean().item<double>() - kMean) < 0.01,
                 qPrintable(QString::number(drawn.mean().item<double>())));
        QVERIFY2(std::abs(drawn.std().item<double>() / kDeviation - 1) < 0.03,
                 qPrintable(QString::number(drawn.std().item<double>())));
    }
    void aStopEndsASampler() {
        const Diffusion diffusion(NoiseSchedule("cosine", 100), {.learnsVariance = false});
        std::stop_source stop;
        int passes = 0;
        const auto random = randomOf(1, 1);
        diffusion.sample(
            [&](const Tensor& x, const Tensor&) {
                if (++passes == 3) stop.request_stop();
                return x;
            },
            torch::randn({1, 3, 4, 4}), random, {}, {.stop = stop.get_token(), .progress = {}});
        QCOMPARE(passes, 3);
    }

    void aPictureIsItsOwnNumbers_data() {
        QTest::addColumn<QString>("form");
        for (const char* form : {"base", "cascade", "latent"}) QTest::newRow(form) << form;
    }
    void aPictureIsItsOwnNumbers() {
        QFETCH(const QString, form);
        const torch::NoGradGuard guard;
        torch::manual_seed(5);
        std::unique_ptr<Generator> generator;
        if (form == "latent") {
            LdmOptions o;
            o.denoiser = tinyDenoiser(8, 4);
            o.denoiser.clamped = o.denoiser.learnedVariance = false;
            o.autoencoder = referenceAutoencoder();
            o.draw.steps = 5;
            auto ldm = std::make_unique<LdmGenerator>(o);
            stir(*ldm->denoiser().network());
            generator = std::move(ldm);
        } else {
            AdmOptions o;
            o.base = tinyDenoiser();
            o.baseDraw.steps = 6;
            if (form == "cascade") {
                o.upsampler = tinyDenoiser(16);
                o.upsamplerDraw.steps = 4;
            }
            auto adm = std::make_unique<AdmGenerator>(o);
            stir(*adm->base().network());
            if (auto* upsampler = adm->upsampler()) stir(*upsampler->network());
            generator = std::move(adm);
        }
        QCOMPARE(generator->side(), form == "base" ? 8 : 16);
        const Tensor all = generator->draw(randomOf(3, 3), {}, {});
        QCOMPARE(all.sizes(), (at::IntArrayRef{3, 3, generator->side(), generator->side()}));
        QVERIFY(largest(all[0] - all[1]) > 1e-2);
        const Tensor second = generator->draw(randomOf(4, 1), {}, {});
        QVERIFY(largest(second[0] - all[1]) < 1e-4);
        QVERIFY(largest(generator->draw(randomOf(3, 3), {.steps = 3}, {}) - all) > 1e-3);
        // What a manifest keeps makes the same generator.
        const auto again = makeGenerator(generator->arch(), generator->networkOptions());
        again->load(generator->state());
        QVERIFY(largest(again->draw(randomOf(3, 3), {}, {}) - all) < 1e-5);
        // Given its own latent it is the same; between two latents lie pictures between.
        const Tensor latents = latentsOf(randomOf(3, 3), generator->latent());
        auto after = randomOf(3, 3);
        latentsOf(after, generator->latent());
        QVERIFY(largest(generator->drawFrom(latents, after, {}, {}) - all) < 1e-5);
        const Tensor way = latentsBetween(latents.slice(0, 0, 1), latents.slice(0, 1, 2), {0, 0.5, 1});
        QVERIFY(largest(way[0] - latents[0]) < 1e-5 && largest(way[2] - latents[1]) < 1e-5);
        const double length = way[1].norm().item<double>() / latents[0].norm().item<double>();
        QVERIFY(length > 0.8 && length < 1.2);
        QVERIFY(errorOf([&] { generator->draw(randomOf(3, 1), {.label = 1}, {}); }).contains("label"));
        QVERIFY_EXCEPTION_THROWN(generator->draw(randomOf(3, 1), {.steps = 21}, {}), Error);
        QVERIFY_EXCEPTION_THROWN(again->load({}), Error);
    }
    void classesAreToldAndGuide() {
        const torch::NoGradGuard guard;
        torch::manual_seed(6);
        AdmOptions o;
        o.base = tinyDenoiser();
        o.base.classes = 3;
        o.base.learnedVariance = false;  // a learned one stays the class's
        o.baseDraw.steps = 4;
        AdmGenerator generator(o);
        stir(*generator.base().network());
        QCOMPARE(drawControls(generator.arch(), generator.networkOptions()).classes, 3);
        const auto drawn = [&](DrawSettings settings) {
            return generator.draw(randomOf(2, 2), settings, {});
        };
        const Tensor none = drawn({}), one = drawn({.label = 1});
        QVERIFY(largest(one - none) > 1e-4);
        QVERIFY(largest(drawn({.label = 2}) - one) > 1e-4);
        // With a guidance of 0 a class counts for nothing.
        QVERIFY(largest(drawn({.label = 1, .guidance = 0}) - none) < 1e-4);
        QVERIFY(largest(drawn({.label = 1, .guidance = 3}) - one) > 1e-4);
        QVERIFY_EXCEPTION_THROWN(drawn({.label = 3}), Error);

        o.base.noneClass = false;
        AdmGenerator always(o);
        QVERIFY(errorOf([&] { always.draw(randomOf(2, 1), {}, {}); }).contains("classes"));
    }
    void optionsThatFitNoNetworkAreRefused_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("width") << "width"
                               << "33";
        QTest::newRow("side") << "side"
                              << "7";
        QTest::newRow("heads") << "headWidth"
                               << "24";
        QTest::newRow("schedule") << "schedule"
                                  << "\"cubic\"";
        QTest::newRow("context without classes") << "context"
                                                 << "8";
        QTest::newRow("unknown") << "wdith"
                                 << "32";
        QTest::newRow("no levels") << "multipliers"
                                   << "[]";
    }
    void optionsThatFitNoNetworkAreRefused() {
        QFETCH(const QString, key);
        QFETCH(const QString, value);
        Json json = tinyDenoiser().toJson();
        json[key.toStdString()] = Json::parse(value.toStdString());
        QVERIFY_EXCEPTION_THROWN(DenoiserOptions::fromJson(json), Error);
    }
};

SIGNET_TEST(TestDiffusion)
#include "test_diffusion.moc"
