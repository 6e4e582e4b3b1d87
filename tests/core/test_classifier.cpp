// The second task: a ResNet that tells two folders of images apart, from pictures to a model.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <QTemporaryDir>
#include <numeric>
#include <set>

#include "core/base/error.h"
#include "core/baselines/class_photos.h"
#include "core/baselines/classifier.h"
#include "core/baselines/classifier_training.h"
#include "core/examine/claim.h"
#include "core/examine/examine.h"
#include "core/examine/record_json.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/resample.h"
#include "core/models/model_store.h"
#include "core/models/training_list.h"
#include "core/tasks/all_tasks.h"
#include "core/training/picture_tensors.h"
#include "core/training/run_files.h"
#include "core/training/run_folder.h"
#include "core/training/train.h"
#include "tests/core/image_builders.h"
#include "tests/core/ranks.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::tests;
using namespace signet::baselines;
using training::Split;
namespace fs = std::filesystem;

namespace {

constexpr int kPictures = 30;

/// Pictures with more red than blue, or the other way round.
void writePictures(const fs::path& folder, int count, bool blue) {
    fs::create_directories(folder);
    for (int i = 0; i < count; ++i) {
        auto picture = makePicture(60, 48, 3, 8, unsigned(2 * i) + blue);
        for (std::size_t at = blue ? 0 : 2; at < picture.data.size(); at += 3) picture.data[at] /= 4;
        writeFileAtomically(folder / ("p" + std::to_string(i) + ".png"), image::encode(picture, {}),
                            IfExists::Refuse);
    }
}

ClassifierTrainingOptions smallestClassifier() {
    ClassifierTrainingOptions options;
    options.name = "small";
    options.width = 4;
    options.side = 32;
    options.batch = 8;
    options.steps = 60;
    options.bf16 = false;
    options.learningRate = 3e-3;
    options.validationShare = 0.2;
    options.attackShare = 0.25;
    options.logEvery = 1;
    options.checkpointEvery = 20;
    options.validateEvery = 20;
    options.sampleEvery = 30;
    return options;
}

}  // namespace

class TestClassifier : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path folder(const char* name) const { return fs::path(m_temporary.path().toStdString()) / name; }

    ClassifierTrainingOptions options() const {
        auto options = smallestClassifier();
        options.class0 = folder("real").string();
        options.class1 = folder("made").string();
        return options;
    }

private Q_SLOTS:
    void initTestCase() {
        at::set_num_threads(1);
        writePictures(folder("real"), kPictures, false);
        writePictures(folder("made"), kPictures / 2, true);
    }

    /// Processes fork here, so it stands before any backward pass of this one.
    void ranksTrainAsOneProcess() {
        auto shared = options();
        shared.steps = 3;
        const auto trained = [&](training::ProcessGroup& group) {
            ClassifierTraining task(
                shared, {.group = c10::intrusive_ptr<training::ProcessGroup>::reclaim_copy(&group)});
            training::Loader loader(classPhotos(shared, Split::Train), task.loaderOptions(), 0);
            std::vector<double> losses;
            for (int i = 0; i < shared.steps; ++i)
                losses.push_back(task.step(loader.next()).values.front().second);
            nn::TensorMap all = task.state().tensors;
            all["losses"] = at::tensor(losses, at::kDouble);
            return all;
        };
        const auto alone = onRanks(1, trained);
        const auto two = onRanks(2, trained);
        QVERIFY2(alone[0].status == 0, alone[0].error.c_str());
        for (const auto& rank : two) {
            QVERIFY2(rank.status == 0, rank.error.c_str());
            for (const auto& [name, tensor] : two[0].tensors)
                QVERIFY2(at::equal(rank.tensors.at(name), tensor), name.c_str());
        }
        const auto off = (two[0].tensors.at("losses") - alone[0].tensors.at("losses")).abs();
        QVERIFY2(off[0].item<double>() < 1e-4, qPrintable(QString::number(off[0].item<double>())));
        shared.batch = 9;
        const auto uneven = onRanks(2, trained);
        for (const auto& rank : uneven) QCOMPARE(rank.code, std::string("bad_option"));
    }

    void optionsRoundTrip() {
        const Json json = options().toJson();
        QVERIFY(ClassifierTrainingOptions::fromJson(json).toJson() == json);
        const auto& type = tasks::all().of(json);
        QCOMPARE(type.name(), std::string(kClassifierTask));
        QCOMPARE(type.describeOptions().size(), json.size());
        for (const auto& option : type.describeOptions())
            QVERIFY2(json.contains(option.key), option.key.c_str());
        const ClassifierOptions network{"resnet34", 8, 64, {"a", "b"}};
        QVERIFY(ClassifierOptions::fromJson(network.toJson()).toJson() == network.toJson());
    }

    void badOptions_data() {
        QTest::addColumn<QString>("assignment");
        for (const char* bad : {"arch=vgg", "width=3", "side=16", "validationShare=1", "attackShare=2",
                                "task=signature", "lambda=1", "batch=1"})
            QTest::newRow(bad) << bad;
    }
    void badOptions() {
        QFETCH(QString, assignment);
        const Json json = options().toJson();
        QCOMPARE(
            codeOf([&] { tasks::all().of(json).complete(withAssignment(json, assignment.toStdString())); }),
            nameOf(ErrorCode::BadOption));
    }

    /// Every file is in one part; the files of an original are in the same part in both folders; another
    /// seed keeps others apart.
    void validationIsApart() {
        const auto train = classPhotos(options(), Split::Train);
        const auto apart = classPhotos(options(), Split::Validation);
        QCOMPARE(train.files.size() + apart.files.size(), std::size_t(kPictures + kPictures / 2));
        const std::set<std::string> trained(train.originalOf.begin(), train.originalOf.end());
        std::set<int> classes;
        for (std::size_t i = 0; i < apart.files.size(); ++i) {
            QVERIFY2(!trained.contains(apart.originalOf[i]), apart.originalOf[i].c_str());
            classes.insert(apart.classOf[i]);
            QCOMPARE(apart.files[i].parent_path(), apart.folderOf(i));
        }
        QCOMPARE(classes.size(), std::size_t(2));
        QCOMPARE(classPhotos(options(), Split::Validation).sha256, apart.sha256);
        auto other = options();
        other.seed = 2;
        QVERIFY(classPhotos(other, Split::Validation).sha256 != apart.sha256);
        other.validationShare = 0;
        QCOMPARE(classPhotos(other, Split::Train).files.size(), std::size_t(kPictures + kPictures / 2));
        QCOMPARE(codeOf([&] { classPhotos(other, Split::Validation); }), nameOf(ErrorCode::NotFound));
        other.class1 = folder("nowhere").string();
        QCOMPARE(codeOf([&] { classPhotos(other, Split::Train); }), nameOf(ErrorCode::NotFound));
    }

    void classesAreCalledAsTheirFolders_data() {
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("second");
        QTest::addColumn<QString>("names");
        QTest::newRow("plain") << "/d/real"
                               << "/d/made"
                               << "real made";
        QTest::newRow("slash") << "/d/real/"
                               << "made/"
                               << "real made";
        QTest::newRow("same") << "/d/real/x"
                              << "/d/made/x"
                              << "real/x made/x";
    }
    void classesAreCalledAsTheirFolders() {
        QFETCH(QString, first);
        QFETCH(QString, second);
        QFETCH(QString, names);
        ClassifierTrainingOptions options;
        options.class0 = first.toStdString();
        options.class1 = second.toStdString();
        const auto given = classNames(options);
        QCOMPARE(QString::fromStdString(given[0] + " " + given[1]), names);
    }

    /// It learns to tell them apart, in one go and in pieces alike, and the model says what it has learned.
    void fromPicturesToAModel() {
        const auto& registry = tasks::all();
        const Json json = options().toJson();
        training::runTraining(registry, {folder("whole"), json}, {});
        training::runTraining(registry, {folder("pieces"), json, false, 25}, {});
        training::runTraining(registry, {folder("pieces"), {}, true, 0}, {});
        const auto weights = [&](const char* run) {
            return readFile(folder(run) / "model/weights.safetensors");
        };
        QVERIFY(weights("whole") == weights("pieces"));

        std::vector<double> aucs, losses;
        for (const Json& record : training::readJsonLines(folder("whole") / training::kMetricsFile)) {
            if (record.contains("val_auc")) aucs.push_back(record["val_auc"].get<double>());
            if (record.contains("loss_classification"))
                losses.push_back(record["loss_classification"].get<double>());
        }
        QCOMPARE(aucs.size(), std::size_t(3));
        QVERIFY2(aucs.back() > 0.95, qPrintable(QString::number(aucs.back())));
        const double late = std::accumulate(losses.end() - 10, losses.end(), 0.0) / 10;
        QVERIFY2(late < 0.35, qPrintable(QString::number(late)));  // guessing costs 0.69
        const auto record = training::readRunRecord(folder("whole"));
        QVERIFY(record.bestStep && record.bestScore && *record.bestScore > 0.95);

        const auto samples = training::readJsonLines(folder("whole") / training::kSampleLogFile);
        QCOMPARE(samples.size(), std::size_t(3));  // before the first step, 30 and 60
        const auto& type = registry.of(json);
        int right = 0;
        for (const Json& row : samples.back()["rows"]) right += type.readSample(row).verdict == "right";
        QVERIFY2(right >= 0.75 * double(samples.back()["rows"].size()), qPrintable(QString::number(right)));

        const fs::path model = folder("whole") / "model";
        const auto manifest = models::findModel(model.string(), {});
        models::verifyWeights(manifest);
        QVERIFY(manifest.kind() == models::Kind::Classifier && manifest.resolution == 32 &&
                !manifest.validated);
        const auto classifier = Classifier::load(model);
        QCOMPARE(classifier->options().classes[0], std::string("real"));
        QCOMPARE(classifier->options().classes[1], std::string("made"));
        const at::NoGradGuard guard;
        const auto apart = classPhotos(options(), Split::Validation);
        double mean[2] = {0, 0}, count[2] = {0, 0};
        for (std::size_t i = 0; i < apart.files.size(); ++i) {
            const auto k = std::size_t(apart.classOf[i]);
            mean[k] +=
                classifier->logit(training::readSquare(apart.files[i], classifier->side())).item<double>();
            count[k] += 1;
        }
        QVERIFY2(mean[1] / count[1] > mean[0] / count[0] + 1,
                 qPrintable(QString("%1 %2").arg(mean[0] / count[0]).arg(mean[1] / count[1])));
        const auto list = models::loadTrainingList(model);
        QVERIFY(list && list->countKnown(training::listedFiles(apart)) == apart.files.size());
    }

    /// An examination states the model's own proposition, without a rate, and nothing of a signature.
    void examined() {
        const std::string model = (folder("whole") / "model").string();
        examine::Examiner examiner({.device = "cpu", .threads = 1, .workspace = folder("workspace")});
        examine::CheckOptions check;
        check.models = {model};
        const auto apart = classPhotos(options(), Split::Validation);
        double sum[2] = {0, 0}, count[2] = {0, 0};
        for (std::size_t i = 0; i < apart.files.size(); ++i) {
            // Too small to be examined as they are.
            const auto picture = image::resize(image::decode(readFile(apart.files[i])).image, 160, 128);
            const fs::path file = folder("large.png");
            writeFileAtomically(file, image::encode(picture, {}), IfExists::Replace);
            const auto record = examiner.check(file, check);
            QVERIFY2(!record.error, record.error ? record.error->message.c_str() : "");
            const examine::Finding& finding = record.findings.at(0);
            QVERIFY(finding.kind == models::Kind::Classifier && !finding.code);
            QCOMPARE(finding.classes[1], std::string("made"));
            QCOMPARE(examine::answerOf(finding),
                     std::string(finding.scoreLogit >= 0 ? "more like \"made\"" : "more like \"real\""));
            QCOMPARE(finding.falsePositiveRate.n, 0);
            const std::string text = examine::toJson(record).dump();
            QVERIFY(text.find("has no calibration") != std::string::npos);
            QVERIFY2(text.find("signature") == std::string::npos, text.c_str());
            const auto k = std::size_t(apart.classOf[i]);
            sum[k] += finding.scoreLogit;
            count[k] += 1;
        }
        QVERIFY(sum[1] / count[1] > sum[0] / count[0]);
        examine::SignOptions sign;
        sign.model = model;
        QCOMPARE(codeOf([&] { examiner.sign(folder("large.png"), folder("signed.png"), sign); }),
                 nameOf(ErrorCode::BadOption));
    }

    /// A model of a checkpoint is that of the run at this step; another run starts from it.
    void modelOfACheckpoint() {
        training::exportModel(tasks::all(), folder("whole"), "checkpoint.safetensors", folder("exported"));
        QVERIFY(readFile(folder("exported") / "weights.safetensors") ==
                readFile(folder("whole") / "model/weights.safetensors"));
        const auto manifest = models::findModel(folder("exported").string(), {});
        QCOMPARE(manifest.name, std::string("exported"));
        QVERIFY(manifest.kind() == tasks::all().of(options().toJson()).modelKind());
        auto next = options();
        next.start = folder("exported").string();
        training::checkStart(tasks::all(), next.toJson());
        next.width = 8;
        QCOMPARE(codeOf([&] { training::checkStart(tasks::all(), next.toJson()); }),
                 nameOf(ErrorCode::BadOption));
        QCOMPARE(codeOf([&] { Classifier::load(folder("whole")); }), nameOf(ErrorCode::NotFound));
    }

    void checkpointsOfAnotherNetworkAreRefused() {
        ClassifierTraining task(options());
        auto wider = options();
        wider.width = 8;
        ClassifierTraining other(wider);
        QCOMPARE(codeOf([&] { other.restore(task.state()); }), nameOf(ErrorCode::BadOption));
        auto damaged = task.state();
        damaged.metadata.erase("step");
        QCOMPARE(codeOf([&] { task.restore(damaged); }), nameOf(ErrorCode::Corrupt));
        damaged = task.state();
        damaged.tensors.erase(damaged.tensors.begin());
        QCOMPARE(codeOf([&] { task.restore(damaged); }), nameOf(ErrorCode::Corrupt));
    }

    /// Attacked images too give the same gradient whatever else was drawn before; every value is described.
    void valuesAreDescribed() {
        auto attacked = options();
        attacked.attackShare = 1;
        attacked.ema = 0.9;
        ClassifierTraining task(attacked), again(attacked);
        QVERIFY(!task.validate());
        task.setViews(classPhotos(attacked, Split::Validation));
        training::Loader loader(classPhotos(attacked, Split::Train), task.loaderOptions(), 0);
        std::set<std::string> given;
        for (int i = 0; i < 3; ++i) {
            const auto batch = loader.next();
            const auto first = task.step(batch), second = again.step(batch);
            QVERIFY(first.values == second.values);
            task.validate();  // changes nothing
            for (const auto& [name, value] : first.values) given.insert(name);
        }
        const auto validation = task.validate();
        for (const auto& [name, value] : validation->values) given.insert(name);
        std::set<std::string> described;
        for (const auto& metric : tasks::all().of(attacked.toJson()).metrics(attacked.toJson()))
            described.insert(metric.name);
        QVERIFY(given == described);
        QVERIFY(task.parameterCount() > 1000);
    }
};

SIGNET_TEST(TestClassifier)
#include "test_classifier.moc"
