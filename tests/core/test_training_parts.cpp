#include <ATen/ATen.h>

#include <QTemporaryDir>
#include <cmath>
#include <fstream>
#include <limits>
#include <set>

#include "core/base/hashing.h"
#include "core/image/encode.h"
#include "core/signature/training_options.h"
#include "core/tasks/all_tasks.h"
#include "core/training/adam.h"
#include "core/training/loader.h"
#include "core/training/optimiser.h"
#include "core/training/photo_set.h"
#include "core/training/run_files.h"
#include "core/training/run_folder.h"
#include "core/training/train.h"
#include "tests/core/image_builders.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::tests;
using namespace signet::training;
using signet::signature::TrainingOptions;
using test::errorOf;
namespace fs = std::filesystem;

namespace {

void writePicture(const fs::path& path, unsigned seed, int width = 60, int height = 48) {
    writeFileAtomically(path, image::encode(makePicture(width, height, 3, 8, seed), {}), IfExists::Replace);
}

/// n pictures "p<i>.png", every one another.
void writePictures(const fs::path& folder, int n) {
    for (int i = 0; i < n; ++i) writePicture(folder / ("p" + std::to_string(i) + ".png"), unsigned(i + 1));
}

CheckpointNote noteOf(std::uint64_t step) {
    CheckpointNote note;
    note.step = step;
    return note;
}

}  // namespace

class TestTrainingParts : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path m_folder;

private Q_SLOTS:
    void init() {
        at::manual_seed(3);
        static int count = 0;
        m_folder = fs::path(m_temporary.path().toStdString()) / std::to_string(count++);
        fs::create_directories(m_folder);
    }

    void presetsLoad() {
        const auto names = presetNames();
        QVERIFY(names.size() >= 4);
        for (const auto& name : names) {
            const Json json = configure(tasks::all(), name);
            const TaskType& type = tasks::all().of(json);
            QVERIFY2(type.complete(json) == json, name.c_str());
            const std::string key = type.folders().front().key;
            QVERIFY2(json.at(key) == "", "a preset names no folder: others have none of that name");
            const auto said = errorOf([&] { type.photos(json, Split::Train); }, ErrorCode::BadOption);
            QVERIFY2(said.contains(QString::fromStdString("--set " + key + "=FOLDER")), qPrintable(said));
        }
        QVERIFY2(errorOf([] { configure(tasks::all(), "nonesuch"); }, ErrorCode::NotFound)
                     .contains(QString::fromStdString(names.front())),
                 "the presets there are must be named");
    }

    void optionsFromAFile() {
        const fs::path path = m_folder / "run.json";
        std::ofstream(path) << R"({"batch": 4, "network": {"bits": 8}})";
        const auto options = TrainingOptions::fromJson(configure(tasks::all(), path.string()));
        QCOMPARE(options.batch, 4);
        QCOMPARE(options.network.bits, 8);
        const TrainingOptions defaults;
        QCOMPARE(options.steps, defaults.steps);
        std::ofstream(path) << "{batch: 4}";
        QCOMPARE(codeOf([&] { configure(tasks::all(), path.string()); }), nameOf(ErrorCode::BadOption));
    }

    /// What names no task is a signature's: presets and runs from before there were others.
    void tasksByName() {
        const auto& first = tasks::all().of({});
        QCOMPARE(first.name(), std::string("signature"));
        QVERIFY(&tasks::all().of({{"task", "signature"}, {"batch", 4}}) == &first);
        for (const auto& option : first.describeOptions())
            if (option.key == "task") QCOMPARE(option.standard, Json("signature"));
        for (const Json& unknown : {Json("upscaler"), Json(3)}) {
            const Json options = {{"task", unknown}};
            QVERIFY(tasks::all().find(options) == nullptr);
            const auto message = errorOf([&] { tasks::all().of(options); }, ErrorCode::BadOption);
            QVERIFY2(message.contains("signature"), qPrintable(message));
        }
        std::ofstream(m_folder / "task.json") << R"({"task": "upscaler"})";
        QCOMPARE(codeOf([&] { configure(tasks::all(), (m_folder / "task.json").string()); }),
                 nameOf(ErrorCode::BadOption));
    }

    void badOptions_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("named");
        QTest::newRow("unknown key") << R"({"bacth": 4})"
                                     << "bacth";
        QTest::newRow("below the range") << R"({"batch": 1})"
                                         << "batch";
        QTest::newRow("above the range") << R"({"learningRate": 2})"
                                         << "learningRate";
        QTest::newRow("range is told") << R"({"holdAccuracy": 0.2})"
                                       << "0.5..1";
        QTest::newRow("text for a number") << R"({"steps": "many"})"
                                           << "steps";
        QTest::newRow("number for a text") << R"({"name": 3})"
                                           << "name";
        QTest::newRow("number for a switch") << R"({"bf16": 1})"
                                             << "bf16";
        QTest::newRow("null") << R"({"clip": null})"
                              << "clip";
        QTest::newRow("objective") << R"({"objective": "gan"})"
                                   << "objective";
        QTest::newRow("augmentation") << R"({"augmentation": "none"})"
                                      << "augmentation";
        QTest::newRow("objective against network") << R"({"objective": "paper"})"
                                                   << "network.arch";
        QTest::newRow("network out of range") << R"({"network": {"bits": 0}})"
                                              << "bits";
        QTest::newRow("unknown network key") << R"({"network": {"bit": 8}})"
                                             << "network.bit";
        QTest::newRow("network value of another kind") << R"({"network": {"bits": "x"}})"
                                                       << "bits";
        QTest::newRow("network is a number") << R"({"network": 5})"
                                             << "network";
        QTest::newRow("fraction for a count") << R"({"batch": 4.5})"
                                              << "batch";
        QTest::newRow("switch for a count") << R"({"steps": true})"
                                            << "steps";
        QTest::newRow("count over 2^32") << R"({"steps": 4294967396})"
                                         << "steps";
    }
    void badOptions() {
        QFETCH(QString, json);
        QFETCH(QString, named);
        const auto message = errorOf([&] { TrainingOptions::fromJson(Json::parse(json.toStdString())); },
                                     ErrorCode::BadOption);
        QVERIFY2(message.contains(named), qPrintable(message));
    }

    void assignments() {
        TrainingOptions options;
        options.set("steps=123");
        options.set("learningRate=2e-4");
        options.set("name=2024");
        options.set("bf16=false");
        options.set("network.bits=16");
        options.set("data=/a=b");
        QCOMPARE(options.steps, 123);
        QCOMPARE(options.learningRate, 2e-4);
        QCOMPARE(options.name, std::string("2024"));
        QVERIFY(!options.bf16);
        QCOMPARE(options.network.bits, 16);
        QCOMPARE(options.data, std::string("/a=b"));
        for (const char* wrong : {"steps", "=3", "nonesuch=1", "network.nonesuch=1", "steps=0", "steps=x"}) {
            const Json before = options.toJson();
            QCOMPARE(codeOf([&] { options.set(wrong); }), nameOf(ErrorCode::BadOption));
            QVERIFY2(options.toJson() == before, wrong);
        }
    }

    void typedNumbers_data() {
        QTest::addColumn<QString>("assignment");
        QTest::addColumn<double>("value");  // NaN: refused
        const double refused = std::nan("");
        QTest::newRow("no digit before the point") << "flipShare=.5" << 0.5;
        QTest::newRow("none after it") << "flipShare=1." << 1.0;
        QTest::newRow("plus") << "flipShare=+.25" << 0.25;
        QTest::newRow("leading zero") << "flipShare=00.5" << 0.5;
        QTest::newRow("count with a plus") << "steps=+12" << 12.0;
        QTest::newRow("count with a point") << "steps=12." << 12.0;
        QTest::newRow("count with an exponent") << "steps=1e4" << 1e4;
        QTest::newRow("count of the network") << "network.bits=+16" << 16.0;
        QTest::newRow("fraction for a count") << "steps=12.5" << refused;
        QTest::newRow("count over 2^32") << "steps=4294967396" << refused;
        QTest::newRow("over the range") << "flipShare=1.5" << refused;
        QTest::newRow("two signs") << "flipShare=+-0" << refused;
        QTest::newRow("a unit") << "rotation=5deg" << refused;
        QTest::newRow("infinite") << "clip=inf" << refused;
        QTest::newRow("nothing") << "steps=" << refused;
        QTest::newRow("number for a switch") << "bf16=+1" << refused;
    }
    void typedNumbers() {
        QFETCH(QString, assignment);
        QFETCH(double, value);
        TrainingOptions options;
        if (std::isnan(value)) {
            QCOMPARE(codeOf([&] { options.set(assignment.toStdString()); }), nameOf(ErrorCode::BadOption));
            return;
        }
        options.set(assignment.toStdString());
        Json json = options.toJson();
        json.update(options.network.toJson());
        const QString key = assignment.section('=', 0, 0).section('.', -1);
        QCOMPARE(json.at(key.toStdString()).get<double>(), value);
    }

    /// Crops of one original never fall into two parts; each part's size is near its share.
    void photographsAreSplitByOriginal() {
        std::ofstream manifest(m_folder / "manifest.csv");
        manifest << "id,file,original_path\r\n";
        std::map<std::string, std::string> originals;
        for (int i = 0; i < 400; ++i) {
            const std::string file = "c" + std::to_string(i) + ".png";
            const std::string original = "a, \"b\" " + std::to_string(i / 2);
            std::ofstream(m_folder / file) << "x";
            originals[file] = original;
            manifest << i << "," << file << ",\"a, \"\"b\"\" " << i / 2 << "\"\r\n";
        }
        manifest.close();
        std::map<std::string, Split> where;
        std::size_t total = 0;
        std::map<Split, std::size_t> sizes;
        for (const Split split : {Split::Train, Split::Validation, Split::Calibration}) {
            const auto set = listPhotos(m_folder, split);
            total += set.files.size();
            sizes[split] = set.files.size();
            std::set<std::string> own;
            for (const auto& path : set.files) {
                const auto& original = originals.at(path.filename().string());
                own.insert(original);
                QVERIFY2(where.emplace(original, split).first->second == split, original.c_str());
            }
            QCOMPARE(std::size_t(set.originals), own.size());
            QVERIFY(std::is_sorted(set.files.begin(), set.files.end()));
        }
        QCOMPARE(total, std::size_t(400));
        QVERIFY(sizes[Split::Train] > 230 && sizes[Split::Train] < 330);
        QVERIFY(sizes[Split::Calibration] > 60 && sizes[Split::Calibration] < 150);
        const auto all = listPhotos(m_folder, Split::All);
        QCOMPARE(all.files.size(), std::size_t(400));
        QCOMPARE(all.originals, 200);
        QVERIFY(all.sha256 != listPhotos(m_folder, Split::Train).sha256);
        QCOMPARE(all.sha256, listPhotos(m_folder, Split::All).sha256);
        fs::remove(m_folder / "c7.png");
        QVERIFY(all.sha256 != listPhotos(m_folder, Split::All).sha256);
    }

    void foldersWithoutPhotographs() {
        std::ofstream(m_folder / "notes.txt") << "x";
        QCOMPARE(codeOf([&] { listPhotos(m_folder, Split::All); }), nameOf(ErrorCode::NotFound));
        QCOMPARE(codeOf([&] { listPhotos(m_folder / "none", Split::All); }), nameOf(ErrorCode::NotFound));
    }

    /// Batch k depends on (files, options, k) alone: a resumed run sees what the first would have seen.
    void batchesDoNotDependOnHistory() {
        writePictures(m_folder, 5);
        writePicture(m_folder / "small.png", 99, 20, 30);  // smaller than the crop: enlarged
        const auto photos = listPhotos(m_folder, Split::All);
        const LoaderOptions options{.side = 32, .batch = 4, .seed = 8};
        std::vector<at::Tensor> batches;
        Loader first(photos, options, 0);
        for (int k = 0; k < 7; ++k) batches.push_back(first.next().images);
        for (const auto& batch : batches) {
            QCOMPARE(batch.sizes().vec(), (std::vector<std::int64_t>{4, 3, 32, 32}));
            QVERIFY(batch.scalar_type() == at::kFloat);
            QVERIFY(batch.min().item<double>() >= -1 && batch.max().item<double>() <= 1);
            QVERIFY(batch.std().item<double>() > 0.05);
        }
        QVERIFY(!at::equal(batches[0], batches[1]));
        LoaderOptions tight = options;
        tight.cacheBytes = 1;
        tight.ahead = 1;
        Loader later(photos, tight, 4);
        for (int k = 4; k < 7; ++k) QVERIFY(at::equal(later.next().images, batches[std::size_t(k)]));
        LoaderOptions other = options;
        other.seed = 9;
        QVERIFY(!at::equal(Loader(photos, other, 0).next().images, batches[0]));
        QVERIFY(first.waitedSeconds() >= 0);
        QVERIFY(first.skipped().empty());
    }

    void brokenPhotographsAreSkippedAndNamed() {
        writePictures(m_folder, 2);
        std::ofstream(m_folder / "broken.png") << "not a picture";
        std::ofstream(m_folder / "empty.jpg") << "";
        Loader loader(listPhotos(m_folder, Split::All), {.side = 16, .batch = 4}, 0);
        for (int k = 0; k < 3; ++k) QVERIFY(loader.next().images.std().item<double>() > 0.01);
        const auto skipped = loader.skipped();
        QCOMPARE(skipped.size(), std::size_t(2));
        for (const char* name : {"broken.png: ", "empty.jpg: "})
            QVERIFY2(std::any_of(skipped.begin(), skipped.end(),
                                 [&](const auto& s) { return s.starts_with(name); }),
                     name);
    }

    void onlyBrokenPhotographs() {
        std::ofstream(m_folder / "a.png") << "x";
        std::ofstream(m_folder / "b.png") << "y";
        Loader loader(listPhotos(m_folder, Split::All), {.side = 16, .batch = 2}, 0);
        for (int i = 0; i < 2; ++i) QCOMPARE(codeOf([&] { loader.next(); }), nameOf(ErrorCode::NotFound));
    }

    /// Algorithm 1 of Kingma & Ba by hand, with clipping to L2 norm 1.
    void adamAgainstItsDefinition() {
        auto a = at::tensor({1.0, -2.0}, at::kDouble).set_requires_grad(true);
        auto b = at::tensor({0.5}, at::kDouble).set_requires_grad(true);
        Adam adam({{"a", a}, {"b", b}}, {.maxGradientNorm = 1});
        double p[3] = {1, -2, 0.5}, m[3] = {}, v[3] = {};
        const double gradients[3][3] = {{3, 0, -4}, {0.1, 0.2, 0.2}, {-1, 2, 2}};
        const double rates[3] = {0.1, 0.05, 0.2};
        for (int t = 0; t < 3; ++t) {
            adam.zeroGradient();
            QVERIFY(!a.grad().defined() || a.grad().abs().max().item<double>() == 0);
            const double* g = gradients[t];
            const auto ga = at::tensor({g[0], g[1]}, at::kDouble);
            ((a * ga).sum() + (b * g[2]).sum()).backward();
            const double norm = std::sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
            const double reported = adam.step(rates[t]);
            QVERIFY(std::abs(reported - norm) < 1e-12);
            for (int i = 0; i < 3; ++i) {
                const double clipped = norm > 1 ? g[i] / norm : g[i];
                m[i] = 0.9 * m[i] + 0.1 * clipped;
                v[i] = 0.999 * v[i] + 0.001 * clipped * clipped;
                p[i] -= rates[t] * (m[i] / (1 - std::pow(0.9, t + 1))) /
                        (std::sqrt(v[i] / (1 - std::pow(0.999, t + 1))) + 1e-8);
            }
            const double got[3] = {a[0].item<double>(), a[1].item<double>(), b[0].item<double>()};
            for (int i = 0; i < 3; ++i)
                QVERIFY2(std::abs(got[i] - p[i]) < 1e-9, qPrintable(QString::number(got[i] - p[i])));
        }
        const auto state = adam.state();
        QCOMPARE(qint64(state.at("steps").item<std::int64_t>()), qint64(3));
        QVERIFY(std::abs(state.at("m.b").item<double>() - m[2]) < 1e-12);
        QVERIFY(std::abs(state.at("v.a")[1].item<double>() - v[1]) < 1e-12);
    }

    void adamRefusesWhatIsNotFinite() {
        auto a = at::tensor({1.0, 2.0}).set_requires_grad(true);
        Adam adam({{"a", a}}, {});
        (a * std::numeric_limits<double>::infinity()).sum().backward();
        QCOMPARE(codeOf([&] { adam.step(0.1); }), nameOf(ErrorCode::Internal));
        QVERIFY(at::equal(a.detach(), at::tensor({1.0, 2.0}).to(a.dtype())));
        QCOMPARE(qint64(adam.state().at("steps").item<std::int64_t>()), qint64(0));
        auto state = adam.state();
        state.erase("v.a");
        QCOMPARE(codeOf([&] { adam.load(state); }), nameOf(ErrorCode::Corrupt));
        state["v.a"] = at::zeros({3});
        QCOMPARE(codeOf([&] { adam.load(state); }), nameOf(ErrorCode::Corrupt));
    }

    /// What tasks of one Optimiser have in common: the rate, the average, the state by its names in
    /// checkpoints.
    void optimiser() {
        auto a = at::tensor({1.0, 2.0}).set_requires_grad(true);
        ProcessGroup alone;
        const OptimiserOptions options{
            .learningRate = 0.1, .decayFrom = 0.5, .finalRate = 0, .clip = 0, .ema = 0.5};
        const auto step = [&](Optimiser& job) {
            job.zeroGradient();
            job.backward((a * a).sum());
            const auto norm = job.gradientNorm();
            job.step(norm, norm.item<double>());
        };
        Optimiser job({{"a", a}}, options, 4, alone);
        const std::vector<double> rates{0.1, 0.1, 0.1, 0.05};
        for (std::size_t i = 0; i < rates.size(); ++i) {
            QCOMPARE(job.stepsDone(), std::uint64_t{i});
            QVERIFY(std::abs(job.learningRate() - rates[i]) < 1e-12);
            step(job);
        }
        QCOMPARE(codeOf([&] { job.requireFinite("bits", std::nan("")); }), nameOf(ErrorCode::Internal));
        QCOMPARE(codeOf([&] { job.requireFinite("bits", 3); }), std::string("no error"));

        const auto weights = a.detach().clone();
        nn::SafeTensors state = job.stateWith({{"w", a.detach().clone()}});
        std::set<std::string> names;
        for (const auto& [name, tensor] : state.tensors) names.insert(name);
        QVERIFY(names == (std::set<std::string>{"net.w", "adam.m.a", "adam.v.a", "adam.steps", "average.a",
                                                "average.steps"}));
        QCOMPARE(state.metadata.at("step"), std::string("4"));
        const auto average = state.tensors.at("average.a").clone();
        QVERIFY(!at::equal(average, weights));
        {
            const auto use = job.useAverage();
            QVERIFY(at::equal(a.detach(), average));
        }
        QVERIFY(at::equal(a.detach(), weights));

        Optimiser resumed({{"a", a}}, options, 4, alone);
        for (const char* bad : {"", "some"}) {
            state.metadata["step"] = bad;
            QCOMPARE(codeOf([&] { resumed.restore(state); }), nameOf(ErrorCode::Corrupt));
        }
        state.metadata.erase("step");
        QCOMPARE(codeOf([&] { resumed.restore(state); }), nameOf(ErrorCode::Corrupt));
        state.metadata["step"] = "4";
        resumed.restore(state);
        QCOMPARE(resumed.stepsDone(), std::uint64_t{4});
        QVERIFY(at::equal(resumed.stateWith({}).tensors.at("average.a"), average));
        resumed.restartAverage();
        QVERIFY(at::equal(resumed.stateWith({}).tensors.at("average.a"), weights));
    }

    /// Cut anywhere, the last checkpoint gives way to the one before it.
    void previousCheckpointIsUsed_data() {
        QTest::addColumn<double>("left");
        QTest::newRow("gone") << -1.0;
        QTest::newRow("empty") << 0.0;
        QTest::newRow("half") << 0.5;
        QTest::newRow("a byte short") << 0.9999;
    }
    void previousCheckpointIsUsed() {
        QFETCH(double, left);
        RunFolder run(m_folder / "deep/run");
        QVERIFY(!run.hasCheckpoint());
        QCOMPARE(codeOf([&] { run.readCheckpoint(); }), nameOf(ErrorCode::NotFound));
        run.writeCheckpoint({{"w", at::full({500}, 1)}}, {{"step", "1"}}, noteOf(1));
        run.writeCheckpoint({{"w", at::full({500}, 2)}}, {{"step", "2"}}, noteOf(2));
        QCOMPARE(run.readCheckpoint().metadata.at("step"), std::string("2"));
        const fs::path last = run.path() / "checkpoint.safetensors";
        if (left < 0)
            fs::remove(last);
        else
            fs::resize_file(last, std::uintmax_t(double(fs::file_size(last)) * left));
        QVERIFY(run.hasCheckpoint());
        const auto read = run.readCheckpoint();
        QCOMPARE(read.metadata.at("step"), std::string("1"));
        QVERIFY(at::equal(read.tensors.at("w"), at::full({500}, 1)));
        run.writeCheckpoint({{"w", at::full({500}, 3)}}, {{"step", "3"}}, noteOf(3));
        QCOMPARE(run.readCheckpoint().metadata.at("step"), std::string("3"));
        for (const auto& entry : fs::directory_iterator(run.path()))
            QVERIFY2(entry.path().filename().string().find("new") == std::string::npos,
                     "a temporary file stayed");
    }

    void bothCheckpointsDamaged() {
        RunFolder run(m_folder);
        run.writeCheckpoint({{"w", at::ones({5})}}, {}, {});
        run.writeCheckpoint({{"w", at::ones({5})}}, {}, {});
        fs::resize_file(m_folder / "checkpoint.safetensors", 20);
        fs::resize_file(m_folder / "checkpoint.previous.safetensors", 20);
        QCOMPARE(codeOf([&] { run.readCheckpoint(); }), nameOf(ErrorCode::Corrupt));
    }

    /// What a resumed run repeats leaves the curves, but is not lost.
    void metricsAreCutBackOnResume() {
        {
            RunFolder run(m_folder);
            run.openMetrics(0);
            for (int step = 1; step <= 6; ++step) run.appendMetrics({{"step", step}, {"loss", 1.0 / step}});
        }
        std::ofstream(m_folder / kMetricsFile, std::ios::app) << "{\"step\":7,\"lo";  // the power failed here
        RunFolder again(m_folder);
        again.openMetrics(4);
        again.appendMetrics({{"step", 5}, {"loss", 9}});
        const auto stepsIn = [&](const char* file) {
            std::vector<int> steps;
            for (const Json& record : readJsonLines(m_folder / file))
                steps.push_back(record["step"].get<int>());
            return steps;
        };
        QVERIFY(stepsIn(kMetricsFile) == (std::vector<int>{1, 2, 3, 4, 5}));
        QVERIFY(stepsIn(kSupersededFile) == (std::vector<int>{5, 6}));
        QCOMPARE(readJsonLines(m_folder / kMetricsFile).back()["loss"].get<int>(), 9);
    }
};

SIGNET_TEST(TestTrainingParts)
#include "test_training_parts.moc"
