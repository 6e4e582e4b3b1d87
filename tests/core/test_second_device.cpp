// Training on a device other than the CPU, on one that stands in for a GPU: it shows that nothing is left on
// the CPU by mistake, and that the same is drawn and learned.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <QTemporaryDir>

#include "core/image/encode.h"
#include "core/nn/image_random.h"
#include "core/signature/joint_training.h"
#include "tests/core/image_builders.h"
#include "tests/core/second_device.h"
#include "tests/core/tensor_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::tests;
using signature::JointTraining;
using signature::TrainingOptions;

namespace {

TrainingOptions deviceOptions(const QString& kind) {
    TrainingOptions options;
    options.steps = 8;
    options.validationImages = 10;
    options.batch = 4;
    options.bf16 = false;
    options.learningRate = 1e-4;
    options.network.workSide = 32;
    options.network.injectorWidths = {8, 8, 16};
    options.network.detectorWidths = {8, 8, 16};
    if (kind.startsWith("paper")) {
        options.objective = "paper";
        options.network.arch = "paper";
        options.network.bits = 2;
        options.ramp = 1;
        options.noise = 0.1;
        options.checkpointing = kind.contains("recomputed");
        return options;
    }
    options.openAccuracy = 0.5;
    options.flipShare = 0.3;
    options.attackBoth = 0.5;
    options.attenuation = 0.5;
    options.ema = 0.9;
    if (kind == "code") {
        options.network.bits = 8;
        options.network.workSide = 96;
    } else if (kind == "texture") {
        options.objective = "presence";
        options.network.arch = "texture";
        options.validationNegatives = 20;
    } else {
        options.accumulate = 2;
    }
    return options;
}

QByteArray differenceOf(const std::vector<std::pair<std::string, double>>& actual,
                        const std::vector<std::pair<std::string, double>>& expected, double share) {
    if (actual.size() != expected.size()) return "other values";
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const double off = std::abs(actual[i].second - expected[i].second);
        if (actual[i].first != expected[i].first || !(off <= share * (1 + std::abs(expected[i].second))))
            return QByteArray::fromStdString(actual[i].first) + ": " + QByteArray::number(actual[i].second) +
                   " instead of " + QByteArray::number(expected[i].second);
    }
    return {};
}

/// Another kind of device drops other values, so that its steps are other steps.
void dropNothing(JointTraining& job) {
    for (const auto& module : job.networks().injector().modules())
        if (auto* dropout = module->as<nn::ImageDropoutImpl>()) dropout->setProbability(0);
}

/// The first name whose tensors differ; empty: all are the same, bit for bit.
std::string differingName(const nn::TensorMap& actual, const nn::TensorMap& expected) {
    if (actual.size() != expected.size()) return "another number of tensors";
    for (const auto& [name, tensor] : expected)
        if (!actual.contains(name) || !at::equal(actual.at(name), tensor)) return name;
    return {};
}

}  // namespace

class TestSecondDevice : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    /// The stand-in refuses what a GPU refuses.
    void mixingIsRefused() {
        const auto there = at::ones({3}, secondDevice());
        QVERIFY_EXCEPTION_THROWN(there + at::ones({3}), c10::Error);
        QVERIFY(at::equal((there + 1).to(at::kCPU), at::full({3}, 2.0)));
    }

    void noiseIsTheSame() {
        const auto x = at::zeros({3, 2, 4, 5}).contiguous(at::MemoryFormat::ChannelsLast);
        const auto there = nn::normalLike(x.to(secondDevice()), 7, 11);
        QVERIFY(there.device() == secondDevice());
        QVERIFY(at::equal(there.to(at::kCPU), nn::normalLike(x, 7, 11)));
    }

    void steps_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"code", "presence", "texture", "paper", "paper, recomputed"})
            QTest::newRow(kind) << kind;
    }
    /// Each step from one state gives the same losses and the same ladder to float32 rounding (which grows
    /// from step to step, as Adam's first steps follow the gradients' signs: a free run depends on the
    /// processor); a checkpoint lies on the CPU and goes on there as on the device; validation and samples
    /// too.
    void steps() {
        QFETCH(QString, kind);
        const auto options = deviceOptions(kind);
        JointTraining here(options), there(options, {.device = secondDevice()});
        QCOMPARE(differingName(there.state().tensors, here.state().tensors), std::string());
        dropNothing(here);
        dropNothing(there);
        const std::uint64_t steps =
            kind.startsWith("paper") ? 2 : 4;  // of the paper's the second is past the ramp
        for (std::uint64_t step = 0; step < steps; ++step) {
            there.restore(here.state());
            const auto batch = batchOf(here, step);
            const auto expected = here.step({batch});
            const auto actual = there.step({batch});
            const auto difference = differenceOf(actual.values, expected.values, 2e-3);
            QVERIFY2(difference.isEmpty(), difference);
        }
        for (auto* module : {&there.networks().injector(), &there.networks().detector()}) {
            for (const auto& tensor : module->parameters()) QVERIFY(tensor.device() == secondDevice());
            for (const auto& tensor : module->buffers()) QVERIFY(tensor.device() == secondDevice());
        }

        const auto checkpoint = there.state();
        for (const auto& [name, tensor] : checkpoint.tensors) QVERIFY2(tensor.is_cpu(), name.c_str());
        JointTraining again(options, {.device = secondDevice()});
        dropNothing(again);
        again.restore(checkpoint);
        here.restore(checkpoint);
        QVERIFY(again.state().metadata == there.state().metadata);
        QCOMPARE(differingName(again.state().tensors, checkpoint.tensors), std::string());
        QCOMPARE(differingName(here.state().tensors, checkpoint.tensors), std::string());
        const auto batch = batchOf(here, steps);
        again.step({batch});
        there.step({batch});
        QCOMPARE(differingName(again.state().tensors, there.state().tensors), std::string());

        if (options.checkpointing) return;  // what follows takes no gradients
        QTemporaryDir folder;
        training::PhotoSet photos;
        for (unsigned i = 0; i < 10; ++i) {  // of each attack one
            photos.files.push_back(folder.filePath(QString("%1.png").arg(i)).toStdString());
            writeFileAtomically(photos.files.back(), image::encode(makePicture(120, 100, 3, 8, i), {}),
                                IfExists::Replace);
        }
        here.restore({there.state().tensors, there.state().metadata});
        here.setViews(photos);
        there.setViews(photos);
        // A bit that hangs by rounding may fall either way.
        const auto difference = differenceOf(there.validate()->values, here.validate()->values, 0.05);
        QVERIFY2(difference.isEmpty(), difference);
        const auto expected = here.samples()->grid;
        const auto actual = there.samples()->grid;
        int off = 0;
        for (std::size_t i = 0; i < expected.data.size(); ++i)
            off +=
                std::abs(int(actual.data[i]) - int(expected.data[i])) > 10;  // the residual counts ten times
        QCOMPARE(off, 0);
    }
};

SIGNET_TEST(TestSecondDevice)
#include "test_second_device.moc"
