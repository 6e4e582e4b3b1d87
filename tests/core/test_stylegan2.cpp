// StyleGAN2's parts and networks: names and parameter counts of the published ones, FIR resampling by hand,
// filters baked for one style, gradients of gradients.
#include <torch/torch.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>

#include "core/fingerprint/fingerprint_networks.h"
#include "core/kernels/up_fir_down.h"
#include "core/nn/stylegan2.h"
#include "tests/support/test_program.h"

using namespace signet;
using torch::Tensor;

namespace {

constexpr nn::FeatureMaps kConfigE{8192, 512};

nn::SynthesisImpl::Shape smallShape() {
    nn::SynthesisImpl::Shape shape{16, {64, 12}};
    shape.input = 6;
    shape.style = 8;
    return shape;
}

double greatest(const Tensor& x) {
    return x.abs().max().item<double>();
}

/// sin(0.7 k + s), s the sum of the name's characters modulo 101: as tests/core/stylegan2_reference.py has
/// it.
Tensor madeOf(const std::string& name, at::IntArrayRef shape) {
    int sum = 0;
    for (const char c : name) sum += c;
    std::int64_t count = 1;
    for (const auto side : shape) count *= side;
    return torch::sin(torch::arange(count, torch::kFloat64) * 0.7 + sum % 101)
        .to(torch::kFloat32)
        .view(shape);
}

void makeWeights(torch::nn::Module& module) {
    nn::TensorMap made;
    for (const auto& [name, tensor] : nn::stateDict(module)) made[name] = madeOf(name, tensor.sizes());
    nn::loadStateDict(module, made);
}

class TestStyleGan2 : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void parametersAreThePapers_data() {
        QTest::addColumn<int>("side");
        QTest::addColumn<qint64>("generator");
        QTest::newRow("32 px") << 32 << qint64{23'616'531};
        QTest::newRow("64 px") << 64 << qint64{25'912'600};
        QTest::newRow("128 px") << 128 << qint64{26'618'269};
        QTest::newRow("256 px") << 256 << qint64{26'860'514};
    }
    void parametersAreThePapers() {
        QFETCH(const int, side);
        nn::SynthesisImpl::Shape shape{side, kConfigE};
        shape.input = 512;
        QTEST(static_cast<qint64>(nn::parameterCount(*nn::Synthesis(shape))), "generator");
    }

    void encoderDecoderAndDiscriminatorAreThePapers() {
        QCOMPARE(nn::parameterCount(*nn::Mapping(128, 512, 8, 0.01, false)), std::int64_t{1'904'640});
        QCOMPARE(nn::parameterCount(*nn::ResidualCritic(nn::ResidualCriticImpl::Shape{128, kConfigE})),
                 std::int64_t{23'882'369});
        QCOMPARE(
            nn::parameterCount(*nn::ResidualCritic(nn::ResidualCriticImpl::Shape{128, kConfigE, 640, false})),
            std::int64_t{24'205'568});
    }

    void namesAreThoseOfPublishedFiles() {
        std::set<std::string> names;
        nn::SynthesisImpl::Shape shape{8, {64, 12}};
        for (const auto& [name, tensor] : nn::stateDict(*nn::Synthesis(shape))) names.insert(name);
        const std::set<std::string> wanted{"input.input",
                                           "conv1.conv.weight",
                                           "conv1.conv.modulation.weight",
                                           "conv1.conv.modulation.bias",
                                           "conv1.noise.weight",
                                           "conv1.activate.bias",
                                           "to_rgb1.bias",
                                           "to_rgb1.conv.weight",
                                           "to_rgb1.conv.modulation.weight",
                                           "to_rgb1.conv.modulation.bias",
                                           "convs.0.conv.weight",
                                           "convs.0.conv.modulation.weight",
                                           "convs.0.conv.modulation.bias",
                                           "convs.0.noise.weight",
                                           "convs.0.activate.bias",
                                           "convs.1.conv.weight",
                                           "convs.1.conv.modulation.weight",
                                           "convs.1.conv.modulation.bias",
                                           "convs.1.noise.weight",
                                           "convs.1.activate.bias",
                                           "to_rgbs.0.bias",
                                           "to_rgbs.0.conv.weight",
                                           "to_rgbs.0.conv.modulation.weight",
                                           "to_rgbs.0.conv.modulation.bias",
                                           "noises.noise_0",
                                           "noises.noise_1",
                                           "noises.noise_2"};
        QCOMPARE(names, wanted);
        names.clear();
        for (const auto& [name, tensor] :
             nn::stateDict(*nn::ResidualCritic(nn::ResidualCriticImpl::Shape{8, {64, 12}})))
            names.insert(name);
        QCOMPARE(names,
                 (std::set<std::string>{
                     "convs.0.0.weight", "convs.0.1.bias", "convs.1.conv1.0.weight", "convs.1.conv1.1.bias",
                     "convs.1.conv2.1.weight", "convs.1.conv2.2.bias", "convs.1.skip.1.weight",
                     "final_conv.0.weight", "final_conv.1.bias", "final_linear.0.weight",
                     "final_linear.0.bias", "final_linear.1.weight", "final_linear.1.bias"}));
    }

    void firIsAsByHand() {
        // One place of 1 in the middle: the filter itself, [1,3,3,1] x [1,3,3,1] / 64.
        auto x = torch::zeros({1, 1, 5, 5});
        x[0][0][2][2] = 64;
        const auto y = kernels::upFirDown(x, 1, 1, {1, 2});
        QCOMPARE(y.size(3), std::int64_t{5});
        const auto taps = torch::tensor({1.0F, 3.0F, 3.0F, 1.0F});
        const auto middle = y[0][0].slice(0, 0, 4).slice(1, 0, 4);
        QVERIFY(greatest(middle - torch::outer(taps, taps)) < 1e-5);
        // A plane of ones stays one, away from its border, however it is resampled.
        const auto ones = torch::ones({2, 3, 8, 8});
        const auto twice = kernels::firDoubled(ones);
        QCOMPARE(twice.sizes(), (at::IntArrayRef{2, 3, 16, 16}));
        QVERIFY(greatest(twice.slice(2, 2, -2).slice(3, 2, -2) - 1) < 1e-5);
        const auto half = kernels::upFirDown(ones, 1, 2, {1, 1});
        QCOMPARE(half.sizes(), (at::IntArrayRef{2, 3, 4, 4}));
        QVERIFY(greatest(half.slice(2, 1, -1).slice(3, 1, -1) - 1) < 1e-5);
    }

    // The numbers are what tests/core/stylegan2_reference.py prints.
    void drawsWhatTheDescriptionSays() {
        const torch::NoGradGuard guard;
        nn::Synthesis network(smallShape());
        makeWeights(*network);
        const auto pictures = network(madeOf("z", {2, 6}), madeOf("styles", {2, 6, 8}), nn::NoiseSource{});
        const std::array<std::array<double, 6>, 2> wanted{
            {{0.697999, 1.558015, 2.094126, -1.107238, -1.067025, 3.193539},
             {0.130343, -0.024999, 2.594209, 1.809534, -2.582840, 2.391713}}};
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const auto picture = pictures[static_cast<std::int64_t>(i)];
            QVERIFY(std::abs(picture.mean().item<double>() - wanted[i][0]) < 1e-4);
            for (std::size_t k = 1; k < wanted[i].size(); ++k) {
                const auto at = static_cast<std::int64_t>(k - 1) * (3 * 64 - 1);
                QVERIFY(std::abs(picture.flatten()[at].item<double>() - wanted[i][k]) < 1e-4);
            }
        }
    }
    void judgesWhatTheDescriptionSays() {
        const torch::NoGradGuard guard;
        nn::ResidualCritic network(nn::ResidualCriticImpl::Shape{16, {64, 12}});
        makeWeights(*network);
        const auto verdicts = network(madeOf("x", {4, 3, 16, 16})).flatten();
        const std::array wanted{1.537583, 1.536016, 1.537481, 1.536330};
        for (std::size_t i = 0; i < wanted.size(); ++i)
            QVERIFY(std::abs(verdicts[static_cast<std::int64_t>(i)].item<double>() - wanted[i]) < 1e-4);
    }

    void bakedFiltersDrawTheSame() {
        torch::manual_seed(3);
        for (const bool up : {false, true}) {
            for (const int styles : {1, 2}) {
                nn::ModulatedConv conv(nn::ModulatedConvImpl::Shape{5, 7, 3, 8, styles, true, up});
                const auto x = torch::randn({1, 5, 6, 6}), style = torch::randn({1, 8 * styles});
                QVERIFY(greatest(conv(x, style, kernels::AffineLeakyRelu{}) -
                                 conv->convolved(x, conv->bakedWeight(style))) < 1e-5);
            }
        }
    }

    void everyPictureHasItsOwnStyle() {
        torch::manual_seed(4);
        nn::Synthesis network(smallShape());
        const auto z = torch::randn({2, 6}), styles = torch::randn({2, network->shape().layers(), 8});
        const auto both = network(z, styles, nn::NoiseSource{});
        QCOMPARE(both.sizes(), (at::IntArrayRef{2, 3, 16, 16}));
        for (int i = 0; i < 2; ++i) {
            const auto one = network(z.slice(0, i, i + 1), styles.slice(0, i, i + 1), nn::NoiseSource{});
            QVERIFY(greatest(one - both.slice(0, i, i + 1)) < 1e-4);
        }
    }

    void plainLevelsKnowNoStyle() {
        torch::manual_seed(5);
        auto shape = smallShape();
        shape.modulatedFrom = 32;  // none of 4, 8, 16 px
        nn::Synthesis network(shape);
        const auto z = torch::randn({1, 6});
        const auto layers = network->shape().layers();
        QCOMPARE(greatest(network(z, torch::randn({1, layers, 8}), nn::NoiseSource{}) -
                          network(z, torch::randn({1, layers, 8}), nn::NoiseSource{})),
                 0.0);
    }

    void gradientsOfGradientsAreNumeric() {
        torch::manual_seed(6);
        nn::ResidualCritic critic(nn::ResidualCriticImpl::Shape{8, {32, 6}});
        critic->to(torch::kFloat64);
        const auto x = torch::randn({2, 3, 8, 8}, torch::kFloat64);
        const auto penalty = [&] {
            const auto here = x.clone().requires_grad_(true);
            return torch::autograd::grad({critic(here).sum()}, {here}, {}, true, true)[0].square().sum();
        };
        for (auto& parameter : critic->parameters()) {
            if (parameter.dim() < 2) continue;  // the penalty hardly depends on biases
            critic->zero_grad();
            penalty().backward();
            const double slope = parameter.grad().flatten()[0].item<double>();
            constexpr double kStep = 1e-5;
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
            QVERIFY2(std::abs(slope - numeric) <= 1e-4 * (1 + std::abs(numeric)),
                     qPrintable(QString("%1 against %2").arg(slope).arg(numeric)));
        }
    }

    void variantsDifferInWhatModulates_data() {
        QTest::addColumn<QString>("variant");
        for (const char* variant : {"published", "I", "II", "III"}) QTest::newRow(variant) << variant;
    }
    void variantsDifferInWhatModulates() {
        QFETCH(const QString, variant);
        torch::manual_seed(7);
        fingerprint::FingerprintOptions options;
        options.side = 16;
        options.bits = 12;
        options.latent = options.style = 8;
        options.mappingLayers = 2;
        options.mappingRate = 1;
        options.featureBase = options.decoderBase = 64;
        options.featureMost = options.decoderMost = 12;
        options.variant = variant.toStdString();
        fingerprint::FingerprintNetworks networks(options);
        const auto z = torch::randn({2, 8});
        const auto codes = torch::randint(2, {2, 12}, torch::kFloat32);
        const auto pictures = networks.draw(z, codes, {});
        QCOMPARE(pictures.sizes(), (at::IntArrayRef{2, 3, 16, 16}));
        // Both of the two decide the picture.
        QVERIFY(greatest(networks.draw(z, 1 - codes, {}) - pictures) > 1e-4);
        QVERIFY(greatest(networks.draw(-z, codes, {}) - pictures) > 1e-4);
        const auto decoded = networks.decode(pictures);
        QCOMPARE(decoded.latent.sizes(), (at::IntArrayRef{2, 8}));
        QCOMPARE(decoded.logits.sizes(), (at::IntArrayRef{2, 12}));
        // A model's state is all there is of it.
        fingerprint::FingerprintNetworks other(options);
        other.load(networks.state());
        QCOMPARE(greatest(other.draw(z, codes, {}) - pictures), 0.0);
    }
};

}  // namespace

SIGNET_TEST(TestStyleGan2)
#include "test_stylegan2.moc"
