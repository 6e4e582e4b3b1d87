#include <torch/torch.h>

#include <QTest>

#include <functional>
#include <vector>

#include "core/kernels/affine_leaky_relu.h"
#include "core/kernels/gpu.h"
#include "core/kernels/placement.h"
#include "core/kernels/up_fir_down.h"
#include "core/nn/runtime.h"
#include "tests/support/test_program.h"

using namespace signet;
using torch::Tensor;

namespace {

using Layer = std::function<Tensor(const std::vector<Tensor>&)>;

double apart(const Tensor& a, const Tensor& b) {
    return ((a - b).abs().max() / b.abs().max().clamp_min(1e-6)).item<double>();
}

std::vector<Tensor> leaves(const std::vector<Tensor>& inputs, const torch::Device& device) {
    std::vector<Tensor> all;
    for (const Tensor& input : inputs) all.push_back(input.to(device).detach().clone().requires_grad_());
    return all;
}

/// The result, its gradient with respect to every input, and the gradient of that gradient's squares.
std::vector<Tensor> threeOrders(const Layer& layer, const std::vector<Tensor>& in, const Tensor& weight) {
    const Tensor y = layer(in);
    const auto plain = torch::autograd::grad({y}, in, {weight.to(y.device())}, true, false);
    const auto first = torch::autograd::grad({(y * weight.to(y.device())).sum()}, in, {}, true, true);
    Tensor squares = torch::zeros({}, y.options());
    for (const Tensor& slope : first) squares = squares + slope.square().sum();
    std::vector<Tensor> all{y};
    all.insert(all.end(), plain.begin(), plain.end());
    all.insert(all.end(), first.begin(), first.end());
    std::vector<Tensor> seconds(in.size());
    if (squares.requires_grad()) seconds = torch::autograd::grad({squares}, in, {}, false, false, true);
    for (std::size_t i = 0; i < in.size(); ++i)  // what does not depend on it has none, or zeros
        all.push_back(seconds[i].defined() ? seconds[i] : torch::zeros_like(in[i]));
    return all;
}

/// Own against composed in value, gradient and second derivative; the gradient against finite differences.
void compare(const Layer& own, const Layer& composed, const std::vector<Tensor>& inputs,
             const torch::Device& device) {
    const auto in = leaves(inputs, device);
    const Tensor weight = torch::randn(composed(inputs).sizes());
    const auto mine = threeOrders(own, in, weight);
    const auto theirs = threeOrders(composed, leaves(inputs, torch::kCPU), weight);
    QCOMPARE(mine.size(), theirs.size());
    for (std::size_t i = 0; i < mine.size(); ++i) {
        QCOMPARE(mine[i].sizes(), theirs[i].sizes());
        QVERIFY2(apart(mine[i].cpu(), theirs[i]) < 1e-4, qPrintable(QString("output %1").arg(i)));
    }
    // Along a direction of all inputs at once, in steps so small that few values change their sign.
    const torch::NoGradGuard guard;
    constexpr double kStep = 2e-4;
    std::vector<Tensor> ahead, behind;
    double expected = 0, squares = 0;
    for (std::size_t i = 0; i < in.size(); ++i) {
        const Tensor direction = torch::randn_like(in[i]);
        ahead.push_back(in[i] + direction * kStep);
        behind.push_back(in[i] - direction * kStep);
        const Tensor parts = (mine[1 + i] * direction).to(torch::kFloat64);
        expected += parts.sum().item<double>();
        squares += parts.square().sum().item<double>();
    }
    const double difference =
        ((own(ahead) - own(behind)).to(torch::kFloat64) * weight.to(device)).sum().item<double>() /
        (2 * kStep);
    QVERIFY2(std::abs(difference - expected) < 0.02 * std::sqrt(squares) + 0.02,
             qPrintable(QString("%1 for %2").arg(difference).arg(expected)));
}

}  // namespace

class TestKernels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void upFirDown_data() {
        QTest::addColumn<int>("up");
        QTest::addColumn<int>("down");
        QTest::addColumn<int>("before");
        QTest::addColumn<int>("after");
        QTest::newRow("after an enlarging convolution") << 1 << 1 << 1 << 1;
        QTest::newRow("before a halving convolution") << 1 << 1 << 2 << 2;
        QTest::newRow("enlarged") << 2 << 1 << 2 << 1;
        QTest::newRow("enlarged, the other parity") << 2 << 1 << 1 << 2;
        QTest::newRow("halved") << 1 << 2 << 1 << 1;
        QTest::newRow("halved, odd") << 1 << 2 << 2 << 1;
        QTest::newRow("pads of 4") << 1 << 1 << 4 << 4;
        QTest::newRow("cut") << 1 << 1 << -1 << -2;
    }
    void upFirDown() {
        QFETCH(int, up);
        QFETCH(int, down);
        QFETCH(int, before);
        QFETCH(int, after);
        torch::manual_seed(1);
        for (const auto& shape : std::vector<std::vector<std::int64_t>>{
                 {2, 16, 8, 8}, {1, 3, 9, 12}, {3, 1, 7, 8}, {1, 37, 33, 40}}) {
            compare(
                [=](const auto& in) {
                    return kernels::upFirDown(in[0], up, down, {before, after}, 3);
                },
                [=](const auto& in) {
                    return kernels::composedUpFirDown(in[0], up, down, {before, after}, 3);
                },
                {torch::randn(shape)}, torch::kCPU);
        }
    }

    void affineLeakyRelu_data() {
        QTest::addColumn<bool>("scaled");
        QTest::addColumn<int>("noises");  // 0: none, 1: one for all, 2: one a picture
        QTest::addColumn<bool>("biased");
        QTest::addColumn<bool>("activated");
        for (const bool scaled : {false, true})
            for (const int noises : {0, 1, 2})
                for (const bool biased : {false, true})
                    for (const bool activated : {false, true})
                        if (scaled || noises > 0 || biased || activated)
                            QTest::addRow("scale %d, noise %d, bias %d, activation %d", scaled, noises,
                                          biased, activated)
                                << scaled << noises << biased << activated;
    }
    void affineLeakyRelu() {
        QFETCH(bool, scaled);
        QFETCH(int, noises);
        QFETCH(bool, biased);
        QFETCH(bool, activated);
        torch::manual_seed(2);
        for (const auto& [pictures, channels, height, width] :
             std::vector<std::array<std::int64_t, 4>>{{3, 16, 5, 7}, {2, 3, 40, 33}, {1, 21, 1, 1}}) {
            std::vector<Tensor> inputs{torch::randn({pictures, channels, height, width})};
            const auto add = [&](bool wanted, const Tensor& input) {
                if (wanted) inputs.push_back(input);
                return wanted ? inputs.size() - 1 : 0;
            };
            const auto scale = add(scaled, torch::randn({pictures, channels}));
            const auto strength = add(noises > 0, torch::randn({1}));
            const auto bias = add(biased, torch::randn({channels}));
            const Tensor noise = torch::randn({noises == 2 ? pictures : 1, 1, height, width});
            const auto layer = [=](const std::vector<Tensor>& in) {
                kernels::AffineLeakyRelu layer;
                if (scale) layer.scale = in[scale];
                if (strength) layer.noise = noise.to(in[0].device());
                if (strength) layer.strength = in[strength];
                if (bias) layer.bias = in[bias];
                if (activated) layer.slope = kernels::kLeakySlope;
                if (activated) layer.gain = kernels::kLeakyGain;
                return layer;
            };
            compare([=](const auto& in) { return kernels::affineLeakyRelu(in[0], layer(in)); },
                    [=](const auto& in) { return kernels::composedAffineLeakyRelu(in[0], layer(in)); },
                    inputs, torch::kCPU);
        }
    }

    void threadsDoNotChangeTheResult() {
        const int before = torch::get_num_threads();
        torch::manual_seed(3);
        const Tensor x = torch::randn({2, 24, 64, 64}), scale = torch::randn({2, 24});
        const auto outputs = [&](int threads) {
            torch::set_num_threads(threads);
            const auto in = leaves({x, scale}, torch::kCPU);
            const Tensor y = kernels::affineLeakyRelu(kernels::upFirDown(in[0], 1, 1, {2, 2}),
                                                      {.scale = in[1], .slope = 0.2});
            auto all = torch::autograd::grad({y.square().sum()}, in);
            all.push_back(y);
            return all;
        };
        const auto one = outputs(1), two = outputs(2);
        torch::set_num_threads(before);
        for (std::size_t i = 0; i < one.size(); ++i) QVERIFY(torch::equal(one[i], two[i]));
    }

    void onAGpuTheSame() {
        const torch::Device gpu = nn::deviceFromName("auto");
        if (!gpu.is_cuda()) QSKIP("no GPU here");
        QVERIFY(kernels::builtForGpu());
        torch::manual_seed(4);
        for (const auto& [up, down] : {std::pair{1, 1}, std::pair{2, 1}, std::pair{1, 2}})
            compare(
                [=, u = up, d = down](const auto& in) {
                    return kernels::upFirDown(in[0], u, d, {2, 1});
                },
                [=, u = up, d = down](const auto& in) {
                    return kernels::composedUpFirDown(in[0], u, d, {2, 1});
                },
                {torch::randn({2, 5, 9, 12})}, gpu);
        const Tensor noise = torch::randn({3, 1, 40, 33});
        const auto layer = [=](const std::vector<Tensor>& in) {
            return kernels::AffineLeakyRelu{in[1], noise.to(in[0].device()), in[2], in[3], 0.2, 1.5};
        };
        compare([=](const auto& in) { return kernels::affineLeakyRelu(in[0], layer(in)); },
                [=](const auto& in) { return kernels::composedAffineLeakyRelu(in[0], layer(in)); },
                {torch::randn({3, 16, 40, 33}), torch::randn({3, 16}), torch::randn({1}), torch::randn({16})},
                gpu);
    }

    void otherTypesAreComposed() {
        const Tensor x = torch::randn({1, 2, 6, 6}, torch::kFloat64);
        QVERIFY(!kernels::hasKernels(x));
        QCOMPARE(kernels::upFirDown(x, 1, 1, {2, 1}).scalar_type(), torch::kFloat64);
        QVERIFY(apart(kernels::upFirDown(x, 1, 1, {2, 1}),
                      kernels::upFirDown(x.to(torch::kFloat32), 1, 1, {2, 1}).to(torch::kFloat64)) < 1e-6);
    }

    void whatCannotBeResampledIsRefused() {
        const Tensor x = torch::ones({1, 2, 6, 6});
        QVERIFY_EXCEPTION_THROWN(kernels::upFirDown(x, 2, 2, {1, 1}), c10::Error);
        QVERIFY_EXCEPTION_THROWN(kernels::upFirDown(x, 1, 1, {5, 0}), c10::Error);
        QVERIFY_EXCEPTION_THROWN(kernels::upFirDown(x, 1, 1, {-2, -2}), c10::Error);
    }
};

SIGNET_TEST(TestKernels)
#include "test_kernels.moc"
