// The runner of the papers' tables: presets that make sense, rows that are kept and made anew only where
// their setting is another, and a training that is gone on with.
#include <QTemporaryDir>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/experiments/measures.h"
#include "core/experiments/result_table.h"
#include "core/experiments/run.h"
#include "core/image/encode.h"
#include "core/models/manifest.h"
#include "core/tasks/all_tasks.h"
#include "core/training/run_record.h"
#include "tests/support/pictures.h"
#include "tests/support/test_program.h"

namespace fs = std::filesystem;
using namespace signet;
using namespace signet::experiments;

namespace {

int g_measured = 0;

std::vector<RowPlan> threeRows(const Settings&) {
    const auto counted = [](Workshop& workshop, const std::vector<fs::path>&) {
        ++g_measured;
        (void)workshop.settings().number("pictures");
        return Json{{"accuracy", 0.5}, {"accuracy_ci95", {0.4, 0.6}}, {"said", "a <b>, \"c\""}};
    };
    return {{.name = "one", .paper = {{"accuracy", 0.9}}, .measure = counted},
            {.name = "broken",
             .measure = [](Workshop&, const std::vector<fs::path>&) -> Json {
                 throw Error(ErrorCode::Environment, "something is missing");
             }},
            {.name = "=two", .setting = {{"size", 2}}, .measure = counted}};
}

const Experiment kThree{"T.1", "Three", "a test", "Nothing.", threeRows};

/// A few pictures to learn from, and where results and models go.
struct Place {
    QTemporaryDir folder;
    fs::path data, results, models;

    Place() {
        const fs::path root = folder.path().toStdString();
        data = root / "data";
        results = root / "results";
        models = root / "models";
        fs::create_directories(data);
        fs::create_directories(results);
        for (int i = 0; i < 40; ++i)
            writeFileAtomically(data / (std::to_string(i) + ".png"),
                                image::encode(test::flat(32, 32, 6 * i, 120, 255 - 6 * i), {}),
                                IfExists::Refuse);
    }
    Workshop workshop(std::stop_token stop = {}) const {
        return {{.folder = models, .results = results, .workspace = models, .device = "cpu", .threads = 1},
                Settings("cpu", data),
                {.stop = std::move(stop), .progress = {}}};
    }
};

Json smallTraining(const Settings& settings) {
    Json training = settings.training("fingerprint", {{"side", 8},
                                                      {"bits", 4},
                                                      {"latent", 8},
                                                      {"style", 8},
                                                      {"featureBase", 64},
                                                      {"featureMost", 8},
                                                      {"decoderBase", 64},
                                                      {"decoderMost", 8},
                                                      {"batch", 4},
                                                      {"steps", 4},
                                                      {"distanceImages", 0},
                                                      {"checkpointEvery", 1},
                                                      {"validateEvery", 0},
                                                      {"sampleEvery", 0}});
    training["start"] = "";
    return training;
}

/// As the task knows a training: what it starts from or needs is a folder to it.
Json withoutStart(Json training) {
    for (const std::string& key : neededBy(training)) training[key] = "";
    return training;
}

}  // namespace

class TestExperiments : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyRowOfEveryPresetIsSound() {
        const Place place;
        for (const std::string& preset : Settings::presets()) {
            const Settings settings(preset, place.data);
            for (const Experiment& experiment : all()) {
                const auto rows = experiment.rows(settings);
                QVERIFY2(!rows.empty(), experiment.id.c_str());
                std::set<std::string> names;
                for (const RowPlan& row : rows) {
                    QVERIFY2(names.insert(row.name).second, row.name.c_str());
                    for (const Json& training : row.trainings) {
                        const Json known = withoutStart(training);
                        QCOMPARE(tasks::all().of(known).complete(known), known);
                    }
                }
            }
        }
        QCOMPARE(find("b.t1").id, "B.T1");
        QCOMPARE(find("A.R").rows(Settings("cpu", place.data)).size(), std::size_t{3 * (1 + 3 + 4 + 5)});
        QVERIFY_EXCEPTION_THROWN(find("B.T9"), Error);
        QVERIFY_EXCEPTION_THROWN(Settings("large", place.data), Error);
        QVERIFY_EXCEPTION_THROWN(Settings("cpu", place.data / "absent"), Error);
        QVERIFY_EXCEPTION_THROWN(Settings("cpu", place.data).training("no such"), Error);
    }

    /// Threads and names change no model; all else does.
    void modelsAreNamedByWhatDecidesThem() {
        const Place place;
        const Settings settings("cpu", place.data);
        const Json one = settings.training("fingerprint");
        QCOMPARE(trainingKey(one), trainingKey(settings.training("fingerprint", {{"threads", 7}})));
        QVERIFY(trainingKey(one) != trainingKey(settings.training("fingerprint", {{"seed", 7}})));
        // Folders count by what is in them, wherever they lie.
        const Place other;
        const Workshop here = place.workshop(), there = other.workshop();
        QCOMPARE(here.keyOf(one), there.keyOf(Settings("cpu", other.data).training("fingerprint")));
        writeFileAtomically(other.data / "more.png", image::encode(test::flat(32, 32, 1, 2, 3), {}),
                            IfExists::Refuse);
        const Workshop changed({.folder = other.folder.filePath("m").toStdString(), .results = other.results},
                               Settings("cpu", other.data), {});
        QVERIFY(here.keyOf(one) != changed.keyOf(Settings("cpu", other.data).training("fingerprint")));
    }

    void rowsAreKept() {
        const Place place;
        Workshop workshop = place.workshop();
        std::vector<std::string> rows, failures;
        const Listener listener{
            .onRow = [&](const Row& row) { rows.push_back(row.name); },
            .onFailure = [&](const std::string& row, const Error&) { failures.push_back(row); },
            .onText = {}};
        g_measured = 0;
        QCOMPARE(runExperiment(kThree, workshop, listener), 1);
        QCOMPARE(g_measured, 2);
        QCOMPARE(rows, (std::vector<std::string>{"one", "=two"}));
        QCOMPARE(failures, std::vector<std::string>{"broken"});
        QCOMPARE(runExperiment(kThree, workshop, listener), 1);
        QCOMPARE(g_measured, 2);
        QCOMPARE(readRows(place.results, "T.1").size(), std::size_t{2});

        // Another setting than the one it was measured at: once more.
        Json file = Json::parse(readTextFile(place.results / "T.1.json"));
        file["rows"][0]["setting"]["preset"] = "other";
        writeFileAtomically(place.results / "T.1.json", file.dump(), IfExists::Replace);
        runExperiment(kThree, workshop, listener);
        QCOMPARE(g_measured, 3);

        // Another of the sizes that it asked for, which are all that count: once more.
        file = Json::parse(readTextFile(place.results / "T.1.json"));
        Json& sizes = file["rows"][0]["setting"]["sizes"];
        QCOMPARE(sizes, (Json{{"pictures", workshop.settings().number("pictures")}}));
        sizes["pictures"] = 1;
        writeFileAtomically(place.results / "T.1.json", file.dump(), IfExists::Replace);
        runExperiment(kThree, workshop, listener);
        QCOMPARE(g_measured, 4);

        // What was said of a row stays with it.
        file = Json::parse(readTextFile(place.results / "T.1.json"));
        file["rows"][1]["remark"] = "as \"expected\"";
        writeFileAtomically(place.results / "T.1.json", file.dump(), IfExists::Replace);
        runExperiment(kThree, workshop, listener);
        QCOMPARE(g_measured, 4);
        QCOMPARE(readRows(place.results, "T.1")[1].remark, std::string("as \"expected\""));
        const ResultTable table = tableOf(readRows(place.results, "T.1"));
        QCOMPARE(table.columns.back(), std::string("remark"));
        QCOMPARE(table.cells[0].back(), std::string());
        QVERIFY(readTextFile(place.results / "T.1.html").find("as &quot;expected&quot;") !=
                std::string::npos);

        writeFileAtomically(place.results / "T.1.json", "{\"rows\": [", IfExists::Replace);
        QVERIFY_EXCEPTION_THROWN(runExperiment(kThree, workshop, listener), Error);
    }

    /// What comes with the program is of rows that there are, at sizes and trainings as the preset has them.
    void storedResultsAreOfTheirPresets() {
        const Place place;
        int stored = 0;
        for (const std::string& preset : Settings::presets()) {
            const fs::path folder = dataFolder() / "resources/experiments/results" / preset;
            if (!fs::exists(folder)) continue;
            const Settings settings(preset, place.data);
            for (const fs::path& file : filesIn(folder)) {
                if (file.extension() != ".json") continue;
                const Experiment& experiment = find(file.stem().string());
                std::map<std::string, RowPlan> plans;
                for (const RowPlan& plan : experiment.rows(settings)) plans.emplace(plan.name, plan);
                for (const Row& row : readRows(folder, experiment.id)) {
                    const std::string what = file.string() + ": " + row.name;
                    QVERIFY2(plans.contains(row.name), what.c_str());
                    const RowPlan& plan = plans.at(row.name);
                    QCOMPARE(row.setting["protocol"], Json(experiment.protocol));
                    QVERIFY2(settings.hasSizes(row.setting["sizes"]), what.c_str());
                    const Json& models = row.setting["models"];
                    QCOMPARE(models.size(), plan.trainings.size());
                    for (std::size_t i = 0; i < models.size(); ++i)
                        for (const char* key : {"task", "side", "bits", "steps", "batch"})
                            QCOMPARE(models[i].value(key, Json()), plan.trainings[i].value(key, Json()));
                    ++stored;
                }
            }
        }
        QVERIFY(stored > 0);
    }

    void tablesForPeople() {
        const Place place;
        Workshop workshop = place.workshop();
        runExperiment(kThree, workshop, {});
        const std::string csv = readTextFile(place.results / "T.1.csv");
        QVERIFY2(csv.starts_with("row,accuracy (paper),accuracy,said\r\none,0.9,0.5 (0.4 to 0.6),"),
                 csv.c_str());
        QVERIFY2(csv.find("\r\n'=two") != std::string::npos || csv.find("\r\n\"'=two") != std::string::npos,
                 csv.c_str());
        const std::string html = readTextFile(place.results / "T.1.html");
        QVERIFY(html.find("<b>") == std::string::npos);
        QVERIFY(html.find("a &lt;b&gt;") != std::string::npos);
    }

    /// A stop keeps the checkpoint, a second start goes on from it, a third finds the model.
    void trainingsAreSharedAndGoneOnWith() {
        const Place place;
        const Json options = smallTraining(Settings("cpu", place.data));
        Json often = options;
        often["logEvery"] = 1;
        often["keepEvery"] = 2;
        {
            std::stop_source stop;
            Workshop workshop(
                {.folder = place.models, .results = place.results, .device = "cpu", .threads = 1},
                Settings("cpu", place.data), {.stop = stop.get_token(), .progress = {}},
                [&](const Json& record) {
                    if (record.value("step", 0) >= 2) stop.request_stop();
                });
            QVERIFY_EXCEPTION_THROWN(workshop.trained(often), Error);
            const auto record = training::readRunRecord(workshop.runOf(often));
            QVERIFY(record.step >= 2 && record.step < 4);
            QVERIFY_EXCEPTION_THROWN(place.workshop(), Error);  // one at a time
        }
        Workshop after = place.workshop();
        const fs::path model = after.trained(often);
        QCOMPARE(after.trainedFor(often, 4), model);
        QCOMPARE(models::readManifest(after.trainedFor(often, 2)).steps, std::uint64_t{2});
        QCOMPARE(after.trainedFor(often, 2), after.trainedFor(often, 2));
        QVERIFY_EXCEPTION_THROWN(after.trainedFor(often, 1), Error);
        QCOMPARE(training::readRunRecord(after.runOf(often)).step, std::uint64_t{4});
        const auto written = fs::last_write_time(model / "manifest.json");
        QCOMPARE(after.trained(often), model);
        QCOMPARE(fs::last_write_time(model / "manifest.json"), written);
        QVERIFY(after.takeTrainingSeconds() > 0);
        QCOMPARE(after.takeTrainingSeconds(), 0.0);
        auto loaded = fingerprintModel(after, model);
        const Json read = bitsRead(after, loaded);
        QCOMPARE(read["bits"].get<int>(), 4);
        QVERIFY(read["bit_accuracy"].get<double>() > 0.3 && read["bit_accuracy"].get<double>() < 0.7);
    }

    /// What several start from is trained once, before them; it has their networks and seed, and it decides
    /// their models too.
    void trainingsStartFromOthers() {
        const Place place;
        const Settings settings("cpu", place.data);
        const Json published = settings.training("fingerprint", {{"codes", 10}, {"seed", 5}});
        QCOMPARE(neededBy(published), std::vector<std::string>{"start"});
        const Json start = published["start"];
        QCOMPARE(start["seed"].get<int>(), 5);
        QCOMPARE(start["codes"].get<int>(), 0);
        QCOMPARE(settings.training("fingerprint", {{"variant", "III"}})["start"]["variant"], Json("III"));

        Workshop workshop = place.workshop();
        Json one = smallTraining(settings), other = one;
        one["start"] = other["start"] = smallTraining(settings);
        other["codes"] = 2;
        one["start"]["picturesFirst"] = other["start"]["picturesFirst"] = 4;
        QVERIFY(workshop.keyOf(one) != workshop.keyOf(withoutStart(one)));
        const fs::path model = workshop.trained(one);
        const fs::path first = workshop.runOf(one["start"]);
        QCOMPARE(training::readRunRecord(workshop.runOf(one)).options["start"].get<std::string>(),
                 first.string());
        const auto written = fs::last_write_time(first / "model" / "manifest.json");
        QVERIFY(workshop.trained(other) != model);
        QCOMPARE(fs::last_write_time(first / "model" / "manifest.json"), written);
    }

    /// A set of pictures is whole or not there.
    void picturesAreWholeOrNotThere() {
        const Place place;
        Workshop workshop = place.workshop();
        const auto broken = [](std::int64_t, const OnPicture& onPicture) {
            onPicture(test::flat(8, 8, 1, 2, 3));
            throw Error(ErrorCode::DiskFull, "full");
        };
        QVERIFY_EXCEPTION_THROWN(workshop.pictures("some", 3, broken), Error);
        int drawn = 0;
        const auto whole = [&](std::int64_t count, const OnPicture& onPicture) {
            for (std::int64_t i = 0; i < count; ++i, ++drawn) onPicture(test::flat(8, 8, 1, 2, 3));
        };
        const fs::path folder = workshop.pictures("some", 3, whole);
        QCOMPARE(filesIn(folder).size(), std::size_t{3});
        QCOMPARE(workshop.pictures("some", 3, whole), folder);
        QCOMPARE(drawn, 3);
    }

    /// As many of each, in whatever order they are named; one alone is itself.
    void setsOfPicturesTogether() {
        const Place place;
        Workshop workshop = place.workshop();
        const auto of = [&](const std::string& name) {
            return workshop.pictures(name, 5, [&](std::int64_t count, const OnPicture& onPicture) {
                for (std::int64_t i = 0; i < count; ++i) onPicture(test::flat(8, 8, 1, 2, 3));
            });
        };
        const fs::path a = of("a"), b = of("b");
        QCOMPARE(workshop.together({a}), a);
        const fs::path both = workshop.together({b, a});
        QCOMPARE(workshop.together({a, b}), both);
        std::vector<std::string> names;
        for (const fs::path& file : filesIn(both)) names.push_back(file.filename().string());
        QCOMPARE(names, (std::vector<std::string>{"a-000000.png", "a-000001.png", "a-000002.png",
                                                  "b-000000.png", "b-000001.png", "b-000002.png"}));
    }

    /// A detector that has seen all generators is one for all of them; one that has not never sees the
    /// tested.
    void detectorsOfTableFive() {
        const Place place;
        const Settings settings("cpu", place.data);
        const auto keysOf = [&](const RowPlan& row, std::size_t from) {
            std::set<std::string> keys;
            for (std::size_t i = from; i < row.trainings.size(); ++i)
                keys.insert(trainingKey(row.trainings[i]));
            return keys;
        };
        std::map<std::string, RowPlan> rows;
        for (const RowPlan& row : find("A.T5").rows(settings)) rows.emplace(row.name, row);
        QCOMPARE(rows.size(), std::size_t{15});
        for (const char* generator : {"LDM", "ADM", "StyleGAN2"}) {
            const auto of = [&](const char* detector) {
                return rows.at(std::string(generator) + ": " + detector);
            };
            QCOMPARE(keysOf(of("seen"), 0), keysOf(rows.at("LDM: seen"), 0));
            const std::string tested = trainingKey(of("seen").trainings.front());
            for (const char* detector : {"unseen", "Wang 2020", "Gragnaniello 2021"}) {
                QCOMPARE(trainingKey(of(detector).trainings.front()), tested);
                QVERIFY(!keysOf(of(detector), 1).contains(tested));
            }
            QCOMPARE(keysOf(of("unseen"), 1).size(), std::size_t{2});
            QVERIFY(of("ours").paper["accuracy"].get<double>() > 0.99);
        }
    }
};

SIGNET_TEST(TestExperiments)
#include "test_experiments.moc"
