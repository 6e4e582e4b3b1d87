// Paper A's stage 1 in both of its forms: a draw for each picture or one a step, AdaIN or the code's scale
// and shift, noise that belongs to the signature, a restoration attacker that learns along.
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <QTemporaryDir>
#include <cmath>
#include <set>
#include <string>

#include "core/attacks/tensor_attacks.h"
#include "core/base/error.h"
#include "core/models/model_store.h"
#include "core/nn/unet.h"
#include "core/signature/joint_training.h"
#include "core/signature/model.h"
#include "core/tasks/all_tasks.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::signature;
using torch::Tensor;

namespace {

constexpr int kPaperSide = 32;

TrainingOptions smallestPaper(int bits = 2) {
    TrainingOptions o;
    o.objective = "paper";
    o.network.arch = "paper";
    o.network.bits = bits;
    o.network.workSide = kPaperSide;
    o.network.injectorWidth = 32;
    o.network.injectorMultipliers = {1, 1};
    o.network.injectorBlocks = 1;
    o.network.injectorAttention = {2};
    o.network.injectorGroups = 8;
    o.network.detectorBlocks = {1, 1, 1, 1};
    o.network.detectorWidth = 8;
    o.batch = 4;
    o.steps = 1000;
    o.learningRate = 1e-3;
    o.auxiliaryRate = 1e-3;
    o.lambda = 0.3;
    o.ramp = 1;
    o.snapshots = 2;
    o.snapshotEvery = 3;
    o.bf16 = false;
    return o;
}

Tensor softPictures(std::uint64_t step, int count = 4) {
    torch::manual_seed(step + 1);
    return torch::upsample_bilinear2d(torch::rand({count, 3, 4, 4}) * 1.6 - 0.8, {kPaperSide, kPaperSide},
                                      false);
}

void trainPaper(JointTraining& job, std::uint64_t to) {
    while (job.stepsDone() < to) job.step({softPictures(job.stepsDone())});
}

double named(const training::NamedValues& values, const std::string& name) {
    for (const auto& [key, value] : values)
        if (key == name) return value;
    return std::nan("");
}

}  // namespace

class TestPaperObjective : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void augmentationOfEachIsItsOwnDraw() {
        const Tensor x = softPictures(1, 1).expand({6, -1, -1, -1}).contiguous();
        StepRandom random(1, 2, 3), again(1, 2, 3);
        const Tensor y = attacks::paperAugmentEach(x, 0, 6, attacks::PaperSource::Text, random);
        for (int i = 1; i < 6; ++i) QVERIFY((y[i] - y[0]).abs().max().item<double>() > 1e-3);
        // Another process's share of the same pictures is what one process makes of them.
        const Tensor share =
            attacks::paperAugmentEach(x.slice(0, 2, 4), 2, 6, attacks::PaperSource::Text, again);
        QVERIFY(torch::equal(share, y.slice(0, 2, 4)));
        QCOMPARE(random.bits(), again.bits());
    }

    void goesOnFromItsState_data() {
        QTest::addColumn<QString>("auxiliary");
        QTest::addColumn<bool>("each");
        QTest::addColumn<QString>("conditioning");
        QTest::newRow("none, as the code") << "none" << false << "code";
        QTest::newRow("none, as the text") << "none" << true << "text";
        QTest::newRow("live") << "live" << false << "code";
        QTest::newRow("pool") << "pool" << true << "code";
    }
    void goesOnFromItsState() {
        QFETCH(const QString, auxiliary);
        QFETCH(const bool, each);
        QFETCH(const QString, conditioning);
        auto options = smallestPaper();
        options.auxiliary = auxiliary.toStdString();
        options.drawEach = each;
        options.network.conditioning = conditioning.toStdString();
        options.noise = 0.2;
        JointTraining whole(options), first(options), second(options);
        trainPaper(whole, 10);
        trainPaper(first, 7);  // with two snapshots
        second.restore(first.state());
        trainPaper(second, 10);
        const auto a = whole.state(), b = second.state();
        QCOMPARE(a.metadata, b.metadata);
        QCOMPARE(a.tensors.size(), b.tensors.size());
        int snapshots = 0;
        for (const auto& [name, tensor] : a.tensors) {
            QVERIFY2(torch::equal(tensor, b.tensors.at(name)), name.c_str());
            snapshots += name.starts_with("objective.snapshot1.out.2.bias");
        }
        QCOMPARE(snapshots, auxiliary == "pool" ? 1 : 0);
        // The names that older checkpoints have.
        if (auxiliary != "none")
            for (const char* name :
                 {"live.out.2.bias", "adam.m.out.2.bias", "adam.v.out.2.bias", "adam.steps"})
                QVERIFY2(a.tensors.contains(std::string("objective.") + name), name);
        std::set<std::string> known;
        for (const auto& metric : tasks::all().of({{"task", "signature"}}).metrics(options.toJson()))
            known.insert(metric.name);
        for (const auto& [key, value] : whole.step({softPictures(99)}).values)
            QVERIFY2(known.contains(key), key.c_str());
    }

    /// What M makes of signed pictures is read as well, since the detector learns it; M restores on its own.
    void whatIsRestoredIsReadToo() {
        auto options = smallestPaper(1);
        options.auxiliary = "pool";
        options.augmentation = "code";
        JointTraining job(options);
        const double before = named(job.step({softPictures(0)}).values, "restored_psnr_db");
        double accuracy = 0, after = 0;
        while (job.stepsDone() < 100) {
            const auto values = job.step({softPictures(job.stepsDone())}).values;
            accuracy = 0.9 * accuracy + 0.1 * named(values, "restored_accuracy");
            after = named(values, "restored_psnr_db");
        }
        QVERIFY2(after > before + 1, qPrintable(QString("%1 -> %2").arg(before).arg(after)));
        QVERIFY2(accuracy > 0.8, qPrintable(QString::number(accuracy)));
    }

    void aFrozenDetectorStays() {
        auto options = smallestPaper();
        options.freezeDetector = true;
        JointTraining job(options);
        nn::TensorMap before;
        for (const auto& [name, tensor] : nn::withoutPrefix(job.state().tensors, "net."))
            before[name] = tensor.clone();
        trainPaper(job, 3);
        const auto after = nn::withoutPrefix(job.state().tensors, "net.");
        int changed = 0;
        for (const auto& [name, tensor] : before)
            if (name.starts_with("detector."))
                QVERIFY2(torch::equal(tensor, after.at(name)), name.c_str());
            else
                changed += !torch::equal(tensor, after.at(name));
        QVERIFY(changed > 10);
    }

    /// The noise is the signature's: a model signs with it, the same picture always the same way.
    void noiseIsOfSigningToo() {
        QTemporaryDir folder;
        auto options = smallestPaper(1);
        options.noise = 0.5;
        JointTraining job(options);
        trainPaper(job, 2);
        job.writeModel(folder.filePath("model").toStdString(), Json::object());
        const auto manifest = models::readManifest(folder.filePath("model").toStdString());
        QCOMPARE(manifest.options.at("inputNoise").get<double>(), 0.5);
        const auto picture = image::makeImage(kPaperSide, kPaperSide, 3);
        const auto signedWith = [&](double noise) {
            Json network = manifest.options;
            network["inputNoise"] = noise;
            Model model(network, manifest.pathOf(manifest.weightsFor("injector")), manifest.weightsSha256,
                        "cpu", 1);
            return model.residual(picture, {}, {.strength = 1, .informed = false}).data;
        };
        QVERIFY(signedWith(0.5) == signedWith(0.5));
        QVERIFY(signedWith(0.5) != signedWith(0));
    }

    void modelsFromBeforeTheOptionsAreThePapers() {
        NetworkOptions options;
        options.arch = "paper";
        options.workSide = 256;
        Json old = options.toJson();
        for (const char* key : {"injectorWidth", "injectorMultipliers", "injectorBlocks", "injectorAttention",
                                "injectorDropout", "injectorGroups", "conditioning", "inputNoise",
                                "detectorBlocks", "detectorWidth"})
            old.erase(key);
        QVERIFY(NetworkOptions::fromJson(old).sameNetworks(options));
        QCOMPARE(nn::parameterCount(*nn::UNet(injectorUNet(options, true))), std::int64_t{34'613'955});
        old["injectorWidth"] = 33;
        QVERIFY_EXCEPTION_THROWN(NetworkOptions::fromJson(old), Error);
    }

    /// AdaIN: after each convolution a feature map's mean and deviation are what the code says, and nothing
    /// takes that back.
    void adaptiveNormalisationFollowsEveryConvolution() {
        torch::manual_seed(3);
        nn::ResBlock block(nn::ResBlockImpl::Shape{
            .in = 32, .out = 32, .embedding = 8, .conditioning = nn::Conditioning::AdaIn});
        const torch::NoGradGuard guard;
        torch::nn::init::normal_(block->out_layers[3]->as<torch::nn::Conv2d>()->weight, 0, 0.1);
        auto* told = block->second_emb_layers[1]->as<torch::nn::Linear>();
        torch::nn::init::normal_(told->weight, 0, 0.3);
        block->eval();
        const Tensor x = torch::randn({2, 32, 16, 16}), embedding = torch::randn({2, 8});
        const Tensor added = block(x, embedding) - x;
        const auto parts = block->second_emb_layers->forward(embedding).chunk(2, 1);
        QVERIFY((added.mean({2, 3}) - parts[1]).abs().max().item<double>() < 1e-4);
        const Tensor deviation = added.std({2, 3}, false);
        QVERIFY((deviation - (1 + parts[0]).abs()).abs().max().item<double>() < 1e-2);
        // With the second one held, the first still tells the code.
        told->weight.zero_();
        const Tensor other = block(x, torch::randn({2, 8})) - x;
        const Tensor one = block(x, embedding) - x;
        QVERIFY((other - one).abs().max().item<double>() > 0.1);
    }
};

SIGNET_TEST(TestPaperObjective)
#include "test_paper_objective.moc"
