#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <sched.h>
#include <sys/mount.h>

#include <QTemporaryDir>
#include <fstream>
#include <limits>
#include <set>

#include "core/base/error.h"
#include "core/base/file_lock.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/models/model_store.h"
#include "core/signature/objective.h"
#include "core/signature/training_options.h"
#include "core/tasks/all_tasks.h"
#include "core/training/loader.h"
#include "core/training/run_files.h"
#include "core/training/run_folder.h"
#include "core/training/run_progress.h"
#include "core/training/run_watcher.h"
#include "core/training/throughput.h"
#include "core/training/train.h"
#include "tests/core/image_builders.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::tests;
using namespace signet::training;
using signature::TrainingOptions;
namespace fs = std::filesystem;

namespace {

constexpr int kPhotos = 40;

/// The smallest run there may be: a step takes milliseconds.
TrainingOptions smallest(const fs::path& photos) {
    TrainingOptions options;
    options.name = "small";
    options.data = photos.string();
    options.network.bits = 1;
    options.network.workSide = 32;
    options.network.injectorWidths = {8, 8, 8};
    options.network.detectorWidths = {8, 8, 8};
    options.batch = 2;
    options.steps = 12;
    options.bf16 = false;
    options.startDb = 20;
    options.logEvery = 1;
    options.checkpointEvery = 4;
    options.validateEvery = 4;
    options.validationImages = 3;
    options.sampleEvery = 6;
    return options;
}

std::vector<std::uint64_t> stepsWith(const fs::path& folder, const char* key) {
    std::vector<std::uint64_t> steps;
    for (const Json& record : readJsonLines(folder / kMetricsFile)) {
        if (record.contains(key)) steps.push_back(record["step"].get<std::uint64_t>());
    }
    return steps;
}

}  // namespace

class TestRuns : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path m_photos;
    fs::path folder(const char* name) const { return fs::path(m_temporary.path().toStdString()) / name; }

private Q_SLOTS:
    void initTestCase() {
        at::set_num_threads(1);
        m_photos = folder("photos");
        fs::create_directories(m_photos);
        for (unsigned i = 0; i < kPhotos; ++i)
            writeFileAtomically(m_photos / ("photo" + std::to_string(i) + ".png"),
                                image::encode(makePicture(90, 80, 3, 8, i + 1), {}), IfExists::Refuse);
    }

    /// What a run leaves behind says what it was, and by what it can be judged.
    void recordOfARun() {
        auto options = smallest(m_photos);
        options.keepEvery = 8;
        const auto run = runTraining(tasks::all(), {folder("record"), options.toJson()}, {});
        QVERIFY(run.state == RunState::Finished);
        const auto record = readRunRecord(folder("record"));
        QVERIFY(record.toJson() == run.toJson());
        QVERIFY(record.state == RunState::Finished);
        QCOMPARE(record.step, std::uint64_t(12));
        QVERIFY(TrainingOptions::fromJson(record.options).toJson() == options.toJson());
        QCOMPARE(record.sessions.size(), std::size_t(1));
        const auto& session = record.sessions.front();
        QVERIFY(session.commandLine.find("test_runs") != std::string::npos);
        QVERIFY(!session.startedUtc.empty() && session.endedUtc >= session.startedUtc);
        for (const char* key : {"signet", "commit", "compiler", "libtorch", "processor", "device"})
            QVERIFY2(session.environment.contains(key), key);
        QCOMPARE(record.data["sha256"].get<std::string>(), listPhotos(m_photos, Split::Train).sha256);
        QVERIFY(record.bestStep && *record.bestStep % 4 == 0);

        QVERIFY(stepsWith(folder("record"), "val_score") == (std::vector<std::uint64_t>{4, 8, 12}));
        double before = 0;
        for (const Json& line : readJsonLines(folder("record") / kMetricsFile)) {
            QVERIFY(line["process_s"].get<double>() >= before);
            before = line["process_s"].get<double>();
            QCOMPARE(line["images"].get<int>(), 2 * line["step"].get<int>());
        }
        const auto checkpoints = listCheckpoints(folder("record"));
        std::set<std::string> names;
        for (const auto& checkpoint : checkpoints) {
            names.insert(checkpoint.file);
            const auto stored = nn::loadSafeTensors(folder("record") / checkpoint.file, checkpoint.sha256);
            QCOMPARE(stored.metadata.at("step"), std::to_string(checkpoint.step));
            QVERIFY(checkpoint.metrics.contains("loss_presence"));
        }
        QVERIFY(names.contains("checkpoint.safetensors") &&
                names.contains("checkpoint.previous.safetensors") &&
                names.contains("checkpoint.best.safetensors") && names.contains("checkpoint.8.safetensors"));

        const auto samples = readJsonLines(folder("record") / kSampleLogFile);
        QCOMPARE(samples.size(), std::size_t(3));  // before the first step, 6 and 12
        const auto grid =
            image::decode(readFile(folder("record") / samples[1]["file"].get<std::string>())).image;
        QCOMPARE(grid.width, 3 * 64);
        const int shown = std::min(4, record.data["validation_files"].get<int>());
        QVERIFY(shown > 0);
        QCOMPARE(grid.height, shown * 64);
        QCOMPARE(samples[1]["rows"].size(), std::size_t(shown));
        QVERIFY(models::findModel((folder("record") / "model").string(), {}).name == "small");
    }

    /// The first column of every sample grid is the same picture; the third is mid-grey where nothing is
    /// added.
    void samplesAreOfFixedInputs() {
        const auto samples = readJsonLines(folder("record") / kSampleLogFile);
        std::vector<image::Image> grids;
        for (const Json& sample : samples)
            grids.push_back(
                image::decode(readFile(folder("record") / sample["file"].get<std::string>())).image);
        const int side = grids.front().width / 3;
        bool signedDiffers = false;
        for (const auto& grid : grids) {
            for (int y = 0; y < grid.height; ++y) {
                const auto row = [&](const image::Image& g) { return g.data.begin() + 3L * y * g.width; };
                QVERIFY(std::equal(row(grid), row(grid) + 3 * side, row(grids.front())));
                signedDiffers = signedDiffers || !std::equal(row(grid) + 3 * side, row(grid) + 6 * side,
                                                             row(grids.front()) + 3 * side);
            }
        }
        QVERIFY(signedDiffers);
    }

    /// Every curve of a run is one that its task or the loop describes.
    void curvesAreDescribed() {
        const auto record = readRunRecord(folder("record"));
        const auto ofTask = tasks::all().of(record.options).metrics(record.options);
        const auto ofRun = runMetrics();
        for (const Json& line : readJsonLines(folder("record") / kMetricsFile)) {
            for (const auto& [key, value] : line.items())
                QVERIFY2(!isCurve(key) || findMetric(ofTask, key) || findMetric(ofRun, key), key.c_str());
        }
        const Metric* score = scoreOf(ofTask);
        QVERIFY(score && score->name == "val_score" && score->better == Metric::Better::Larger);
        for (const Metric& metric : ofTask)
            QVERIFY2(metric.isScore == (&metric == score) && !metric.title.empty(), metric.name.c_str());
    }

    /// A run whose options name no task (all of them did once) goes on as it was.
    void runsOfBeforeThereWereTasks() {
        auto options = smallest(m_photos);
        runTraining(tasks::all(), {folder("old"), options.toJson(), false, 5}, {});
        Json json = Json::parse(readTextFile(folder("old") / kRecordFile));
        QVERIFY(json["options"].erase("task") == 1);
        writeFileAtomically(folder("old") / kRecordFile, json.dump(2), IfExists::Replace);
        QCOMPARE(readRunRecord(folder("old")).options["task"].get<std::string>(), std::string("signature"));
        runTraining(tasks::all(), {folder("old"), {}, true, 0}, {});
        runTraining(tasks::all(), {folder("new"), options.toJson()}, {});
        QVERIFY(readFile(folder("old") / "model/weights.safetensors") ==
                readFile(folder("new") / "model/weights.safetensors"));
    }

    void interruptedIsKnownByTheLock() {
        const fs::path path = folder("lock");
        fs::create_directories(path);
        RunRecord record;
        record.name = "r";
        record.options = Json::object();
        for (const RunState state : {RunState::Running, RunState::Paused}) {
            record.state = state;
            writeRunRecord(path, record);
            QVERIFY(readRunRecord(path).state == RunState::Interrupted);
            const FileLock lock(path / kLockFile, "the run");
            QVERIFY(readRunRecord(path).state == state);
            QCOMPARE(codeOf([&] { RunFolder second(path); }), nameOf(ErrorCode::Exists));
        }
        record.state = RunState::Finished;
        writeRunRecord(path, record);
        QVERIFY(readRunRecord(path).state == RunState::Finished);
        std::ofstream(path / kRecordFile) << "{\"schema\": 1";
        QCOMPARE(codeOf([&] { readRunRecord(path); }), nameOf(ErrorCode::Corrupt));
        const auto runs = listRuns(folder("."));
        const auto at = std::find_if(runs.begin(), runs.end(),
                                     [](const auto& r) { return r.folder.filename() == "lock"; });
        QVERIFY(at != runs.end() && !at->problem.empty());
    }

    void namesAndNotes() {
        const fs::path path = folder("noted");
        QVERIFY(readRunNotes(path) == RunNotes());
        writeRunNotes(path, {"Stronger noise", "first with the new attacks"});
        QVERIFY(readRunNotes(path) == (RunNotes{"Stronger noise", "first with the new attacks"}));
        runTraining(tasks::all(), {path, smallest(m_photos).toJson()}, {});  // leaves them as they are
        const auto runs = listRuns(folder("."));
        const auto at = std::find_if(runs.begin(), runs.end(),
                                     [](const auto& run) { return run.folder.filename() == "noted"; });
        QVERIFY(at != runs.end());
        QCOMPARE(at->notes.name, std::string("Stronger noise"));
        std::ofstream(path / kNotesFile) << "{";
        QVERIFY(readRunNotes(path) == RunNotes());
    }

    void startIsLookedAtBefore() {
        const fs::path first = folder("first");
        runTraining(tasks::all(), {first, smallest(m_photos).toJson()}, {});
        auto options = smallest(m_photos);
        for (const fs::path& good : {first, first / "model"}) {
            options.start = good.string();
            checkStart(tasks::all(), options.toJson());
        }
        options.start = folder("nowhere").string();
        QCOMPARE(codeOf([&] { checkStart(tasks::all(), options.toJson()); }), nameOf(ErrorCode::NotFound));
        options.start = first.string();
        options.network.detectorWidths.back() *= 2;
        QCOMPARE(codeOf([&] { checkStart(tasks::all(), options.toJson()); }), nameOf(ErrorCode::BadOption));
        QCOMPARE(codeOf([&] { createRun(tasks::all(), folder("queue"), options.toJson()); }),
                 nameOf(ErrorCode::BadOption));
    }

    /// Paused and resumed, stopped and resumed: the same weights as in one go.
    void pauseAndStopChangeNothing() {
        auto options = smallest(m_photos);
        options.ema = 0.9;
        runTraining(tasks::all(), {folder("whole"), options.toJson()}, {});
        const fs::path path = createRun(tasks::all(), folder("queue"), options.toJson());
        QVERIFY(readRunRecord(path).state == RunState::Queued);

        jobs::DeviceLease lease;
        jobs::JobQueue queue(lease);
        jobs::JobId id = 0;
        std::atomic<int> records = 0;
        const auto train = [&](jobs::JobContext& context) {
            auto control = controlOf(context);
            control.onRecord = [&](const Json& record) {
                ++records;
                if (record["step"].get<int>() == 3) queue.pause(id);
            };
            runTraining(tasks::all(), {path, {}, true, 0}, control);
        };
        id = queue.enqueue("run", train);
        QTRY_VERIFY(queue.jobs().front().state == jobs::JobState::Paused);
        // Paused: with a checkpoint, said in the record, and the device is free.
        QTRY_VERIFY(readRunRecord(path).state == RunState::Paused);
        QCOMPARE(readRunRecord(path).step, std::uint64_t(3));
        QVERIFY(lease.tryAcquireFor(std::chrono::milliseconds(0)));
        lease.release();
        queue.stop(id, jobs::Ending::KeepCheckpoint);
        QTRY_VERIFY(queue.jobs().front().state == jobs::JobState::Done);
        QVERIFY(readRunRecord(path).state == RunState::Stopped);
        QVERIFY(!fs::exists(path / "model"));
        runTraining(tasks::all(), {path, {}, true, 0}, {});
        QVERIFY(readFile(path / "model/weights.safetensors") ==
                readFile(folder("whole") / "model/weights.safetensors"));
        QCOMPARE(readRunRecord(path).sessions.size(), std::size_t(2));
        QVERIFY(stepsWith(path, "lr") == stepsWith(folder("whole"), "lr"));
    }

    void endings_data() {
        QTest::addColumn<int>("ending");
        QTest::newRow("finish now") << int(jobs::Ending::FinishNow);
        QTest::newRow("keep the checkpoint") << int(jobs::Ending::KeepCheckpoint);
        QTest::newRow("discard") << int(jobs::Ending::Discard);
    }
    void endings() {
        QFETCH(int, ending);
        const auto wanted = static_cast<jobs::Ending>(ending);
        auto options = smallest(m_photos);
        options.steps = 100'000;
        const fs::path path = createRun(tasks::all(), folder("endings"), options.toJson());
        jobs::DeviceLease lease;
        jobs::JobQueue queue(lease);
        jobs::JobId id = 0;
        id = queue.enqueue("run", [&](jobs::JobContext& context) {
            auto control = controlOf(context);
            control.onRecord = [&](const Json& record) {
                if (record["step"].get<int>() == 5) queue.stop(id, wanted);
            };
            runTraining(tasks::all(), {path, {}, true, 0}, control);
        });
        QTRY_VERIFY(jobs::isOver(queue.jobs().front().state));
        QVERIFY(queue.jobs().front().state ==
                (wanted == jobs::Ending::Discard ? jobs::JobState::Cancelled : jobs::JobState::Done));
        QCOMPARE(fs::exists(path), wanted != jobs::Ending::Discard);
        if (wanted == jobs::Ending::Discard) return;
        const bool finish = wanted == jobs::Ending::FinishNow;
        const auto record = readRunRecord(path);
        QVERIFY(record.state == (finish ? RunState::Finished : RunState::Stopped));
        QCOMPARE(record.step, std::uint64_t(5));
        QCOMPARE(fs::exists(path / "model/manifest.json"), finish);
        QCOMPARE(!stepsWith(path, "val_score").empty() && stepsWith(path, "val_score").back() == 5, finish);
    }

    /// A term that is not finite ends the run by name; the checkpoint before it stays.
    void lossThatIsNotFinite() {
        auto options = smallest(m_photos);
        options.validateEvery = options.sampleEvery = 0;
        runTraining(tasks::all(), {folder("nan"), options.toJson(), false, 4}, {});
        const auto before = readFile(folder("nan") / "checkpoint.safetensors");
        auto checkpoint = nn::parseSafeTensors(before);
        for (auto& [name, tensor] : checkpoint.tensors) {
            if (name.starts_with("net.detector") && tensor.is_floating_point())
                tensor = at::full_like(tensor, std::numeric_limits<float>::quiet_NaN());
        }
        const auto poisoned = nn::serializeSafeTensors(checkpoint.tensors, checkpoint.metadata);
        writeFileAtomically(folder("nan") / "checkpoint.safetensors", poisoned, IfExists::Replace);
        QCOMPARE(codeOf([&] {
                     runTraining(tasks::all(), {folder("nan"), {}, true, 0}, {});
                 }),
                 nameOf(ErrorCode::Internal));
        const auto record = readRunRecord(folder("nan"));
        QVERIFY(record.state == RunState::Failed);
        QVERIFY2(record.message.find("\"presence\" is not finite at step 5") != std::string::npos,
                 record.message.c_str());
        QVERIFY(readFile(folder("nan") / "checkpoint.safetensors") == poisoned);
        QVERIFY(readTextFile(folder("nan") / kLogFile).find("not finite") != std::string::npos);
    }

    void brokenPhotographsAreNamed() {
        const fs::path photos = folder("broken");
        fs::create_directories(photos);
        fs::copy(m_photos, photos);
        const auto listed = listPhotos(photos, Split::Train).files;
        fs::resize_file(listed[0], 20);
        std::ofstream(listed[1]) << "no picture";
        auto options = smallest(photos);
        options.steps = 20;  // one round through the photographs
        runTraining(tasks::all(), {folder("skips"), options.toJson()}, {});
        const auto record = readRunRecord(folder("skips"));
        QCOMPARE(record.skipped.size(), std::size_t(2));
        QVERIFY(record.skipped[0].find(".png: ") != std::string::npos);
        QVERIFY(record.state == RunState::Finished);
    }

    /// The folder of photographs goes and comes back: the run waits for help, then is what it would have
    /// been.
    void photographsThatVanish() {
        const fs::path photos = folder("here");
        fs::copy(m_photos, photos, fs::copy_options::recursive);
        auto set = listPhotos(photos, Split::Train);
        LoaderOptions options;
        options.side = 32;
        options.batch = 2;
        options.cacheBytes = 0;
        const auto expected = Loader(set, options, 7).next().images;
        fs::rename(photos, folder("away"));
        Loader without(set, options, 7);
        const QString said = test::errorOf([&] { without.next(); }, ErrorCode::NotFound);
        QVERIFY2(said.contains("is gone"), qPrintable(said));
        fs::rename(folder("away"), photos);
        QVERIFY(at::equal(Loader(set, options, 7).next().images, expected));
    }

    /// The disk is full at a checkpoint: the old one stays, the run waits, and goes on when there is space.
    void diskFull() {
        const fs::path disk = folder("disk");
        fs::create_directories(disk);
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=3m") != 0)
            QSKIP("a small disk cannot be mounted here");
        auto options = smallest(m_photos);
        options.sampleEvery = 0;
        const fs::path path = createRun(tasks::all(), disk, options.toJson());
        const fs::path ballast = disk / "ballast";
        std::vector<std::string> problems;
        Bytes before;
        RunControl control;
        control.onRecord = [&](const Json& record) {
            if (record["step"].get<int>() != 7) return;
            before = readFile(path / "checkpoint.safetensors");
            std::ofstream out(ballast, std::ios::binary);
            const std::string block(1024, 'x');
            while (out.write(block.data(), 1024).flush()) {
            }
        };
        control.holdFor = [&](const std::string& problem) {
            problems.push_back(problem);
            if (readFile(path / "checkpoint.safetensors") != before) return false;
            fs::remove(ballast);
            return true;
        };
        runTraining(tasks::all(), {path, {}, true, 0}, control);
        QVERIFY(!problems.empty());
        QVERIFY2(problems.front().find("no space left") != std::string::npos, problems.front().c_str());
        QVERIFY(readRunRecord(path).state == RunState::Finished);
        QVERIFY(stepsWith(path, "lr").size() == 12);
        ::umount(disk.c_str());
    }

    void modelOfACheckpoint() {
        const fs::path target = folder("models") / "chosen";
        exportModel(tasks::all(), folder("record"), "checkpoint.8.safetensors", target);
        const auto manifest = models::findModel(target.string(), {});
        models::verifyWeights(manifest);
        QVERIFY(manifest.name == "chosen" && !manifest.validated);
        // The PSNR of that step, not the option's.
        const double db = std::get<models::SignatureFields>(manifest.of).nominalPsnrDb;
        QVERIFY2(db >= 20 && db < 21, qPrintable(QString::number(db)));
        QCOMPARE(
            codeOf([&] { exportModel(tasks::all(), folder("record"), "checkpoint.safetensors", target); }),
            nameOf(ErrorCode::Exists));
        QCOMPARE(codeOf([&] {
                     exportModel(tasks::all(), folder("record"), "no.safetensors", folder("models") / "x");
                 }),
                 nameOf(ErrorCode::NotFound));
        // With averaged weights those are what is exported.
        exportModel(tasks::all(), folder("whole"), "checkpoint.safetensors", folder("models") / "average");
        const auto exported = nn::loadSafeTensors(folder("models") / "average/weights.safetensors").tensors;
        const auto atTheEnd = nn::loadSafeTensors(folder("whole") / "model/weights.safetensors").tensors;
        const auto raw = nn::withoutPrefix(
            nn::loadSafeTensors(folder("whole") / "checkpoint.safetensors").tensors, "net.");
        bool differs = false;
        for (const auto& [name, tensor] : exported) {
            QVERIFY2(at::equal(tensor, atTheEnd.at(name)), name.c_str());
            differs = differs || !at::equal(tensor, raw.at(name));
        }
        QVERIFY(differs);
    }

    /// A run begins with another model's weights, and says so where there are none.
    void startsFromAModel() {
        auto options = smallest(m_photos);
        options.start = (folder("record") / "model").string();
        options.steps = 1;
        options.learningRate = 1e-8;
        runTraining(tasks::all(), {folder("start"), options.toJson()}, {});
        const auto from = nn::loadSafeTensors(folder("record") / "model/weights.safetensors").tensors;
        for (const auto& [name, tensor] :
             nn::loadSafeTensors(folder("start") / "model/weights.safetensors").tensors) {
            if (name.find("running_") == std::string::npos && tensor.is_floating_point())
                QVERIFY2(at::allclose(tensor, from.at(name), 0, 1e-6), name.c_str());
        }
        options.start = m_photos.string();
        QCOMPARE(codeOf([&] {
                     runTraining(tasks::all(), {folder("nostart"), options.toJson()}, {});
                 }),
                 nameOf(ErrorCode::NotFound));
    }

    void watcherFollowsAFileThatGrows() {
        const fs::path path = folder("watched");
        fs::create_directories(path);
        RunWatcher watcher;
        watcher.follow({path});
        QVERIFY(watcher.poll().front().curvesRestarted);
        QVERIFY(watcher.poll().empty());
        std::ofstream metrics(path / kMetricsFile);
        metrics << "{\"step\":1,\"loss\":0.5}"
                << "\n"
                << "{\"step\":2,\"lo" << std::flush;
        auto news = watcher.poll();
        QCOMPARE(news.size(), std::size_t(1));
        QCOMPARE(news[0].curves.size(), std::size_t(1));  // the second is not whole yet
        metrics << "ss\":0.25}"
                << "\n"
                << "garbage\n"
                << std::flush;
        news = watcher.poll();
        QCOMPARE(news[0].curves.size(), std::size_t(1));
        QCOMPARE(news[0].curves[0]["loss"].get<double>(), 0.25);
        QVERIFY(!news[0].curvesRestarted);
        QVERIFY(watcher.poll().empty());
        writeFileAtomically(path / kMetricsFile,
                            "{\"step\":1,\"loss\":0.5}"
                            "\n",
                            IfExists::Replace);
        news = watcher.poll();
        QVERIFY(news[0].curvesRestarted);
        QCOMPARE(news[0].curves.size(), std::size_t(1));
        watcher.follow({});
        watcher.follow({path});
        QVERIFY(watcher.poll().front().curvesRestarted);
    }

    void stuckTrainingIsNoticed() {
        auto options = smallest(m_photos);
        options.network.bits = 32;
        options.network.workSide = 96;
        const auto signs = signature::objectiveOf(options).stuckSigns(options);
        signature::StuckWatch watch(signs);
        int advised = 0;
        for (std::uint64_t step = 20; step < 3000; step += 20) {
            if (const auto advice = watch.see(
                    {{"step", step}, {"loss_bits", 0.6931}, {"psnr_db", 20.0 + 1e-3 * double(step)}})) {
                ++advised;
                QVERIFY2(advice->find("startDb") != std::string::npos, advice->c_str());
            }
        }
        QCOMPARE(advised, 2);  // after 1,000 steps, and again after 1,000 more
        signature::StuckWatch learning(signs);
        for (std::uint64_t step = 20; step <= 3000; step += 20)
            QVERIFY(!learning.see({{"step", step},
                                   {"loss_bits", 0.69 / (1 + double(step) / 500)},
                                   {"psnr_db", 1e-3 * double(step)}}));
        signature::StuckWatch standing(signs);
        std::vector<std::uint64_t> said;
        for (std::uint64_t step = 20; step <= 3000; step += 20) {
            if (standing.see({{"step", step},
                              {"loss_bits", 0.2},
                              {"psnr_db", std::min(30.0, 20 + 0.01 * double(step))}}))
                said.push_back(step);
        }
        QVERIFY(said == (std::vector<std::uint64_t>{2000, 3000}));
    }

    void timeLeftIsARange() {
        Throughput even;
        for (int i = 0; i < 100; ++i) even.add(10, 2);
        QVERIFY(std::abs(even.secondsPerStep() - 0.2) < 1e-12);
        const auto eta = even.eta(1000);
        QVERIFY(std::abs(eta.seconds - 200) < 1e-9 && std::abs(eta.low - 190) < 1e-9 &&
                std::abs(eta.high - 210) < 1e-9);
        Throughput slower;  // what was a minute ago hardly counts
        for (int i = 0; i < 50; ++i) slower.add(10, 1);
        for (int i = 0; i < 50; ++i) slower.add(10, 3);
        QVERIFY(std::abs(slower.secondsPerStep() - 0.3) < 0.01);
        Throughput uneven;
        for (int i = 0; i < 30; ++i) uneven.add(1, i % 2 ? 1 : 3);
        QVERIFY(uneven.eta(100).high - uneven.eta(100).low > 20);
        QCOMPARE(Throughput().eta(5).seconds, 0.0);
    }

    void probeTriesAndWritesNothing() {
        const auto before = std::distance(fs::directory_iterator(folder(".")), fs::directory_iterator());
        const auto tried = probe(tasks::all(), smallest(m_photos).toJson(), {});
        QVERIFY(tried.secondsPerStep > 0 && tried.secondsLow <= tried.secondsHigh &&
                tried.peakMemoryMiB > 10);
        QVERIFY(tried.dataWaitShare >= 0 && tried.dataWaitShare <= 1);
        QCOMPARE(std::distance(fs::directory_iterator(folder(".")), fs::directory_iterator()), before);
        std::stop_source stopped;
        stopped.request_stop();
        QCOMPARE(codeOf([&] {
                     probe(tasks::all(), smallest(m_photos).toJson(), {stopped.get_token(), {}});
                 }),
                 nameOf(ErrorCode::Cancelled));
    }

    void describedOptionsAreTheOptions() {
        const Json defaults = TrainingOptions().toJson();
        std::size_t described = 0;
        for (const auto& option : tasks::all().of(defaults).describeOptions()) {
            const auto dot = option.key.find('.');
            const Json& value = dot == std::string::npos ? defaults[option.key]
                                                         : defaults["network"][option.key.substr(dot + 1)];
            QVERIFY2(value == option.standard, option.key.c_str());
            QVERIFY2(!option.help.empty() && !option.group.empty(), option.key.c_str());
            ++described;
        }
        QCOMPARE(described, defaults.size() - 1 + defaults["network"].size());
        const auto summary = summarizeData(tasks::all(), {{"data", m_photos.string()}});
        QCOMPARE(summary.training + summary.validation + summary.calibration, kPhotos);
        QCOMPARE(codeOf([&] {
                     summarizeData(tasks::all(), {{"data", folder("nowhere").string()}});
                 }),
                 nameOf(ErrorCode::NotFound));
    }
};

SIGNET_TEST(TestRuns)
#include "test_runs.moc"
