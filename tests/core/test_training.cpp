#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <QTemporaryDir>
#include <limits>
#include <set>

#include "core/base/error.h"
#include "core/examine/examine.h"
#include "core/image/encode.h"
#include "core/signature/joint_training.h"
#include "core/signature/visibility.h"
#include "core/tasks/all_tasks.h"
#include "core/training/run_files.h"
#include "core/training/run_folder.h"
#include "core/training/train.h"
#include "tests/core/image_builders.h"
#include "tests/core/tensor_builders.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

// Designated initialisers name what a test is about; the other fields keep their defaults.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

using namespace signet;
using namespace signet::tests;
using signature::JointTraining;
using signature::TrainingOptions;
namespace fs = std::filesystem;

namespace {

constexpr int kSteps = 10;

/// The smallest code model there may be; attacks open as soon as the bits are better than chance.
TrainingOptions codeOptions() {
    TrainingOptions options;
    options.network.bits = 8;
    options.network.injectorWidths = {8, 8, 16};
    options.network.detectorWidths = {8, 8, 16};
    options.steps = kSteps;
    options.batch = 4;
    options.bf16 = false;
    options.startDb = 15;
    options.openAccuracy = 0.5;
    options.holdAccuracy = 0.5;
    options.flipShare = 0.3;
    return options;
}

TrainingOptions presenceOptions() {
    TrainingOptions options = codeOptions();
    options.network.bits = 1;
    options.network.workSide = 32;
    options.attenuation = 0.5;
    return options;
}

TrainingOptions textureOptions() {
    TrainingOptions options = presenceOptions();
    options.objective = "presence";
    options.network.arch = "texture";
    options.validationNegatives = 8;
    return options;
}

TrainingOptions paperOptions(int bits) {
    TrainingOptions options;
    options.objective = "paper";
    options.network.arch = "paper";
    options.network.bits = bits;
    options.network.workSide = 32;
    options.steps = 4;  // each takes seven times as long as one of the others
    options.batch = 2;
    options.bf16 = false;
    options.learningRate = 1e-4;
    options.clip = 0;
    options.ramp = 3;
    options.noise = 0.1;
    options.augmentation = bits > 1 ? "code" : "text";
    return options;
}

TrainingOptions optionsOfKind(const QString& kind) {
    TrainingOptions options = kind == "code"                ? codeOptions()
                              : kind == "texture"           ? textureOptions()
                              : kind.startsWith("presence") ? presenceOptions()
                                                            : paperOptions(kind.contains('2') ? 2 : 1);
    if (kind.endsWith("averaged")) options.ema = 0.9;
    return options;
}

void advance(JointTraining& job, std::uint64_t to) {
    while (job.stepsDone() < to) job.step({batchOf(job, job.stepsDone())});
}

}  // namespace

class TestTraining : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path folder(const char* name) const { return fs::path(m_temporary.path().toStdString()) / name; }

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void resumeIsExact_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind :
             {"code", "presence", "presence, averaged", "texture", "paper, 1 bit", "paper, 2 bits"})
            QTest::newRow(kind) << kind;
    }
    /// Half of the steps, a checkpoint file, a new object and the other half are all steps: every weight,
    /// running statistic and moment, and the ladder, bit for bit. Taking the checkpoint must not disturb the
    /// run either.
    void resumeIsExact() {
        QFETCH(QString, kind);
        const TrainingOptions options = optionsOfKind(kind);
        training::RunFolder run(folder("resume"));
        JointTraining whole(options);
        const auto steps = std::uint64_t(options.steps);
        advance(whole, steps / 2);
        run.writeCheckpoint(whole.state().tensors, whole.state().metadata, {.step = steps / 2});
        const auto early = whole.state().metadata;
        advance(whole, steps);
        if (!kind.startsWith("paper")) {
            const Json ladder = Json::parse(whole.state().metadata.at("ladder"));
            QVERIFY2(ladder["open"].get<bool>(), "the attacks must be on in part of the run");
            QVERIFY(ladder != Json::parse(early.at("ladder")));
        }
        TrainingOptions other = options;
        JointTraining resumed(other);
        resumed.restore(run.readCheckpoint());
        QCOMPARE(resumed.stepsDone(), steps / 2);
        QVERIFY(resumed.state().metadata == early);
        advance(resumed, steps);
        QVERIFY2(resumed.state().metadata == whole.state().metadata,
                 resumed.state().metadata.at("ladder").c_str());
        const auto expected = whole.state().tensors;
        const auto actual = resumed.state().tensors;
        QCOMPARE(actual.size(), expected.size());
        for (const auto& [name, tensor] : expected)
            QVERIFY2(at::equal(actual.at(name), tensor), name.c_str());
        fs::remove_all(run.path());
    }

    /// Checkpoints once held one state for both objectives, of which the paper's has the accuracy.
    void stateOfOldCheckpoints() {
        const auto options = paperOptions(2);
        JointTraining job(options);
        advance(job, 1);
        nn::SafeTensors checkpoint = job.state();
        const Json own = Json::parse(checkpoint.metadata.at("ladder"));
        Json both = {{"db", 20.0},
                     {"strength", 0.0},
                     {"open", false},
                     {"presence", 0.5},
                     {"located", 1.0},
                     {"refined", 1.0},
                     {"error", std::vector<double>(9, 0.1)}};
        both.update(own);
        checkpoint.metadata["ladder"] = both.dump();
        JointTraining resumed(options);
        resumed.restore(checkpoint);
        QVERIFY(resumed.state().metadata == job.state().metadata);
        advance(job, 2);
        advance(resumed, 2);
        QVERIFY(resumed.state().metadata == job.state().metadata);
    }

    void valuesAreDescribed_data() { resumeIsExact_data(); }
    /// A step and a validation give no value that the task does not describe, and the other way round.
    void valuesAreDescribed() {
        QFETCH(QString, kind);
        const TrainingOptions options = optionsOfKind(kind);
        training::PhotoSet photos;
        photos.files.push_back(folder("one.png"));
        writeFileAtomically(photos.files.back(), image::encode(makePicture(120, 100, 3, 8, 1), {}),
                            IfExists::Replace);
        JointTraining job(options);
        std::set<std::string> given;
        while (job.stepsDone() < std::uint64_t(options.steps))
            for (const auto& [name, value] : job.step({batchOf(job, job.stepsDone())}).values)
                given.insert(name);
        QVERIFY(!job.validate());
        job.setViews(photos);
        const auto validation = job.validate();
        for (const auto& [name, value] : validation->values) given.insert(name);
        std::set<std::string> described;
        const Json json = options.toJson();
        for (const auto& metric : tasks::all().of(json).metrics(json)) described.insert(metric.name);
        for (const auto& name : given) QVERIFY2(described.contains(name), name.c_str());
        for (const auto& name : described) QVERIFY2(given.contains(name), name.c_str());
    }

    void trainingChangesEveryWeight_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"code", "presence", "texture"}) QTest::newRow(kind) << kind;
    }
    /// No part of the networks is left out of the gradient; the residual keeps the ladder's PSNR or
    /// visibility.
    void trainingChangesEveryWeight() {
        QFETCH(QString, kind);
        JointTraining job(optionsOfKind(kind));
        nn::TensorMap before;
        for (const auto& [name, tensor] : job.state().tensors) before[name] = tensor.clone();
        advance(job, kSteps);
        for (const auto& [name, tensor] : job.state().tensors) {
            const QString key = QString::fromStdString(name);
            if (!key.startsWith("net.") || key.contains("running_") || key.contains("num_batches")) continue;
            QVERIFY2(!at::equal(tensor, before.at(name)), name.c_str());
        }
        const at::NoGradGuard guard;
        const std::int64_t side = job.batchSide();
        const auto picture = at::rand({1, 3, side, side});
        const auto residual = job.networks().residual(picture, at::ones({1, job.options().network.bits}));
        if (kind == "texture") {
            const double level = job.networks().options().level;
            const double seen =
                signature::visibility(picture, at::upsample_bilinear2d(residual, {side, side}, false))
                    .item<double>();
            QVERIFY2(seen > 0.7 * level && seen < 1.2 * level, qPrintable(QString::number(seen / level)));
            return;
        }
        const double db = 10 * std::log10(4 / residual.square().mean().item<double>());
        QVERIFY(std::abs(db - job.networks().options().nominalPsnrDb) < 0.01);
    }

    /// A batch that is not finite stops the run by name and leaves the weights alone.
    void lossThatIsNotFinite() {
        JointTraining job(presenceOptions());
        advance(job, 2);
        nn::TensorMap before;
        for (const auto& [name, tensor] : job.state().tensors) before[name] = tensor.clone();
        auto batch = batchOf(job, 2);
        batch.fill_(std::numeric_limits<float>::quiet_NaN());
        const QString said = test::errorOf([&] { job.step({batch}); }, ErrorCode::Internal);
        QVERIFY2(said.contains("\"presence\""), qPrintable(said));
        QCOMPARE(job.stepsDone(), std::uint64_t(2));
        for (const auto& [name, tensor] : job.state().tensors) {
            if (name.find("running_") != std::string::npos || name.find("num_batches") != std::string::npos)
                continue;
            QVERIFY2(at::equal(tensor, before.at(name)), name.c_str());
        }
    }

    void checkpointsOfAnotherNetworkAreRefused() {
        JointTraining job(presenceOptions());
        nn::SafeTensors checkpoint = job.state();
        auto options = presenceOptions();
        options.network.detectorWidths = {8, 16, 16};
        JointTraining other(options);
        QCOMPARE(codeOf([&] { other.restore(checkpoint); }), nameOf(ErrorCode::BadOption));
        auto damaged = checkpoint;
        damaged.metadata["ladder"] = "{}";
        QCOMPARE(codeOf([&] { job.restore(damaged); }), nameOf(ErrorCode::Corrupt));
        damaged = checkpoint;
        damaged.metadata.erase("step");
        QCOMPARE(codeOf([&] { job.restore(damaged); }), nameOf(ErrorCode::Corrupt));
        damaged = checkpoint;
        damaged.tensors.erase(damaged.tensors.begin());
        QCOMPARE(codeOf([&] { job.restore(damaged); }), nameOf(ErrorCode::Corrupt));
    }

    /// A run from photographs to a model that the examiner loads by its folder; interrupted and resumed on
    /// the way, it comes to the same weights.
    void fromPhotographsToAModel() {
        const fs::path photos = folder("photos");
        fs::create_directories(photos);
        for (unsigned i = 0; i < 8; ++i) {
            const auto file = image::encode(makePicture(230, 200, 3, 8, i + 1), {});
            writeFileAtomically(photos / ("photo" + std::to_string(i) + ".png"), file, IfExists::Refuse);
        }
        TrainingOptions options = codeOptions();
        options.data = photos.string();
        options.steps = 3;
        options.logEvery = 1;
        options.checkpointEvery = 1;
        std::vector<Json> records;
        const auto collect = [&](const Json& record) {
            if (record.contains("lr")) records.push_back(record);  // a step's, not a validation's
        };
        const auto train = [&](const char* name, bool resume, std::uint64_t maxSteps) {
            return training::runTraining(tasks::all(), {folder(name), options.toJson(), resume, maxSteps},
                                         {});
        };
        training::RunControl control;
        control.onRecord = collect;
        training::runTraining(tasks::all(), {folder("run"), options.toJson()}, control);
        QCOMPARE(records.size(), std::size_t(3));
        QCOMPARE(records.back()["step"].get<int>(), 3);
        for (const char* key : {"loss_bits", "psnr_db", "images_per_s", "eta_s", "lr"})
            QVERIFY2(records.back().contains(key), key);
        QCOMPARE(codeOf([&] { train("run", false, 0); }), nameOf(ErrorCode::Exists));

        train("pieces", false, 1);
        train("pieces", true, 0);
        const auto weights = [&](const char* name) {
            return readFile(folder(name) / "model/weights.safetensors");
        };
        QVERIFY(weights("run") == weights("pieces"));
        int steps = 0;
        for (const Json& record : training::readJsonLines(folder("pieces") / training::kMetricsFile)) {
            if (record.contains("lr")) QCOMPARE(record["step"].get<int>(), ++steps);
        }
        QCOMPARE(steps, 3);

        const std::string model = (folder("run") / "model").string();
        const auto manifest = models::findModel(model, {});
        QVERIFY(!manifest.validated && manifest.bits() == 8 && manifest.name == options.name);
        QVERIFY(manifest.kind() == tasks::all().of(options.toJson()).modelKind());
        models::verifyWeights(manifest);
        // What it was trained and chosen on is known with the run and with the model.
        for (const fs::path& place : {folder("run"), fs::path(model)}) {
            const auto list = models::loadTrainingList(place);
            QVERIFY(list);
            for (const auto split : {training::Split::Train, training::Split::Validation}) {
                training::PhotoSet part;
                try {
                    part = training::listPhotos(photos, split);
                } catch (const Error&) {
                    continue;  // few photographs have no validation part
                }
                QCOMPARE(list->countKnown(training::listedFiles(part)), part.files.size());
            }
        }
        examine::Examiner examiner({.device = "cpu", .threads = 1, .workspace = folder("workspace")});
        const auto record = examiner.check(photos / "photo0.png", {.models = {model}});
        QVERIFY(!record.error);
        QCOMPARE(record.width, 230);
        QCOMPARE(record.findings.size(), std::size_t(1));
        const auto& finding = record.findings.front();
        QVERIFY(std::isfinite(finding.scoreLogit));
        QCOMPARE(finding.modelSha256, manifest.weightsSha256);
        QCOMPARE(int(finding.evidence.logits.size()), finding.evidence.columns * finding.evidence.rows);
        QVERIFY(std::any_of(record.warnings.begin(), record.warnings.end(),
                            [](const auto& w) { return w.find("no calibration") != std::string::npos; }));

        writeFileAtomically(folder("run") / "model/weights.safetensors", "altered", IfExists::Replace);
        examine::Examiner fresh({.device = "cpu", .threads = 1, .workspace = folder("workspace")});
        QCOMPARE(codeOf([&] { fresh.loadModel(model); }), nameOf(ErrorCode::HashMismatch));
    }

    /// Hard negatives of folders are trained on too: the run and its model know them.
    void hardNegativesAreListed() {
        const auto pictures = [&](const char* name, unsigned first) {
            fs::create_directories(folder(name));
            for (unsigned i = 0; i < 6; ++i)
                writeFileAtomically(folder(name) / (std::to_string(first + i) + ".png"),
                                    image::encode(makePicture(90, 80, 3, 8, first + i), {}),
                                    IfExists::Refuse);
            return folder(name).string();
        };
        TrainingOptions options = textureOptions();
        options.data = pictures("photographs", 1);
        options.negatives = pictures("drawings", 50);
        options.steps = 1;
        training::runTraining(tasks::all(), {folder("listed"), options.toJson()}, {});
        const auto list = models::loadTrainingList(folder("listed") / "model");
        QVERIFY(list);
        const auto drawings = training::listPhotos(options.negatives, training::Split::Train);
        QCOMPARE(list->countKnown(training::listedFiles(drawings)), drawings.files.size());
        options.negatives = folder("absent").string();
        QCOMPARE(codeOf([&] {
                     training::runTraining(tasks::all(), {folder("unlisted"), options.toJson()}, {});
                 }),
                 nameOf(ErrorCode::NotFound));
    }

    /// A stop request ends the run after a checkpoint, without a model folder.
    void stopEndsWithACheckpoint() {
        const fs::path photos = folder("photos2");
        fs::create_directories(photos);
        for (unsigned i = 0; i < 8; ++i)
            writeFileAtomically(photos / (std::to_string(i) + ".png"),
                                image::encode(makePicture(80, 80, 3, 8, i + 1), {}), IfExists::Refuse);
        TrainingOptions options = presenceOptions();
        options.data = photos.string();
        options.steps = 1000;
        options.logEvery = 1;
        std::stop_source source;
        training::RunControl control;
        control.stop = source.get_token();
        const auto stopAtTwo = [&](const Json& record) {
            if (record["step"].get<int>() == 2) source.request_stop();
        };
        control.onRecord = stopAtTwo;
        training::runTraining(tasks::all(), {folder("stopped"), options.toJson()}, control);
        const training::RunFolder run(folder("stopped"));
        QCOMPARE(run.readCheckpoint().metadata.at("step"), std::string("2"));
        QVERIFY(!fs::exists(folder("stopped") / "model"));
        options.data = folder("empty").string();
        fs::create_directories(options.data);
        QCOMPARE(codeOf([&] {
                     training::runTraining(tasks::all(), {folder("never"), options.toJson()}, {});
                 }),
                 nameOf(ErrorCode::NotFound));
    }
};

SIGNET_TEST(TestTraining)
#include "test_training.moc"
