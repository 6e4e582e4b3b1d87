// Paper A's stage 2: generators of each form learn to sign what they draw, and what comes out says whose
// signature it is.
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <QTemporaryDir>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "core/base/error.h"
#include "core/generators/autoencoder_training.h"
#include "core/generators/diffusion_training.h"
#include "core/generators/generator_model.h"
#include "core/generators/stylegan2_training.h"
#include "core/models/model_store.h"
#include "core/securing/securing_training.h"
#include "core/signature/joint_training.h"
#include "core/tasks/all_tasks.h"
#include "core/training/picture_tensors.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::securing;
using test::errorOf;
using torch::Tensor;

namespace {

constexpr int kSecuredSide = 32, kSecuredBatch = 4;

/// Pictures of one colour each, reds, with soft random blobs.
Tensor blobs(std::uint64_t step, int count = kSecuredBatch, int side = kSecuredSide) {
    torch::manual_seed(step + 1);
    const Tensor colours =
        torch::rand({count, 3, 1, 1}) * 0.4 - torch::tensor({-0.2, 0.5, 0.5}).view({1, 3, 1, 1});
    const Tensor coarse =
        torch::upsample_bilinear2d(torch::randn({count, 3, 3, 3}) * 0.1, {side, side}, false);
    return (colours + coarse).to(torch::kFloat32).clamp(-1, 1).contiguous();
}

template <typename Task>
void runTo(Task& job, std::uint64_t to, int side = kSecuredSide) {
    while (job.stepsDone() < to) job.step({blobs(job.stepsDone(), kSecuredBatch, side)});
}

SecuringOptions securingOf(const std::string& generator, const std::string& signature) {
    SecuringOptions o;
    o.generator = generator;
    o.signature = signature;
    o.batch = kSecuredBatch;
    o.steps = 1000;
    o.bf16 = false;
    o.validationImages = 16;
    return o;
}

double valueNamed(const training::NamedValues& values, const std::string& name) {
    for (const auto& [key, value] : values)
        if (key == name) return value;
    throw std::runtime_error("no value " + name);
}

}  // namespace

class TestSecuring : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string in(const char* name) const { return m_folder.filePath(name).toStdString(); }

    /// A signature of 2 bits that anybody can see, so that it learns in seconds.
    void makeSignature() {
        signature::TrainingOptions o;
        o.objective = "paper";
        o.network.arch = "paper";
        o.network.bits = 2;
        o.network.workSide = kSecuredSide;
        o.network.injectorWidth = 32;
        o.network.injectorMultipliers = {1, 1};
        o.network.injectorBlocks = 1;
        o.network.injectorAttention = {};
        o.network.injectorGroups = 4;
        o.network.detectorBlocks = {1, 1, 1, 1};
        o.network.detectorWidth = 8;
        o.batch = kSecuredBatch;
        o.steps = 1000;
        o.learningRate = 2e-3;
        o.lambda = 1;
        o.ramp = 1;
        o.augmentation = "code";
        o.bf16 = false;
        signature::JointTraining job(o);
        runTo(job, 200);
        job.writeModel(in("signature"), Json::object());
    }
    void makeStyleGan2() {
        generators::StyleGan2TrainingOptions o;
        o.network.side = kSecuredSide;
        o.network.latent = o.network.style = 16;
        o.network.mappingLayers = 2;
        o.network.featureBase = o.criticBase = 128;
        o.network.featureMost = o.criticMost = 16;
        o.batch = kSecuredBatch;
        o.pathWeight = 0;
        o.learningRate = 0.005;
        o.averageImages = 100;
        o.bf16 = false;
        generators::StyleGan2Training job(o);
        runTo(job, 60);
        job.writeModel(in("stylegan2"), Json::object());
    }
    void makeLdm() {
        generators::AutoencoderTrainingOptions first;
        first.side = kSecuredSide;
        first.network.width = 32;
        first.network.multipliers = {1, 1};
        first.network.blocksPerLevel = 1;
        first.network.groups = 4;
        first.network.codes = 64;
        first.restartEvery = 10;
        first.criticWidth = 8;
        first.criticHalvings = 2;
        first.perceptual = 0;
        first.batch = kSecuredBatch;
        first.learningRate = 2e-3;
        first.bf16 = false;
        generators::AutoencoderTraining coding(first);
        runTo(coding, 80);
        coding.writeModel(in("vq"), Json::object());
        auto o = diffusionOf(16);
        o.autoencoder = in("vq");
        o.scaleLatents = true;
        o.network.clamped = o.network.learnedVariance = false;
        generators::DiffusionTraining job(o);
        runTo(job, 300);
        job.writeModel(in("ldm"), Json::object());
    }
    void makeAdm() {
        generators::DiffusionTraining base(diffusionOf(8));
        runTo(base, 80, 8);
        base.writeModel(in("base"), Json::object());
        auto o = diffusionOf(kSecuredSide);
        o.low = 8;
        o.base = in("base");
        generators::DiffusionTraining job(o);
        runTo(job, 80);
        job.writeModel(in("adm"), Json::object());
    }
    static generators::DiffusionTrainingOptions diffusionOf(int side) {
        generators::DiffusionTrainingOptions o;
        o.network.side = side;
        o.network.width = 32;
        o.network.multipliers = {1, 1};
        o.network.blocks = 1;
        o.network.attentionFactors = {};
        o.network.headWidth = 32;
        o.network.groups = 4;
        o.network.dropout = 0;
        o.network.timesteps = 50;
        o.draw.steps = 10;
        o.batch = kSecuredBatch;
        o.steps = 400;
        o.learningRate = 2e-3;
        o.warmUp = 5;
        o.ema = 0.95;
        o.bf16 = false;
        return o;
    }

private Q_SLOTS:
    void initTestCase() {
        at::set_num_threads(1);
        makeSignature();
        makeStyleGan2();
        makeLdm();
        makeAdm();
    }

    void picturesAreSignedAndRead() {
        TargetSigning signing(in("signature"), "2", "public", {}, 1);
        QCOMPARE(signing.code(), (std::vector<std::uint8_t>{1, 0}));
        const Tensor pictures = blobs(5000, 32);
        const Tensor marked = signing.sign(pictures);
        QVERIFY(!torch::equal(marked, training::asSaved(marked)));  // not rounded
        const auto found = signing.read(marked), clean = signing.read(pictures);
        QCOMPARE(found.pictures, std::int64_t{32});
        QVERIFY2(found.found >= 28, qPrintable(QString::number(found.found)));
        QVERIFY2(clean.found <= 3, qPrintable(QString::number(clean.found)));
        QVERIFY2(found.bitsRight >= 56, qPrintable(QString::number(found.bitsRight)));
        const Tensor wanting = pictures.clone().requires_grad_(true);
        const Tensor loss = signing.crossEntropy(wanting);
        QVERIFY(loss.item<double>() > signing.crossEntropy(marked).item<double>());
        loss.backward();
        QVERIFY(wanting.grad().abs().max().item<double>() > 0);
        QVERIFY_EXCEPTION_THROWN(TargetSigning(in("signature"), "123", "public", {}, 1), Error);
        QVERIFY_EXCEPTION_THROWN(TargetSigning(in("stylegan2"), "", "public", {}, 1), Error);
    }

    void generatorsLearnToSign_data() {
        QTest::addColumn<QString>("generator");
        QTest::addColumn<double>("xi");
        QTest::addColumn<double>("rate");
        QTest::addColumn<int>("steps");
        QTest::newRow("StyleGAN2") << "stylegan2" << 0.5 << 0.005 << 80;
        QTest::newRow("LDM's decoder") << "ldm" << 0.0 << 0.0 << 250;
        QTest::newRow("ADM's second part") << "adm" << 0.0 << 0.0 << 250;
    }
    void generatorsLearnToSign() {
        QFETCH(const QString, generator);
        QFETCH(const double, xi);
        QFETCH(const double, rate);
        QFETCH(const int, steps);
        const std::string name = in(qPrintable(generator));
        auto options = securingOf(name, in("signature"));
        options.code = "2";
        options.xi = xi;
        options.learningRate = rate;
        SecuringTraining job(options);
        job.setViews({});
        const double before = valueNamed(job.validate()->values, "val_found");
        std::set<std::string> known;
        const auto& task = tasks::all().of({{"task", "secure"}});
        for (const auto& metric : task.metrics({})) known.insert(metric.name);
        for (const auto& [key, value] : job.step({blobs(0)}).values)
            QVERIFY2(known.contains(key), key.c_str());
        runTo(job, static_cast<std::uint64_t>(steps));
        const auto values = job.validate()->values;
        const double after = valueNamed(values, "val_found");
        QVERIFY2(after > before + 0.3, qPrintable(QString("%1 -> %2").arg(before).arg(after)));
        QVERIFY(valueNamed(values, "val_bit_accuracy") > 0.7);
        const auto samples = job.samples();
        QCOMPARE(samples->grid.width, 3 * kSecuredSide);
        QVERIFY(samples->record["rows"][0].contains("found"));

        // What comes out draws by itself, says whose signature that is, and is another than the original.
        job.writeModel(in("secured"), Json::object());
        const auto original = models::readManifest(name);
        const auto secured = models::readManifest(in("secured"));
        QCOMPARE(secured.arch, original.arch);
        QVERIFY(secured.weightsSha256 != original.weightsSha256 && !secured.validated);
        const auto& fields = std::get<models::GeneratorFields>(secured.of);
        QCOMPARE(fields.codeHex, std::string("2"));
        QCOMPARE(fields.signatureSha256, models::readManifest(in("signature")).weightsSha256);
        QCOMPARE(fields.tunedFromSha256, original.weightsSha256);
        TargetSigning signing(in("signature"), "2", "public", {}, 1);
        generators::GeneratorModel model(secured, "cpu", 1);
        std::int64_t found = 0;
        model.sample({.seed = 4, .count = 16}, {}, [&](std::uint64_t, const image::Image& picture) {
            found += signing.read(training::toSquare(picture, kSecuredSide)).found;
        });
        QVERIFY2(found > 16 * (before + 0.15), qPrintable(QString::number(found)));
        std::filesystem::remove_all(in("secured"));
    }

    /// The attack: the secured generator is trained on with the pictures as they are.
    void cleanPicturesTakeItOff() {
        auto options = securingOf(in("ldm"), in("signature"));
        options.code = "2";
        options.name = "secured";
        SecuringTraining securing(options);
        runTo(securing, 250);
        const double before = valueNamed(securing.validate()->values, "val_found");
        securing.writeModel(in("secured"), Json::object());
        options.generator = in("secured");
        options.name = "restored";
        options.clean = true;
        SecuringTraining restoring(options);
        runTo(restoring, 250);
        const double after = valueNamed(restoring.validate()->values, "val_found");
        QVERIFY2(after < before - 0.3, qPrintable(QString("%1 -> %2").arg(before).arg(after)));

        // What comes out says where it is from, and claims no signature.
        restoring.writeModel(in("restored"), Json::object());
        const auto secured = models::readManifest(in("secured")),
                   restored = models::readManifest(in("restored"));
        const auto& fields = std::get<models::GeneratorFields>(restored.of);
        QVERIFY(fields.signature.empty() && fields.signatureSha256.empty() && fields.codeHex.empty());
        QCOMPARE(fields.tunedFrom, std::string("secured"));
        QCOMPARE(fields.tunedFromSha256, secured.weightsSha256);
        QCOMPARE(restored.firstTraining(), models::readManifest(in("ldm")).training);
        std::filesystem::remove_all(in("secured"));
    }

    /// Without a signature in the pictures a step is that of the generator's own training.
    void cleanPicturesAreLearntAsTheyAre() {
        auto options = securingOf(in("adm"), in("signature"));
        options.clean = true;
        SecuringTraining clean(options);
        const auto plain = makeSecurable(models::readManifest(in("adm")), options, {}, {});
        options.clean = false;
        SecuringTraining secured(options);
        for (std::uint64_t step = 0; step < 2; ++step) {
            clean.step({blobs(step)});
            plain.training->step({blobs(step)});
            secured.step({blobs(step)});
        }
        bool sameAsSecured = true;
        const auto learnt = clean.state().tensors, own = plain.training->state().tensors;
        const auto signedOnes = secured.state().tensors;
        for (const auto& [name, tensor] : learnt) {
            QVERIFY2(torch::equal(tensor, own.at(name)), name.c_str());
            sameAsSecured = sameAsSecured && torch::equal(tensor, signedOnes.at(name));
        }
        QVERIFY(!sameAsSecured);
    }

    void goesOnFromItsState_data() {
        QTest::addColumn<QString>("generator");
        for (const char* generator : {"stylegan2", "ldm", "adm"}) QTest::newRow(generator) << generator;
    }
    void goesOnFromItsState() {
        QFETCH(const QString, generator);
        const auto options = securingOf(in(qPrintable(generator)), in("signature"));
        SecuringTraining whole(options), first(options), second(options);
        runTo(whole, 6);
        runTo(first, 3);
        second.restore(first.state());
        QCOMPARE(second.stepsDone(), std::uint64_t{3});
        runTo(second, 6);
        const auto a = whole.state(), b = second.state();
        QCOMPARE(a.metadata, b.metadata);
        QCOMPARE(a.tensors.size(), b.tensors.size());
        for (const auto& [name, tensor] : a.tensors)
            QVERIFY2(torch::equal(tensor, b.tensors.at(name)), name.c_str());
    }

    void whatCannotBeSecuredIsRefused() {
        const auto refusal = [&](const std::function<void(SecuringOptions&)>& change) {
            auto options = securingOf(in("adm"), in("signature"));
            change(options);
            return errorOf([&] { SecuringTraining{options}; });
        };
        QVERIFY(refusal([](auto& o) { o.xi = 1; }).contains("xi"));
        QVERIFY(refusal([&](auto& o) {
                    o.generator = in("stylegan2");
                    o.clean = true;
                    o.xi = 1;
                }).contains("clean"));
        QVERIFY(refusal([&](auto& o) { o.generator = in("base"); }).contains("all=true"));
        QVERIFY(refusal([](auto& o) { o.code = "0"; }).contains("zeros"));
        QVERIFY(refusal([](auto& o) { o.drawSteps = 51; }).contains("drawSteps"));
        QVERIFY(refusal([](auto& o) { o.critic = "x"; }).contains("critic"));
        QVERIFY(refusal([](auto& o) { o.signature.clear(); }).contains("signature=NAME"));
        QVERIFY(refusal([](auto& o) { o.generator.clear(); }).contains("generator=NAME"));
        QVERIFY(refusal([&](auto& o) { o.generator = in("signature"); }).contains("generators are secured"));
        QVERIFY(refusal([](auto& o) { o.key = "nobody's"; }).size() > 0);
        QVERIFY(refusal([&](auto& o) {
                    o.generator = in("stylegan2");
                    o.critic = in("vq");
                }).contains("discriminator"));
    }
};

SIGNET_TEST(TestSecuring)
#include "test_securing.moc"
