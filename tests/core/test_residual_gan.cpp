// The backbones of paper B's table 6: their networks are of the published sizes, spectral norm and gradient
// penalty are what they are said to be, and paper B's training goes on with them as it does with StyleGAN2.
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <QTemporaryDir>
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "core/base/error.h"
#include "core/fingerprint/fingerprint_model.h"
#include "core/fingerprint/fingerprint_training.h"
#include "core/fingerprint/instance.h"
#include "core/models/model_store.h"
#include "core/nn/residual_gan.h"
#include "core/tasks/all_tasks.h"
#include "core/training/train.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::fingerprint;
using test::errorOf;
using torch::Tensor;

namespace {

constexpr int kResidualSide = 32, kResidualBits = 6, kResidualBatch = 4;

FingerprintTrainingOptions smallestResidual(const std::string& backbone, int criticSteps = 2) {
    FingerprintTrainingOptions options;
    auto& network = options.network;
    network.backbone = backbone;
    network.side = kResidualSide;
    network.bits = kResidualBits;
    network.latent = network.style = 8;
    network.mappingLayers = 2;
    network.mappingRate = 1;
    network.width = network.criticWidth = 4;
    network.featureBase = network.decoderBase = 64;
    network.featureMost = network.decoderMost = 8;
    options.batch = kResidualBatch;
    options.steps = 100;
    options.bf16 = false;
    options.criticSteps = criticSteps;
    options.validationImages = 16;
    if (network.isResidual()) options.pathWeight = options.r1 = 0;
    return options;
}

void trainResidual(FingerprintTraining& job, int criticSteps, std::uint64_t to) {
    while (job.stepsDone() < to) {
        torch::manual_seed(job.stepsDone() + 1);
        const auto coarse = torch::rand({criticSteps * kResidualBatch, 3, 3, 3}) * 1.6 - 0.8;
        const auto result =
            job.step({torch::upsample_bilinear2d(coarse, {kResidualSide, kResidualSide}, false)});
        for (const auto& [name, value] : result.values)
            if (!std::isfinite(value)) throw std::runtime_error(name + " is not finite");
    }
}

double mostApart(const Tensor& a, const Tensor& b) {
    return (a - b).abs().max().item<double>();
}

class TestResidualGan : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    /// Weights and biases of convolutions and fully connected layers, two numbers a channel of a batch norm,
    /// added up by hand.
    void parametersAreThePublished_data() {
        QTest::addColumn<bool>("sngan");
        QTest::addColumn<int>("side");
        QTest::addColumn<std::int64_t>("generator");
        QTest::addColumn<std::int64_t>("critic");
        // z to 4 x 4 x 256: 528,384; a block 1,246,976, three times; the end 7,427.
        // 151,680 + 311,680 + 2 * 295,168 + 129.
        QTest::newRow("SNGAN, 32 px") << true << 32 << std::int64_t{4'276'739} << std::int64_t{1'053'825};
        // 2,113,536 + 19,930,112 + 7,606,784 + 1,902,848 + 476,288 + 119,360 + 1,859.
        // 38,976 + 119,104 + 475,776 + 1,901,824 + 7,604,736 + 18,876,416 + 1,025.
        QTest::newRow("SNGAN, 128 px") << true << 128 << std::int64_t{32'150'787} << std::int64_t{29'017'857};
        // 264,192 + 3 * 312,192 + 3,715.
        QTest::newRow("WGAN-GP, 32 px") << false << 32 << std::int64_t{1'204'483} << std::int64_t{1'053'825};
        // 1,056,768 + 4,984,320 + 1,902,848 + 476,288 + 119,360 + 1,859.
        // 38,976 + 119,104 + 475,776 + 1,901,824 + 4,719,616 + 513.
        QTest::newRow("WGAN-GP, 64 px") << false << 64 << std::int64_t{8'541'443} << std::int64_t{7'255'809};
    }
    void parametersAreThePublished() {
        QFETCH(const bool, sngan);
        QFETCH(const int, side);
        const auto kind = sngan ? nn::ResidualGan::Sngan : nn::ResidualGan::WganGp;
        nn::ResidualGenerator generator(nn::ResidualGeneratorImpl::Shape{kind, side});
        nn::PooledCritic critic(nn::PooledCriticImpl::Shape{kind, side});
        QTEST(nn::parameterCount(*generator), "generator");
        QTEST(nn::parameterCount(*critic), "critic");
        QCOMPARE(nn::stateDict(*critic).contains("block1.c1.sn_u"), sngan);
    }

    void pictures_data() {
        QTest::addColumn<bool>("sngan");
        QTest::addColumn<int>("side");
        for (const bool sngan : {true, false})
            for (const int side : {32, 64, 128})
                QTest::addRow("%s, %d px", sngan ? "SNGAN" : "WGAN-GP", side) << sngan << side;
    }
    void pictures() {
        QFETCH(const bool, sngan);
        QFETCH(const int, side);
        const auto kind = sngan ? nn::ResidualGan::Sngan : nn::ResidualGan::WganGp;
        torch::manual_seed(1);
        nn::ResidualGeneratorImpl::Shape shape{kind, side, 2};
        shape.latent = 8;
        nn::ResidualGenerator generator(shape);
        const auto drawn = generator(torch::randn({3, 8}), Tensor());
        QCOMPARE(drawn.sizes(), (at::IntArrayRef{3, 3, side, side}));
        QVERIFY(drawn.abs().max().item<double>() <= 1);
        nn::PooledCritic critic(nn::PooledCriticImpl::Shape{kind, side, 2});
        QCOMPARE(critic(drawn).sizes(), (at::IntArrayRef{3, 1}));
        QVERIFY(errorOf([&] {
                    nn::ResidualGenerator(nn::ResidualGeneratorImpl::Shape{kind, 256});
                }).startsWith("bad_option"));
    }

    /// The greatest singular value of the weight used comes to 1; u goes on in training alone, and is part of
    /// the state.
    void spectralNormIsOne() {
        torch::manual_seed(2);
        nn::CriticLayer layer(12, 20, 0, true, 5);
        const torch::NoGradGuard guard;
        const auto used = [&](nn::CriticLayer& of) { return of(torch::eye(12)) - of->bias; };
        const auto greatest = [&] { return torch::linalg_svdvals(used(layer)).max().item<double>(); };
        QVERIFY(std::abs(greatest() - 1) > 1e-3);
        for (int i = 0; i < 300; ++i) used(layer);
        QVERIFY2(std::abs(greatest() - 1) < 1e-4, qPrintable(QString::number(greatest())));
        layer->eval();
        const Tensor before = layer->direction.clone();
        layer->weight.normal_();
        used(layer);
        QVERIFY(torch::equal(layer->direction, before));
        layer->train();
        used(layer);
        QVERIFY(!torch::equal(layer->direction, before));

        nn::CriticLayer convolution(4, 6, 3, true, 3);
        for (int i = 0; i < 300; ++i) convolution(torch::zeros({1, 4, 2, 2}));
        const double sigma = torch::linalg_svdvals(convolution->weight.flatten(1)).max().item<double>();
        // A single place sees the middle of the filters alone.
        const auto middle = torch::eye(4).view({4, 4, 1, 1});
        const auto expected = convolution->weight.select(3, 1).select(2, 1).t() / sigma;
        QVERIFY(mostApart((convolution(middle) - convolution->bias.view({1, 6, 1, 1})).flatten(1), expected) <
                1e-4);

        nn::CriticLayer other(12, 20, 0, true, 1);
        nn::loadStateDict(*other, nn::stateDict(*layer));
        QVERIFY(torch::equal(other->direction, layer->direction));
        QCOMPARE(mostApart(used(other), used(layer)), 0.0);
    }

    /// What is differentiable of W / sigma(W) is W, with u and v held.
    void gradientPassesThroughSigma() {
        torch::manual_seed(3);
        nn::CriticLayer layer(3, 4, 0, true, 1);
        layer->to(torch::kFloat64);
        const Tensor x = torch::randn({5, 3}, torch::kFloat64), y = torch::randn({5, 4}, torch::kFloat64);
        for (int i = 0; i < 500; ++i)
            layer(x);  // u and v no longer move, so the direction they take is right
        (layer(x) * y).sum().backward();
        const Tensor slope = layer->weight.grad().clone();
        const torch::NoGradGuard guard;
        constexpr double kStep = 1e-6;
        for (int i = 0; i < 12; ++i) {
            const auto moved = [&](double by) {
                layer->weight.flatten()[i] += by;
                for (int k = 0; k < 50; ++k) layer(x);
                const double value = (layer(x) * y).sum().item<double>();
                layer->weight.flatten()[i] -= by;
                return value;
            };
            const double numeric = (moved(kStep) - moved(-kStep)) / (2 * kStep);
            QVERIFY(std::abs(slope.flatten()[i].item<double>() - numeric) < 1e-5);
        }
    }

    void gradientPenaltyIsThatOfThePictureBetween() {
        // D(x) = sum a x^2 has the gradient 2 a x.
        torch::manual_seed(4);
        const auto wide = torch::kFloat64;
        const Tensor real = torch::randn({3, 2, 2, 2}, wide), drawn = torch::randn({3, 2, 2, 2}, wide);
        const Tensor share = torch::rand({3, 1, 1, 1}, wide);
        Tensor a = torch::rand({2, 2, 2}, wide).requires_grad_(true);
        const auto penalty = [&] {
            return generators::gradientPenalty(
                [&](const Tensor& x) {
                    return (a * x * x).sum({1, 2, 3});
                },
                real, drawn, share);
        };
        const Tensor between = share * real + (1 - share) * drawn;
        const Tensor byHand = ((2 * a * between).square().sum({1, 2, 3}).sqrt() - 1).square().mean();
        QVERIFY(std::abs(penalty().item<double>() - byHand.item<double>()) < 1e-12);
        const Tensor slope = torch::autograd::grad({penalty()}, {a})[0];
        const Tensor expected = torch::autograd::grad({byHand}, {a})[0];
        QVERIFY(mostApart(slope, expected) < 1e-12);
    }

    /// The penalty's gradient in a critic's weights, a second derivative, against differences.
    void gradientPenaltyIsDifferentiable() {
        torch::manual_seed(5);
        const auto wide = torch::kFloat64;
        nn::PooledCritic critic(nn::PooledCriticImpl::Shape{nn::ResidualGan::WganGp, kResidualSide, 3});
        critic->to(wide);
        const Tensor real = torch::randn({2, 3, kResidualSide, kResidualSide}, wide);
        const Tensor drawn = torch::randn_like(real), share = torch::rand({2, 1, 1, 1}, wide);
        const auto penalty = [&] {
            return generators::gradientPenalty([&](const Tensor& x) { return critic(x); }, real, drawn,
                                               share);
        };
        critic->zero_grad();
        penalty().backward();
        constexpr double kStep = 1e-7;
        double greatest = 0;
        for (const char* name : {"block1.c1.weight", "block2.c_sc.weight", "block3.c2.weight", "l5.weight"}) {
            Tensor parameter = critic->named_parameters()[name];
            const double slope = parameter.grad().flatten()[0].item<double>();
            const auto moved = [&](double by) {
                {
                    const torch::NoGradGuard guard;
                    parameter.flatten()[0] += by;
                }
                const double value = penalty().item<double>();
                const torch::NoGradGuard guard;
                parameter.flatten()[0] -= by;
                return value;
            };
            const double numeric = (moved(kStep) - moved(-kStep)) / (2 * kStep);
            greatest = std::max(greatest, std::abs(slope));
            QVERIFY2(std::abs(slope - numeric) <= 1e-4 * std::max(1e-2, std::abs(numeric)),
                     qPrintable(QString("%1: %2 against %3").arg(name).arg(slope).arg(numeric)));
        }
        QVERIFY(greatest > 0);
    }

    void trainsAndGoesOnBitForBit_data() {
        QTest::addColumn<QString>("backbone");
        QTest::addColumn<int>("criticSteps");
        QTest::addColumn<bool>("bf16");
        QTest::newRow("stylegan2") << "stylegan2" << 1 << false;
        QTest::newRow("stylegan2, two steps of the critic") << "stylegan2" << 2 << false;
        QTest::newRow("sngan") << "sngan" << 2 << false;
        QTest::newRow("sngan, bf16") << "sngan" << 2 << true;
        QTest::newRow("wgan-gp") << "wgan-gp" << 2 << false;
        QTest::newRow("wgan-gp, bf16") << "wgan-gp" << 2 << true;
    }
    void trainsAndGoesOnBitForBit() {
        QFETCH(const QString, backbone);
        QFETCH(const int, criticSteps);
        QFETCH(const bool, bf16);
        auto options = smallestResidual(backbone.toStdString(), criticSteps);
        options.bf16 = bf16;
        options.decayFrom = 0.01;
        FingerprintTraining whole(options), first(options), second(options);
        const auto loader = whole.loaderOptions();
        QCOMPARE(loader.batch, criticSteps * kResidualBatch);
        QCOMPARE(loader.parts, criticSteps);
        trainResidual(whole, criticSteps, 3);
        trainResidual(first, criticSteps, 2);
        second.restore(first.state());
        trainResidual(second, criticSteps, 3);
        const auto a = whole.state(), b = second.state();
        QCOMPARE(a.metadata, b.metadata);
        QCOMPARE(a.tensors.size(), b.tensors.size());
        for (const auto& [name, tensor] : a.tensors)
            QVERIFY2(torch::equal(tensor, b.tensors.at(name)), name.c_str());
        if (backbone == "stylegan2") return;
        QCOMPARE(a.tensors.contains("net.critic.block2.c1.sn_u"), backbone == "sngan");
        // Fakes, those of the consistency and those of the critic's second step are counted.
        QCOMPARE(a.tensors.at("net.generator.block2.b1.num_batches_tracked").item<std::int64_t>(),
                 std::int64_t{9});
        QVERIFY(whole.validate());
        QVERIFY(whole.samples());
        for (const auto& [name, tensor] : whole.state().tensors)  // looking changes nothing
            QVERIFY2(torch::equal(tensor, b.tensors.at(name)), name.c_str());
    }

    /// What a step notes is what the backbone's loss has.
    void termsAreTheBackbones() {
        for (const char* backbone : {"sngan", "wgan-gp"}) {
            FingerprintTraining job(smallestResidual(backbone, 1));
            const auto result =
                job.step({torch::rand({kResidualBatch, 3, kResidualSide, kResidualSide}) * 2 - 1});
            bool penalised = false;
            for (const auto& [name, value] : result.values) {
                penalised = penalised || name == "gradient_penalty";
                QVERIFY(name != "r1" && name != "path_length");
            }
            QCOMPARE(penalised, std::string(backbone) == "wgan-gp");
        }
    }

    void bothLatentAndCodeDecideThePicture_data() {
        QTest::addColumn<QString>("backbone");
        for (const char* backbone : {"sngan", "wgan-gp"}) QTest::newRow(backbone) << backbone;
    }
    void bothLatentAndCodeDecideThePicture() {
        QFETCH(const QString, backbone);
        auto options = smallestResidual(backbone.toStdString()).network;
        torch::manual_seed(6);
        FingerprintNetworks networks(options);
        const torch::NoGradGuard guard;
        const Tensor z = torch::randn({4, 8});
        const Tensor codes = torch::randint(2, {4, kResidualBits}, torch::kFloat32);
        networks.train(true);
        for (int i = 0; i < 20; ++i) networks.draw(torch::randn({16, 8}), codes.repeat({4, 1}), {});
        networks.train(false);
        const Tensor drawn = networks.draw(z, codes, {});
        QCOMPARE(drawn.sizes(), (at::IntArrayRef{4, 3, kResidualSide, kResidualSide}));
        QVERIFY(mostApart(networks.draw(z, 1 - codes, {}), drawn) > 1e-3);
        QVERIFY(mostApart(networks.draw(-z, codes, {}), drawn) > 1e-3);
        // A picture does not depend on what it is drawn together with.
        QVERIFY(mostApart(networks.draw(z.slice(0, 1, 2), codes.slice(0, 1, 2), {}), drawn.slice(0, 1, 2)) <
                1e-4);
        // The running statistics are part of the state.
        FingerprintNetworks other(options);
        other.load(networks.state());
        QCOMPARE(mostApart(other.draw(z, codes, {}), drawn), 0.0);

        // With nothing modulated it is the backbone as published.
        options.modulatedFrom = 1024;
        FingerprintNetworks plain(options);
        QCOMPARE(mostApart(plain.draw(z, 1 - codes, {}), plain.draw(z, codes, {})), 0.0);
    }

    void anInstanceDrawsWhatTheModelDraws_data() {
        QTest::addColumn<QString>("backbone");
        QTest::addColumn<int>("modulatedFrom");
        for (const char* backbone : {"sngan", "wgan-gp"})
            for (const int from : {4, 16})
                QTest::addRow("%s, from %d px on", backbone, from) << backbone << from;
    }
    void anInstanceDrawsWhatTheModelDraws() {
        QFETCH(const QString, backbone);
        QFETCH(const int, modulatedFrom);
        auto options = smallestResidual(backbone.toStdString()).network;
        options.modulatedFrom = modulatedFrom;
        torch::manual_seed(7);
        FingerprintNetworks networks(options);
        const torch::NoGradGuard guard;
        const Tensor code = torch::randint(2, {kResidualBits}, torch::kFloat32);
        networks.train(true);
        for (int i = 0; i < 20; ++i)
            networks.draw(torch::randn({16, 8}), torch::randint(2, {16, kResidualBits}, torch::kFloat32), {});
        networks.train(false);
        const auto randoms = [] {
            std::vector<at::Generator> all;
            for (std::uint64_t i = 0; i < 5; ++i) all.push_back(generators::generatorOf(i));
            return all;
        };
        const Tensor z = generators::latentsOf(randoms(), options.latent);
        const Tensor expected = networks.draw(z, code.expand({5, -1}), {});
        const auto instance = instanceOf(networks, code);
        QCOMPARE(std::string(instance->arch()), backbone.toStdString());
        const Tensor drawn = instance->draw(randoms(), {}, {});
        QVERIFY(expected.std().item<double>() > 0.01);
        QVERIFY2(mostApart(drawn, expected) < 1e-4, qPrintable(QString::number(mostApart(drawn, expected))));
        QVERIFY(mostApart(instanceOf(networks, 1 - code)->draw(randoms(), {}, {}), expected) > 1e-3);
        for (const auto& [name, tensor] : instance->state())
            QVERIFY2(name.find("modulation") == std::string::npos, name.c_str());
        // What a manifest says makes the same generator.
        const auto again = generators::makeGenerator(instance->arch(), instance->networkOptions());
        again->load(instance->state());
        QCOMPARE(mostApart(again->draw(randoms(), {}, {}), drawn), 0.0);
    }

    void becomesAModel() {
        QTemporaryDir folder;
        const std::string path = folder.filePath("model").toStdString();
        FingerprintTraining job(smallestResidual("sngan"));
        trainResidual(job, 2, 2);
        job.writeModel(path, Json::object());
        FingerprintModel model(models::findModel(path, {}), "cpu", 1);
        QCOMPARE(model.bits(), kResidualBits);
        int drawn = 0;
        model.draw(1, 3, {}, [&](const std::vector<std::uint8_t>& code, const image::Image& picture) {
            QCOMPARE(code.size(), std::size_t{kResidualBits});
            QCOMPARE(picture.width, kResidualSide);
            QCOMPARE(model.decode(picture).size(), std::size_t{kResidualBits});
            ++drawn;
        });
        QCOMPARE(drawn, 3);
        auto instance = model.instance(std::vector<std::uint8_t>(kResidualBits));
        QCOMPARE(instance.sample({.count = 2}, {}, [](std::uint64_t, const image::Image&) {}),
                 std::uint64_t{2});
    }

    void optionsOfBeforeAreStyleGan2() {
        Json json = FingerprintOptions().toJson();
        QCOMPARE(json.at("backbone").get<std::string>(), std::string("stylegan2"));
        for (const char* later : {"backbone", "width", "criticWidth"}) json.erase(later);
        QVERIFY(FingerprintOptions::fromJson(json) == FingerprintOptions());
        const auto residual = smallestResidual("wgan-gp").network;
        QVERIFY(FingerprintOptions::fromJson(residual.toJson()) == residual);
        const FingerprintTrainingOptions standard;
        QCOMPARE(standard.criticSteps, 1);
        QCOMPARE(standard.beta2, 0.99);
        QCOMPARE(generators::rateFactor(standard, 700'000), 1.0);
    }

    void optionsNameWhatIsWrong_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("said");
        QTest::newRow("backbone") << R"({"backbone":"biggan"})"
                                  << "backbone";
        QTest::newRow("path length") << R"({"backbone":"sngan","r1":0})"
                                     << "only stylegan2";
        QTest::newRow("R1") << R"({"backbone":"wgan-gp","pathWeight":0})"
                            << "only stylegan2";
        QTest::newRow("side") << R"({"backbone":"sngan","r1":0,"pathWeight":0,"side":256})"
                              << "128 px";
        QTest::newRow("variant") << R"({"backbone":"sngan","r1":0,"pathWeight":0,"variant":"II"})"
                                 << "variant";
    }
    void optionsNameWhatIsWrong() {
        QFETCH(const QString, json);
        QFETCH(const QString, said);
        auto options = Json::parse(json.toStdString());
        options["task"] = kFingerprintTask;
        const auto message =
            errorOf([&] { tasks::all().of(options).complete(options); }, ErrorCode::BadOption);
        QVERIFY2(message.contains(said), qPrintable(message));
    }

    void presetsNameTheirBackbone() {
        for (const char* backbone : {"sngan", "wgan-gp"}) {
            const Json options =
                training::configure(tasks::all(), std::string("fingerprint-") + backbone, {});
            QCOMPARE(options.at("backbone").get<std::string>(), std::string(backbone));
            QCOMPARE(options.at("criticSteps").get<int>(), 5);
        }
    }

    void ratesFallInAStraightLine() {
        generators::GanOptions options;
        options.steps = 100;
        options.decayFrom = 0.8;
        QCOMPARE(generators::rateFactor(options, 80), 1.0);
        QVERIFY(std::abs(generators::rateFactor(options, 90) - 0.5) < 1e-12);
        QCOMPARE(generators::rateFactor(options, 100), 0.0);
        QCOMPARE(generators::rateFactor(options, 120), 0.0);
    }
};

}  // namespace

SIGNET_TEST(TestResidualGan)
#include "test_residual_gan.moc"
