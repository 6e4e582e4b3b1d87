#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/types.h>

#include "core/attacks/tensor_attacks.h"
#include "core/nn/channels_last.h"
#include "core/nn/checkpoint.h"
#include "core/nn/group_norm_silu.h"
#include "core/nn/image_random.h"
#include "core/nn/runtime.h"
#include "core/nn/unet.h"
#include "core/signature/joint_training.h"
#include "tests/support/test_program.h"

// Designated initialisers name what a test is about; the other fields keep their defaults.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

using namespace signet;
using at::Tensor;

namespace {

double distance(const Tensor& a, const Tensor& b) {
    return ((a - b).to(at::kDouble).norm() / b.to(at::kDouble).norm().clamp_min(1e-12)).item<double>();
}

std::vector<Tensor> gradientsOf(torch::nn::Module& module) {
    std::vector<Tensor> gradients;
    for (const auto& parameter : module.parameters()) gradients.push_back(parameter.grad().clone());
    module.zero_grad();
    return gradients;
}

/// Relative to each expected tensor's norm, or to a thousandth of the largest: some gradients (of a bias
/// before a normalisation) are zero but for rounding.
void compareAll(const std::vector<Tensor>& actual, const std::vector<Tensor>& expected, double tolerance) {
    QCOMPARE(actual.size(), expected.size());
    double least = 0;
    for (const auto& t : expected) least = std::max(least, 1e-3 * t.norm().item<double>());
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const double error = (actual[i] - expected[i]).norm().item<double>() /
                             std::max(least, expected[i].norm().item<double>());
        QVERIFY2(error <= tolerance, qPrintable(QString("%1: %2").arg(i).arg(error)));
    }
}

signature::TrainingOptions paperOptions(int accumulate, bool checkpointing) {
    signature::TrainingOptions options;
    options.objective = "paper";
    options.network.arch = "paper";
    options.network.workSide = 32;
    options.batch = 4;
    options.accumulate = accumulate;
    options.checkpointing = checkpointing;
    options.bf16 = false;
    options.clip = 0;
    options.ramp = 1;
    options.lambda = 0.5;
    options.drawEach = false;
    return options;
}

}  // namespace

class TestStepParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        at::manual_seed(11);
        at::set_num_threads(1);
    }

    void normSiluAgainstLibTorch_data() {
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("groups");
        QTest::addColumn<bool>("bf16");
        QTest::addColumn<bool>("silu");
        QTest::addColumn<bool>("conditioned");
        for (const bool bf16 : {false, true})
            for (const bool silu : {false, true})
                for (const bool conditioned : {false, true}) {
                    QTest::addRow("64 channels, bf16 %d, silu %d, conditioned %d", bf16, silu, conditioned)
                        << 64 << 32 << bf16 << silu << conditioned;
                    QTest::addRow("24 channels, bf16 %d, silu %d, conditioned %d", bf16, silu, conditioned)
                        << 24 << 8 << bf16 << silu << conditioned;
                }
    }
    /// Value and all gradients against LibTorch's operators in double precision; 37 x 19 pixels are more than
    /// one chunk and no multiple of anything.
    void normSiluAgainstLibTorch() {
        QFETCH(int, channels);
        QFETCH(int, groups);
        QFETCH(bool, bf16);
        QFETCH(bool, silu);
        QFETCH(bool, conditioned);
        const auto type = bf16 ? at::kBFloat16 : at::kFloat;
        const Tensor image = (at::randn({2, channels, 37, 19}) * 2 + 0.5).to(type);
        const Tensor upstream = at::randn({2, channels, 37, 19}).to(type);
        const auto leaf = [](const Tensor& t) { return t.clone().set_requires_grad(true); };
        const auto pass = [&](const Tensor& x, const std::vector<Tensor>& p) {
            nn::GroupNormTail tail{.silu = silu};
            if (conditioned) tail = {.scale = p[2], .shift = p[3], .silu = silu};
            return nn::groupNormSilu(x, groups, p[0], p[1], tail);
        };
        std::vector<Tensor> drawn;
        for (int i = 0; i < 2; ++i) drawn.push_back(at::randn({channels}) + 1);
        for (int i = 0; i < 2; ++i) drawn.push_back(at::randn({2, channels}) * 0.5);
        std::vector<Tensor> own, exact;
        for (const auto& t : drawn) own.push_back(leaf(t)), exact.push_back(leaf(t.to(at::kDouble)));
        const Tensor x = leaf(nn::channelsLast(image));
        const Tensor exactX = leaf(image.to(at::kDouble));
        const Tensor y = pass(x, own);
        const Tensor expected = pass(exactX, exact);
        QCOMPARE(y.scalar_type(), type);
        y.backward(nn::channelsLast(upstream));
        expected.backward(upstream.to(at::kDouble));
        const double tolerance = bf16 ? 6e-3 : 2e-6;
        QVERIFY2(distance(y, expected) < tolerance, qPrintable(QString::number(distance(y, expected))));
        QVERIFY2(distance(x.grad(), exactX.grad()) < tolerance,
                 qPrintable(QString::number(distance(x.grad(), exactX.grad()))));
        for (std::size_t i = 0; i < (conditioned ? 4u : 2u); ++i)
            QVERIFY2(distance(own[i].grad(), exact[i].grad()) < tolerance,
                     qPrintable(QString("%1: %2").arg(i).arg(distance(own[i].grad(), exact[i].grad()))));
    }

    /// A tenth of the values is zero, the rest scaled; another seed, another mask; the gradient has the mask
    /// of the value; the number of threads changes nothing.
    void normSiluDropsOut() {
        const Tensor weight = at::ones({64});
        const Tensor bias = at::full({64}, 3.0);  // far from SiLU's zero
        const Tensor x = nn::channelsLast(at::randn({3, 64, 48, 40})).set_requires_grad(true);
        const auto pass = [&](std::uint64_t seed, double dropout) {
            return nn::groupNormSilu(x, 32, weight, bias, {.dropout = {dropout, seed, 0}});
        };
        const Tensor whole = pass(1, 0);
        const Tensor y = pass(1, 0.1);
        const Tensor kept = (y != 0).to(at::kFloat);
        QVERIFY(distance(y, whole * kept / 0.9) < 1e-6);
        const double n = static_cast<double>(kept.numel());
        const double share = 1 - kept.mean().item<double>();
        QVERIFY2(std::abs(share - 0.1) < 5 * std::sqrt(0.09 / n), qPrintable(QString::number(share)));
        for (const int dimension : {0, 1, 2, 3}) {  // neighbours are dropped independently of each other
            const auto size = kept.size(dimension);
            const double both =
                ((1 - kept.narrow(dimension, 0, size - 1)) * (1 - kept.narrow(dimension, 1, size - 1)))
                    .mean()
                    .item<double>();
            QVERIFY2(std::abs(both - 0.01) < 5 * std::sqrt(0.01 / n * 2), qPrintable(QString::number(both)));
        }
        QVERIFY(!at::equal(y, pass(2, 0.1)));
        y.sum().backward();
        const Tensor once = x.grad().clone();
        x.mutable_grad().reset();
        at::set_num_threads(2);
        const Tensor again = pass(1, 0.1);
        again.sum().backward();
        QVERIFY(at::equal(again, y));
        QVERIFY(at::equal(x.grad(), once));
    }

    void checkpointedInjector_data() {
        QTest::addColumn<bool>("bf16");
        QTest::newRow("float32") << false;
        QTest::newRow("bf16") << true;
    }
    /// The same value, gradients and position of the generator, dropout included.
    void checkpointedInjector() {
        QFETCH(bool, bf16);
        nn::UNet unet(nn::UNetOptions{.baseWidth = 32,
                                      .multipliers = {1, 2},
                                      .blocksPerLevel = 1,
                                      .attentionFactors = {2},
                                      .headWidth = 32,
                                      .codeBits = 3});
        {
            const at::NoGradGuard guard;
            for (auto& parameter : unet->parameters()) parameter.copy_(at::randn_like(parameter) * 0.1);
        }
        const Tensor x = at::rand({2, 3, 16, 16}) * 2 - 1;
        const Tensor code = at::ones({2, 3});
        const auto pass = [&](bool checkpointing) {
            unet->checkpointing = checkpointing;
            at::manual_seed(5);
            Tensor y;
            {
                const nn::Bf16Guard guard(bf16);
                y = unet->forward(x, {.code = code}).to(at::kFloat);
            }
            y.square().sum().backward();
            auto all = gradientsOf(*unet);
            all.push_back(y.detach());
            all.push_back(at::rand({4}));
            return all;
        };
        const auto kept = pass(false);
        compareAll(pass(true), kept, bf16 ? 2e-2 : 1e-5);
    }

    /// Running statistics move once a step.
    void checkpointedDetector() {
        at::manual_seed(3);
        nn::ResNet34 kept(2);
        at::manual_seed(3);
        nn::ResNet34 again(2);
        again->checkpointing = true;
        const Tensor x = (at::rand({2, 3, 64, 64}) * 2 - 1).set_requires_grad(true);
        const auto pass = [&](nn::ResNet34& net) {
            net(x).square().sum().backward();
            return gradientsOf(*net);
        };
        const auto expected = pass(kept);
        compareAll(pass(again), expected, 1e-5);
        const auto state = nn::stateDict(*again);
        for (const auto& [name, tensor] : nn::stateDict(*kept))
            QVERIFY2(at::equal(tensor, state.at(name)), name.c_str());
    }

    void gradientOfAStep_data() {
        QTest::addColumn<int>("accumulate");
        QTest::addColumn<bool>("checkpointing");
        QTest::newRow("whole batch") << 1 << false;
        QTest::newRow("two parts") << 2 << false;
        QTest::newRow("two parts, checkpointed") << 2 << true;
    }
    /// A step's loss and gradient are the mean over the parts of the fact sheet's formula (1.4).
    void gradientOfAStep() {
        QFETCH(int, accumulate);
        QFETCH(bool, checkpointing);
        const auto options = paperOptions(accumulate, checkpointing);
        const Tensor batch = at::rand({4, 3, 32, 32}) * 2 - 1;
        signature::JointTraining job(options), byHand(options);
        StepRandom random = job.randomOfNextStep();
        // The classification weight rises from 0: the second step is the first with all terms.
        job.step({batch});
        byHand.step({batch});
        random = job.randomOfNextStep();
        const auto result = job.step({batch});

        auto& nets = static_cast<signature::PaperNetworks&>(byHand.networks());
        nets.setCheckpointing(false);
        nets.injector().zero_grad();
        nets.detector().zero_grad();
        Tensor loss = at::zeros({});
        for (const Tensor& x : batch.chunk(accumulate)) {
            nn::reseedDropout(nets.injector(), random.bits(), 0);
            const auto image = nets.signImage(x, at::ones({x.size(0), 1}));
            const auto source = attacks::PaperSource::Text;
            const auto signedView =
                attacks::paperAugment(attacks::quantizeStraightThrough(image, false), source, random);
            const auto realView = attacks::paperAugment(x, source, random);
            const auto logits = nets.resnet()(at::cat({signedView, realView})).squeeze(1);
            const auto bce =
                at::softplus(logits * at::cat({at::full({x.size(0)}, -1.0), at::ones({x.size(0)})}));
            loss = loss + ((image - x).square().mean() + 0.5 * bce.mean()) / accumulate;
        }
        loss.backward();
        double reported = 0;
        for (const auto& [name, value] : result.values)
            if (name.starts_with("loss_")) reported += value;
        QVERIFY(std::abs(reported - loss.item<double>()) < 1e-5 * loss.item<double>());
        for (auto module : {&signature::Networks::injector, &signature::Networks::detector})
            compareAll(gradientsOf((job.networks().*module)()), gradientsOf((nets.*module)()), 1e-4);
    }
};

SIGNET_TEST(TestStepParts)
#include "test_step_parts.moc"
