// The second task: a ResNet that tells two folders of images apart, from pictures to a model.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <QTemporaryDir>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "core/base/error.h"
#include "core/baselines/class_photos.h"
#include "core/baselines/class_views.h"
#include "core/baselines/classifier.h"
#include "core/baselines/classifier_model.h"
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

    void ranksTrainAsOneProcess_data() {
        QTest::addColumn<QString>("augmentation");
        for (const char* augmentation : {kOneAttack, kStrong}) QTest::newRow(augmentation) << augmentation;
    }
    /// Processes fork here, so it stands before any backward pass of this one.
    void ranksTrainAsOneProcess() {
        QFETCH(QString, augmentation);
        auto shared = options();
        shared.augmentation = augmentation.toStdString();
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
        const ClassifierOptions network{{"resnet50", 8, false, true, kWholeInput, 64}, {"a", "b"}};
        QVERIFY(ClassifierOptions::fromJson(network.toJson()).toJson() == network.toJson());
    }

    void badOptions_data() {
        QTest::addColumn<QString>("assignment");
        for (const char* bad : {"arch=vgg", "width=3", "side=16", "validationShare=1", "attackShare=2",
                                "task=signature", "lambda=1", "batch=1", "input=crop", "augmentation=none"})
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
        auto wider = options(), finer = options(), normalised = options();
        wider.width = 8;
        finer.down = false;  // has the same tensors
        normalised.imagenet = true;
        for (const auto& network : {wider, finer, normalised}) {
            ClassifierTraining other(network);
            QCOMPARE(codeOf([&] { other.restore(task.state()); }), nameOf(ErrorCode::BadOption));
        }
        auto damaged = task.state();
        damaged.metadata.erase("step");
        QCOMPARE(codeOf([&] { task.restore(damaged); }), nameOf(ErrorCode::Corrupt));
        damaged = task.state();
        damaged.tensors.erase(damaged.tensors.begin());
        QCOMPARE(codeOf([&] { task.restore(damaged); }), nameOf(ErrorCode::Corrupt));
    }

    /// Blur and JPEG each for a share of the pictures, independently, in the published ranges.
    void blurAndJpegAreDrawn() {
        constexpr int kDraws = 4000, kSide = 64;
        StepRandom random(3, 0, 0);
        int blurred = 0, compressed = 0, both = 0, low = 100, high = 0;
        double least = 9, most = 0;
        for (int i = 0; i < kDraws; ++i) {
            const auto drawn = drawAugmentation(kBlurJpeg, 0.3, kSide, random);
            QCOMPARE(drawn.quarterTurns, 0);
            bool blur = false, jpeg = false;
            for (const auto& step : drawn.chain) {
                if (step.attack == attacks::PhotometricAttack::Blur) {
                    QVERIFY2(!blur && !jpeg, "twice, or after JPEG");
                    blur = true;
                    least = std::min(least, step.values[0]);
                    most = std::max(most, step.values[0]);
                } else {
                    QVERIFY(step.attack == attacks::PhotometricAttack::Jpeg && !jpeg);
                    jpeg = true;
                    low = std::min(low, step.codecs.at(0).quality);
                    high = std::max(high, step.codecs.at(0).quality);
                }
            }
            blurred += blur;
            compressed += jpeg;
            both += blur && jpeg;
        }
        const auto isShare = [&](int count, double share) {
            return std::abs(double(count) / kDraws - share) < 0.03;
        };
        QVERIFY(isShare(blurred, 0.3) && isShare(compressed, 0.3) && isShare(both, 0.09));
        QCOMPARE(low, 30);
        QCOMPARE(high, 100);
        QVERIFY2(least < 0.01 && most > 0.74 && most <= 0.75, qPrintable(QString::number(most)));
    }

    /// All steps of the strong one, none, or a share of each; JPEG comes last.
    void strongAugmentationIsDrawn() {
        using enum attacks::PhotometricAttack;
        const std::vector order{Overlay, Brightness, Contrast, Colour, Blur, Resize, Noise, Jpeg};
        StepRandom random(3, 0, 0);
        const auto kindsOf = [](const Augmentation& drawn) {
            std::vector<attacks::PhotometricAttack> kinds;
            for (const auto& step : drawn.chain) kinds.push_back(step.attack);
            return kinds;
        };
        const auto all = drawAugmentation(kStrong, 1, 64, random);
        QVERIFY(kindsOf(all) == order && all.quarterTurns > 0);
        const auto none = drawAugmentation(kStrong, 0, 64, random);
        QVERIFY(none.chain.empty() && none.quarterTurns == 0);
        constexpr int kDraws = 4000;
        std::map<attacks::PhotometricAttack, int> count;
        std::map<int, int> turns;
        for (int i = 0; i < kDraws; ++i) {
            const auto drawn = drawAugmentation(kStrong, 0.2, 64, random);
            for (const auto kind : kindsOf(drawn)) ++count[kind];
            ++turns[drawn.quarterTurns];
        }
        for (const auto kind : order) QVERIFY(std::abs(double(count[kind]) / kDraws - 0.2) < 0.03);
        for (const int quarters : {1, 2, 3})
            QVERIFY(std::abs(double(turns[quarters]) / kDraws - 0.2 / 3) < 0.02);
        QCOMPARE(turns.size(), std::size_t(4));
    }

    /// Every picture gets draws of its own, the same again from the same numbers; without a share it stays.
    void batchesAreAugmented() {
        auto run = options();
        run.batch = 6;
        const auto alone = c10::make_intrusive<training::ProcessGroup>();
        const auto x = (at::rand({1, 3, 32, 32}) * 2 - 1).expand({6, 3, 32, 32}).contiguous();
        const auto of = [&](const char* augmentation, double share) {
            StepRandom random(5, 0, 1);
            return augmented(x, augmentation, share, run, *alone, random);
        };
        for (const char* augmentation : {kOneAttack, kBlurJpeg, kStrong}) {
            QVERIFY(at::equal(of(augmentation, 0), x));
            const auto y = of(augmentation, 1);
            QVERIFY(y.sizes() == x.sizes() && at::isfinite(y).all().item<bool>());
            QVERIFY(at::equal(y, of(augmentation, 1)));
        }
        for (const char* augmentation : {kBlurJpeg, kStrong}) {
            const auto y = of(augmentation, 1);
            for (int i = 1; i < 6; ++i) QVERIFY(!at::equal(y[i], y[0]));
        }
    }

    /// What an input is: a square, the middle or the whole as they are, the largest ones in tiles.
    void inputs() {
        const auto modelOf = [&](const char* input) {
            at::manual_seed(6);
            const Classifier classifier({{"resnet18", 4, true, true, input, 32}, {"real", "made"}});
            auto manifest = classifier.manifest();
            manifest.name = std::string("input-") + input;
            manifest.folder = folder(manifest.name.c_str());
            training::writeModelFolder(manifest, classifier.weights());
            return std::make_unique<ClassifierModel>(manifest.folder, "cpu", 1);
        };
        const auto square = modelOf(kSquareInput), middle = modelOf(kMiddleInput),
                   whole = modelOf(kWholeInput);
        QVERIFY(square->resizes() && !middle->resizes() && !whole->resizes());
        const auto cut = [](const image::Image& from, int x, int y, int width, int height) {
            auto part = image::makeImage(width, height, 3);
            for (int row = 0; row < height; ++row)
                std::copy_n(from.data.begin() + ((y + row) * from.width + x) * 3, width * 3,
                            part.data.begin() + row * width * 3);
            return part;
        };
        const auto same = [](double a, double b) { return std::abs(a - b) < 1e-4 * (1 + std::abs(b)); };
        const auto picture = makePicture(72, 50, 3);
        const auto centre = cut(picture, 20, 9, 32, 32);
        const double seen = whole->logit(centre);
        QVERIFY(same(square->logit(centre), seen) && same(middle->logit(picture), seen));
        QVERIFY(!same(square->logit(picture), seen) && !same(whole->logit(picture), seen));

        const auto large = makePicture(1600, 1540, 3);
        double sum = 0;
        for (const int x : {0, 1024})
            for (const int y : {0, 1024}) {
                const int width = std::min(1024, 1600 - x), height = std::min(1024, 1540 - y);
                sum += whole->logit(cut(large, x, y, width, height)) * width * height;
            }
        QVERIFY(same(whole->logit(large), sum / (1600.0 * 1540)));
    }

    /// The published normalisation, of values in 0..1.
    void imagenetNormalisation() {
        const ClassifierOptions plain{{"resnet18", 4, true, false, kWholeInput, 32}, {"a", "b"}};
        auto published = plain;
        published.imagenet = true;
        const auto one = makeClassifier(plain, 1), other = makeClassifier(published, 1);
        one->network()->eval();
        other->network()->eval();
        const at::NoGradGuard guard;
        const auto x = at::rand({2, 3, 32, 48});
        const auto of = [](double red, double green, double blue) {
            return at::tensor({red, green, blue}, at::kFloat).view({1, 3, 1, 1});
        };
        const auto normalised = (x - of(0.485, 0.456, 0.406)) / of(0.229, 0.224, 0.225);
        const auto expected = one->logit(normalised);
        QVERIFY((other->logit(x * 2 - 1) - expected).abs().max().item<double>() <
                1e-4 * (1 + expected.abs().max().item<double>()));
    }

    /// What does not resize learns from pixels as they are.
    void cutOutSquaresKeepTheirPixels() {
        auto ramps = image::makeImage(60, 48, 3);
        for (int y = 0; y < 48; ++y)
            for (int x = 0; x < 60; ++x) {
                ramps.data[std::size_t((y * 60 + x) * 3)] = std::uint8_t(x);
                ramps.data[std::size_t((y * 60 + x) * 3 + 1)] = std::uint8_t(y);
            }
        std::set<int> places;
        for (std::uint64_t step = 0; step < 50; ++step) {
            StepRandom random(1, 0, step);
            const auto cut = training::drawnSquare(ramps, 32, random, {.resizes = false});
            const auto at = [&](int plane, int x, int y) {
                return (cut.data[std::size_t((plane * 32 + y) * 32 + x)] + 1) * 127.5;
            };
            const double left = at(0, 0, 0), top = at(1, 0, 0), along = at(0, 1, 0) > left ? 1 : -1;
            for (int i = 0; i < 32; ++i) {
                QVERIFY(std::abs(at(0, i, 31 - i) - (left + along * i)) < 1e-3);
                QVERIFY(std::abs(at(1, i, 31 - i) - (top + 31 - i)) < 1e-3);
            }
            places.insert(int(std::lround(top)));
        }
        QVERIFY(places.size() > 5);
        auto fine = options();
        fine.input = kWholeInput;
        QVERIFY(!ClassifierTraining(fine).loaderOptions().draw.resizes);
        QVERIFY(ClassifierTraining(options()).loaderOptions().draw.resizes);
    }

    void goesOnFromItsStateBitForBit() {
        auto strong = options();
        strong.augmentation = kStrong;
        strong.down = false;
        strong.imagenet = true;
        strong.input = kWholeInput;
        ClassifierTraining whole(strong), first(strong), second(strong);
        const auto train = [&](ClassifierTraining& task, std::uint64_t steps) {
            training::Loader loader(classPhotos(strong, Split::Train), task.loaderOptions(),
                                    task.stepsDone());
            while (task.stepsDone() < steps) task.step(loader.next());
        };
        train(whole, 4);
        train(first, 2);
        second.restore(first.state());
        second.setViews(classPhotos(strong, Split::Validation));
        QVERIFY(second.validate() && second.samples());  // change nothing
        train(second, 4);
        const auto a = whole.state(), b = second.state();
        QCOMPARE(a.tensors.size(), b.tensors.size());
        for (const auto& [name, tensor] : a.tensors)
            QVERIFY2(at::equal(tensor, b.tensors.at(name)), name.c_str());
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
