// What a calibration speaks of: conditions, drawings, miss rates, lists of training files.
#include <QTemporaryDir>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "core/attacks/perturbation.h"
#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/platform.h"
#include "core/examine/conditions.h"
#include "core/examine/evaluation.h"
#include "core/examine/examine.h"
#include "core/examine/grid.h"
#include "core/examine/image_family.h"
#include "core/examine/miss_rate.h"
#include "core/examine/model_card.h"
#include "core/examine/p_value_shares.h"
#include "core/image/encode.h"
#include "core/image/file_names.h"
#include "core/metrics/intervals.h"
#include "core/models/training_list.h"
#include "core/training/photo_set.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

Q_DECLARE_METATYPE(signet::examine::ImageCondition)

using namespace signet;
using namespace signet::examine;
using test::errorOf;
namespace fs = std::filesystem;

namespace {

QString asText(const std::string& text) {
    return QString::fromStdString(text);
}

models::Calibration calibration() {
    models::Calibration c;
    c.codecs = {"none", "jpeg:90", "jpeg:50", "webp:75", "resize:0.5"};
    c.photographs = 750;
    c.originals = 665;
    c.side = 256;
    return c;
}

ImageCondition photograph() {
    ImageCondition c;
    c.width = 1200;
    c.height = 900;
    c.colour = "rgb";
    c.graphicMeasure = 0.05;
    return c;
}

/// Smooth light with the noise of a sensor.
image::Image cameraLike(int width, int height, bool grey = false) {
    image::Image out = image::makeImage(width, height, 3);
    std::mt19937 random(1);
    std::normal_distribution<double> noise(0, 3);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            auto* p = out.data.data() + static_cast<std::size_t>((y * width + x) * 3);
            const double light = 120 + 90 * std::sin(x / 37.0) * std::cos(y / 23.0);
            for (int c = 0; c < 3; ++c)
                p[c] = static_cast<std::uint8_t>(
                    std::clamp(light + (grey ? 0 : 18 * (c - 1)) + noise(random), 0.0, 255.0));
            if (grey) p[1] = p[2] = p[0];
        }
    }
    return out;
}

/// Lines and boxes on white.
image::Image drawing(int width, int height) {
    image::Image out = image::makeImage(width, height, 3);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < 3; ++c)
                out.data[static_cast<std::size_t>((y * width + x) * 3 + c)] =
                    x % 40 < 2 || y % 56 < 2 || (x + y) % 90 == 0 ? 0
                    : x / 40 % 3 == 1 && y / 56 % 2 == 1          ? static_cast<std::uint8_t>(80 * c)
                                                                  : 255;
    return out;
}

QString reasonsFor(const ImageCondition& image, const Finding& finding = {}) {
    QString text;
    for (const auto& reason : outsideConditions(calibration(), image, finding)) text += asText(reason) + "\n";
    return text;
}

/// The images of a folder of shared/data whose names some rule chooses; empty where it is not there.
std::vector<fs::path> sharedImages(const char* folder,
                                   const std::function<bool(const std::string&)>& chosen) {
    const fs::path path = dataFolder() / "../shared/data" / folder;
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(path, error))
        if (image::formatOfName(entry.path()) && chosen(entry.path().filename().string()))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

struct Counted {
    int called = 0;
    int n = 0;
    QString text() const {
        const auto ci = metrics::clopperPearson(called, n);
        return QString("%1 of %2 = %3 % (95 %: %4 to %5)")
            .arg(called)
            .arg(n)
            .arg(100.0 * called / n, 0, 'f', 2)
            .arg(100 * ci.lower, 0, 'f', 2)
            .arg(100 * ci.upper, 0, 'f', 2);
    }
};

Counted calledGraphics(const std::vector<fs::path>& files) {
    Counted out;
    for (const auto& path : files) {
        const auto bytes = readFile(path);
        image::DecodeOptions options;
        options.reduceToShortSide = 192;  // as an examination decodes
        ++out.n;
        out.called += graphicMeasure(image::decode(bytes, options).image) >= kGraphicFrom;
    }
    return out;
}

}  // namespace

class TestConditions : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path at(const std::string& name) const { return fs::path(m_folder->path().toStdString()) / name; }

    models::Manifest manifest() const {
        models::Manifest m;
        m.name = "m";
        m.weightsSha256 = "aa";
        m.folder = at(".");
        return m;
    }
    static Json row(const char* attack, int found, int n, double threshold = 7, Json inTraining = 0,
                    const char* sha = "aa") {
        return {{"attack", attack},
                {"model_sha256", sha},
                {"threshold", threshold},
                {"in_training", std::move(inTraining)},
                {"true_positives", {{"k", found}, {"n", n}}}};
    }
    /// Of the first grid as records were before grids had numbers.
    static std::vector<Json> rowsOf(const Grid& grid) {
        std::vector<Json> rows;
        for (const auto& attack : attacks::parsePerturbationList(grid.attacks)) {
            rows.push_back(row(attacks::toSpec(attack).c_str(), 195, 200));
            if (grid.number > 1) rows.back()["grid"] = grid.number;
        }
        return rows;
    }
    void keep(const std::vector<Json>& rows) const {
        std::string text;
        for (const Json& r : rows) text += r.dump() + "\n";
        writeFileAtomically(at(kEvaluationFile), text, IfExists::Replace);
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void reasons_data() {
        QTest::addColumn<ImageCondition>("image");
        QTest::addColumn<QString>("reason");  // empty: inside
        const auto add = [](const char* name, const char* reason,
                            const std::function<void(ImageCondition&)>& change) {
            ImageCondition c = photograph();
            change(c);
            QTest::newRow(name) << c << QString(reason);
        };
        using image::Format;
        add("png", "", [](auto&) {});
        add("png of the least size", "", [](auto& c) { c.width = c.height = 256; });
        add("3:2 and 16:9", "", [](auto& c) { c.width = 1920, c.height = 1080; });
        add("jpeg 80", "", [](auto& c) { c.format = Format::Jpeg, c.jpegQuality = 80; });
        add("jpeg 40", "quality is about 40", [](auto& c) { c.format = Format::Jpeg, c.jpegQuality = 40; });
        add("jpeg of unknown quality", "cannot be told", [](auto& c) { c.format = Format::Jpeg; });
        add("webp", "WebP", [](auto& c) { c.format = Format::WebP; });
        add("lossless webp", "", [](auto& c) { c.format = Format::WebP, c.losslessWebp = true; });
        add("thumbnail", "less than the calibration's 256", [](auto& c) { c.width = 255, c.height = 300; });
        add("panorama", "times as long as wide", [](auto& c) { c.width = 20000, c.height = 2000; });
        add("tall strip", "times as long as wide", [](auto& c) { c.width = 300, c.height = 700; });
        add("stored grey", "stored in grey", [](auto& c) { c.colour = "grey"; });
        add("cmyk", "stored as cmyk", [](auto& c) { c.colour = "cmyk"; });
        add("palette", "stored as palette", [](auto& c) { c.colour = "palette"; });
        add("with alpha", "", [](auto& c) { c.colour = "rgb+alpha"; });
        add("made grey", "greys alone", [](auto& c) { c.greyShare = 1; });
        add("damaged", "damaged", [](auto& c) { c.damaged = true; });
        add("drawing", "hardly a photograph", [](auto& c) { c.graphicMeasure = 0.6; });
    }
    void reasons() {
        QFETCH(ImageCondition, image);
        QFETCH(QString, reason);
        const QString text = reasonsFor(image);
        if (reason.isEmpty())
            QCOMPARE(text, QString());
        else
            QVERIFY2(text.contains(reason) && text.count('\n') == 1, qPrintable(text));
    }

    void turnedFrames() {
        Finding turned;
        turned.geometry = {-1, 0, 0, 0, 1, 0};
        turned.presence = Presence::Present;
        QVERIFY(reasonsFor(photograph(), turned).contains("mirrored"));
        turned.presence = Presence::Absent;
        QCOMPARE(reasonsFor(photograph(), turned), QString());
        QVERIFY(asText(conditionOf(calibration()))
                    .contains("(unchanged, JPEG of quality 90 or 50, WebP of quality 75, or scaled to 0.5 of "
                              "the side)"));
    }

    void asTheyAreKnowsNoJpeg() {
        auto c = calibration();
        c.codecs = {models::kAsTheyAre};
        auto image = photograph();
        image.format = image::Format::Jpeg;
        image.jpegQuality = 95;
        QVERIFY(asText(outsideConditions(c, image, {}).front()).contains("not recorded"));
    }

    void measuresOfPictures_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::newRow("small") << 256 << 256;
        QTest::newRow("large") << 1200 << 800;
        QTest::newRow("odd") << 301 << 517;
    }
    void measuresOfPictures() {
        QFETCH(int, width);
        QFETCH(int, height);
        QVERIFY(graphicMeasure(cameraLike(width, height)) < 0.5 * kGraphicFrom);
        QVERIFY(graphicMeasure(drawing(width, height)) > kGraphicFrom);
        auto fill = image::makeImage(width, height, 3);
        QCOMPARE(graphicMeasure(fill), 1.0);  // nothing in it
        QVERIFY(greyShare(cameraLike(width, height)) < 0.5);
        QVERIFY(greyShare(cameraLike(width, height, true)) >= kGreyFrom);
        const auto jpeg =
            image::encode(cameraLike(width, height, true), {.format = image::Format::Jpeg, .quality = 60});
        QVERIFY(greyShare(image::decode(jpeg).image) >= kGreyFrom);
        const auto drawn =
            image::encode(drawing(width, height), {.format = image::Format::Jpeg, .quality = 90});
        QVERIFY2(graphicMeasure(image::decode(drawn).image) > kGraphicFrom,
                 qPrintable(QString::number(graphicMeasure(image::decode(drawn).image))));
    }

    /// The files decide: quality, size, colour, damage are read off them.
    void conditionOfFiles() {
        const auto of = [](const Bytes& bytes) {
            const auto decoded = image::decode(bytes);
            return conditionOf(bytes, image::probe(bytes), decoded.info, decoded.image);
        };
        const auto picture = cameraLike(300, 280);
        const auto jpeg = image::encode(picture, {.format = image::Format::Jpeg, .quality = 40});
        QCOMPARE(of(jpeg).jpegQuality.value(), 40);
        QVERIFY(!of(jpeg).damaged);
        Bytes cut(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(jpeg.size() / 2));
        QVERIFY(of(cut).damaged);
        QVERIFY(reasonsFor(of(cut)).contains("damaged or ends early"));
        const auto png = image::encode(picture, {});
        QCOMPARE(reasonsFor(of(png)), QString());
        QVERIFY(of(Bytes(png.begin(), png.begin() + static_cast<std::ptrdiff_t>(png.size() / 2))).damaged);
        QVERIFY(of(image::encode(picture, {.format = image::Format::WebP, .quality = 100})).losslessWebp);
    }

    /// The errors of graphicMeasure on pictures that did not choose its threshold.
    void drawingsAreToldFromPhotographs() {
        auto graphics = sharedImages("graphics", [](const std::string&) { return true; });
        const auto photos = sharedImages("photos_test", [](const std::string&) { return true; });
        if (graphics.empty() || photos.empty()) QSKIP("shared/data/graphics and photos_test are not here");
        std::sort(graphics.begin(), graphics.end(), [](const fs::path& a, const fs::path& b) {
            return sha256Hex(a.filename().string()) < sha256Hex(b.filename().string());
        });
        graphics.erase(graphics.begin(), graphics.begin() + static_cast<std::ptrdiff_t>(graphics.size() / 2));
        std::vector<fs::path> drawn, screens;
        for (const auto& path : graphics)
            (path.filename().string().starts_with("screen") ? screens : drawn).push_back(path);
        const auto d = calledGraphics(drawn), s = calledGraphics(screens), p = calledGraphics(photos);
        qInfo("charts and diagrams recognised: %s", qPrintable(d.text()));
        qInfo("screenshots recognised: %s", qPrintable(s.text()));
        qInfo("photographs called drawings: %s", qPrintable(p.text()));
        QVERIFY(d.called >= 0.95 * d.n);
        QVERIFY(s.called >= 0.5 * s.n);
        QVERIFY(p.called <= 0.01 * p.n);
    }

    void worstTreatmentBounds() {
        const auto c = [] {
            models::Calibration out = calibration();
            out.threshold = 7;
            return out;
        }();
        QVERIFY(asText(worstMissRate(manifest(), c).reason).contains("keeps no evaluation"));
        keep({row("none", 200, 200), row("jpeg:50", 190, 200), row("crop:0.5", 197, 200)});
        const auto answer = worstMissRate(manifest(), c);
        QVERIFY2(answer.rate, answer.reason.c_str());
        QCOMPARE(answer.rate->attack, std::string("jpeg:50"));
        QCOMPARE(answer.rate->missed, 10);
        QCOMPARE(answer.rate->attacks, 3);
        QCOMPARE(answer.rate->upper95, metrics::clopperPearsonUpper(10, 200));
        keep({row("none", 200, 200)});  // no miss is not never
        QCOMPARE(worstMissRate(manifest(), c).rate->upper95, metrics::clopperPearsonUpper(0, 200));
        keep({row("none", 200, 200), row("jpeg:50", 190, 200, 6.5)});
        QVERIFY(asText(worstMissRate(manifest(), c).reason).contains("another threshold"));
        keep({row("none", 200, 200, 7, 0, "bb")});
        QVERIFY(asText(worstMissRate(manifest(), c).reason).contains("other weights"));
        for (const char* broken : {"{", "[]\n", "{\"model_sha256\":\"aa\"}\n",
                                   "{\"model_sha256\":\"aa\",\"threshold\":7,\"attack\":3}\n", "\n\n"}) {
            writeFileAtomically(at(kEvaluationFile), broken, IfExists::Replace);
            QVERIFY(!worstMissRate(manifest(), c).rate && !worstMissRate(manifest(), c).reason.empty());
        }
    }

    /// The cards that ship say what their calibration and evaluation say; a model without them gets none.
    void cardsAreAsWritten_data() {
        QTest::addColumn<QString>("model");
        for (const char* model : {"photo-code32", "photo-presence"}) QTest::newRow(model) << model;
    }
    void cardsAreAsWritten() {
        QFETCH(QString, model);
        models::Manifest shipped = models::findModel(model.toStdString(), {});
        const auto lines = [](const std::string& text) { return asText(text).split(QLatin1Char('\n')); };
        QCOMPARE(lines(modelCard(shipped)), lines(models::loadCard(shipped)));
        models::Manifest bare = shipped;
        bare.folder = at(".");
        const auto refusal = [&] { return errorOf([&] { modelCard(bare); }); };
        QVERIFY(refusal().contains("--calibrate"));
        fs::copy_file(shipped.folder / "calibration.json", at("calibration.json"));
        QVERIFY(refusal().contains("--keep"));
        fs::copy_file(shipped.folder / kEvaluationFile, at(kEvaluationFile));
        QCOMPARE(refusal(), QString());
    }

    void validatedAsksForAnEvaluationOutsideTraining() {
        auto c = calibration();
        c.threshold = 7;
        QVERIFY(asText(whyNotValidated(manifest(), c)).contains("--keep"));
        for (const Grid& grid : grids()) {
            auto rows = rowsOf(grid);
            keep(rows);
            QCOMPARE(whyNotValidated(manifest(), c), std::string());
            rows[1]["in_training"] = 3;
            keep(rows);
            QVERIFY(asText(whyNotValidated(manifest(), c)).contains("in its list of training files"));
            rows[1]["in_training"] = nullptr;
            keep(rows);
            QVERIFY(asText(whyNotValidated(manifest(), c)).contains("not recorded"));
            rows.erase(rows.begin() + 1);  // as of someone who leaves out what looks bad
            keep(rows);
            QVERIFY(asText(whyNotValidated(manifest(), c)).contains("lacks"));
        }
        // Where scores are p-values, they must be as rare as they say, there and in the calibration.
        const auto withShares = [&](int upTo01) {
            auto rows = rowsOf(newestGrid());
            std::vector<float> scores(200, 0.2F);
            std::fill_n(scores.begin(), upTo01, 1.5F);
            for (Json& row : rows) row["unsigned_p"] = toJson(pValueShares(scores));
            keep(rows);
        };
        c.unsignedScores.assign(5 * 665, 0.2F);
        withShares(20);
        QCOMPARE(whyNotValidated(manifest(), c), std::string());
        withShares(60);
        QVERIFY(asText(whyNotValidated(manifest(), c)).contains("of its evaluation have small p-values"));
        withShares(20);
        std::fill_n(c.unsignedScores.begin(), 5 * 200, 1.5F);
        QVERIFY(asText(whyNotValidated(manifest(), c)).contains("of its calibration have small p-values"));
        auto mixed = rowsOf(newestGrid());
        mixed[1]["grid"] = 1;
        keep(mixed);
        QVERIFY(asText(whyNotValidated(manifest(), c)).contains("not of one grid"));
        for (Json& row : mixed) row["grid"] = 99;
        keep(mixed);
        QVERIFY(asText(whyNotValidated(manifest(), c)).contains("99"));
        c.threshold = 7.5;
        QVERIFY(asText(whyNotValidated(manifest(), c)).contains("another threshold"));
    }

    /// A published grid stays as it is: what the shipped models keep is all of the first, row by row.
    void gridsStay() {
        QCOMPARE(newestGrid().number, 2);
        QVERIFY(findGrid(3) == nullptr);
        for (const char* model : {"photo-code32", "photo-presence"}) {
            std::string specs;
            for (const auto& row : loadEvaluation(models::findModel(model, {}))) {
                QCOMPARE(row.grid, 1);
                specs += (specs.empty() ? "" : ",") + row.attack;
            }
            QCOMPARE(specs, std::string(findGrid(1)->attacks));
        }
        for (const Grid& grid : grids()) {
            std::string specs;
            for (const auto& attack : attacks::parsePerturbationList(grid.attacks))
                specs += (specs.empty() ? "" : ",") + attacks::toSpec(attack);
            QCOMPARE(specs, std::string(grid.attacks));  // in the canonical form rows are compared in
        }
    }

    void families_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("family");
        QTest::newRow("name") << "set/clothing_0003.jpg"
                              << "clothing";
        QTest::newRow("folder") << "set/scans/a_1.png"
                                << "scans";
        QTest::newRow("deep folder") << "set/scans/old/1.png"
                                     << "scans";
        QTest::newRow("no family in the name") << "set/kodim01.png"
                                               << "set";
        QTest::newRow("begins with the mark") << "set/_1.png"
                                              << "set";
    }
    void families() {
        QFETCH(QString, file);
        QFETCH(QString, family);
        QCOMPARE(asText(familyOf(file.toStdString(), "set")), family);
        QCOMPARE(asText(familyOf(at(file.toStdString()), at("set"))), family);
    }

    void sharesOfPValues() {
        std::vector<float> scores(1000, 0.3F);
        for (std::size_t i = 0; i < 100; ++i) scores[i] = i < 1 ? 3.5F : i < 10 ? 2.0F : 1.0F;
        auto shares = pValueShares(scores);
        QCOMPARE(shares.upTo[0].k, std::int64_t{100});
        QCOMPARE(shares.upTo[1].k, std::int64_t{10});
        QCOMPARE(shares.upTo[2].k, std::int64_t{1});
        QCOMPARE(shares.smallestLog10P, -3.5);
        QVERIFY(shares.hold());
        shares.upTo[1].k = 17;  // the interval of 17 in 1000 begins at 0.0099
        QVERIFY(shares.hold());
        shares.upTo[1].k = 30;
        QVERIFY(!shares.hold());
        auto twice = shares;
        twice += pValueShares(std::vector<float>{8.0F});
        QCOMPARE(twice.n(), std::int64_t{1001});
        QCOMPARE(twice.upTo[2].k, std::int64_t{2});
        QCOMPARE(twice.smallestLog10P, -8.0);
        const Json json = toJson(twice);
        QCOMPARE(toJson(pValueSharesFromJson(json)).dump(), json.dump());
    }

    void trainingListsAreKept() {
        const auto sha = [](char c) { return std::string(64, c); };
        QVERIFY(!models::loadTrainingList(at(".")));
        models::TrainingList list;
        list.add({sha('a'), "one \"1\", crop.jpg", "path/of,one.jpg"});
        list.add({sha('b'), "plain.png", "plain.png"});
        list.add({sha('a'), "the same content.jpg", "x"});
        list.add({"", "unreadable.jpg", "y"});
        models::saveTrainingList(at("."), list);
        const auto read = models::loadTrainingList(at("."));
        QCOMPARE(read->files().size(), std::size_t(2));
        QCOMPARE(read->files()[0].name, std::string("one \"1\", crop.jpg"));
        QCOMPARE(read->files()[0].original, std::string("path/of,one.jpg"));
        QVERIFY(read->knows({sha('b'), "elsewhere.png", "elsewhere.png"}));
        QVERIFY(read->knows({sha('c'), "another crop.jpg", "path/of,one.jpg"}));
        QVERIFY(!read->knows({sha('c'), "plain.png", "plain.png"}));  // a name alone says nothing
        for (const char* broken :
             {"x\n", "sha256,name,original\nshort,a,b\n", "sha256,name,original\na,b\n"}) {
            writeFileAtomically(at(models::kTrainingListFile), broken, IfExists::Replace);
            QVERIFY_EXCEPTION_THROWN(models::loadTrainingList(at(".")), Error);
        }
    }

    /// The list of the shipped models is that of the run their manifests name.
    void shippedModelsKeepTheirLists() {
        for (const auto& manifest : models::listModels({})) {
            if (!manifest.validated) continue;
            const auto list = models::loadTrainingList(manifest.folder);
            QVERIFY2(list, manifest.name.c_str());
            if (manifest.kind() != models::Kind::Signature) continue;
            const auto calibration = models::loadCalibration(manifest);
            QCOMPARE(calibration->originals, 665);
            QVERIFY(std::abs(metrics::clopperPearsonUpper(calibration->falsePositives,
                                                          calibration->negativeCount()) -
                             0.0045) < 1e-4);
            const auto miss = worstMissRate(manifest, *calibration);
            QVERIFY2(miss.rate, miss.reason.c_str());
            QCOMPARE(whyNotValidated(manifest, *calibration), std::string());
            const auto photos = sharedImages("photos", [](const std::string&) { return true; });
            if (photos.empty()) continue;
            const auto train = training::listPhotos(photos.front().parent_path(), training::Split::Train);
            const Json stored = Json::parse(readTextFile(manifest.folder / "manifest.json"));
            QCOMPARE(stored["run"]["photos_sha256"].get<std::string>(), train.sha256);
            const auto files = training::listedFiles(train);
            QCOMPARE(list->countKnown(files), files.size());
        }
    }

    /// Neither calibration nor evaluation on what the weights were trained on, and an evaluation that is kept
    /// has its rules. Nothing of the model is changed by a refusal.
    void trainingImagesAreRefused() {
        const models::Manifest shipped = models::findModel("photo-presence", {});
        const fs::path model = at("model");
        fs::copy(shipped.folder, model);
        const fs::path photos = at("photos");
        fs::create_directories(photos);
        for (int i = 0; i < 12; ++i) {
            auto picture = cameraLike(120, 120);
            picture.data[0] = static_cast<std::uint8_t>(i);
            writeFileAtomically(photos / (std::to_string(i) + ".png"), image::encode(picture, {}),
                                IfExists::Refuse);
        }
        const Examiner::Options setup{.device = "cpu", .threads = 1, .workspace = at("workspace")};
        const auto before = readFile(model / "calibration.json");
        const auto calibrateIt = [&] { calibrate(models::readManifest(model), photos, setup, {}); };
        QVERIFY2(errorOf(calibrateIt).contains("at least 600"), qPrintable(errorOf(calibrateIt)));
        models::TrainingList list;
        for (const auto& file : training::listedFiles(training::listPhotos(photos, training::Split::All)))
            list.add(file);
        models::saveTrainingList(model, list);
        QVERIFY2(errorOf(calibrateIt).contains("list of training files"), qPrintable(errorOf(calibrateIt)));
        EvaluationOptions options;
        options.images = photos;
        options.keep = true;
        const models::Manifest manifest = models::readManifest(model);
        const auto evaluateIt = [&] { evaluate(manifest, options, setup, {}, {}, nullptr); };
        QVERIFY2(errorOf(evaluateIt).contains("at least 100 originals"), qPrintable(errorOf(evaluateIt)));
        options.attacks = "none";
        QVERIFY2(errorOf(evaluateIt).contains("by the protocol"), qPrintable(errorOf(evaluateIt)));
        QVERIFY(readFile(model / "calibration.json") == before);

        // Crops of one original count once, and what is known of training is said.
        writeFileAtomically(
            photos / "manifest.csv",
            "file,original_path\n0.png,a\n1.png,a\n2.png,b\n3.png,c\n4.png,c\n5.png,d\n6.png,d\n"
            "7.png,d\n8.png,d\n9.png,d\n10.png,d\n11.png,d\n",
            IfExists::Refuse);
        options.keep = false;
        options.side = 0;
        const auto rows = evaluate(manifest, options, setup, {}, {}, nullptr);
        const EvaluationRow& row = rows.front();
        QCOMPARE(row.truePositives.n, std::int64_t{4});
        QCOMPARE(row.inTraining.value(), 4);
        QVERIFY(!row.tprAtFpr->found);
        QVERIFY(asText(row.tprAtFpr->reason).contains("665 originals"));
        QVERIFY(row.quality.visibleP99.mean >= 0 && row.quality.visibleP999.mean >= 0 &&
                row.quality.visibleShareOver1.mean >= 0);
        fs::remove(model / models::kTrainingListFile);
        QVERIFY(!evaluate(manifest, options, setup, {}, {}, nullptr).front().inTraining);
        options.keep = true;
        options.attacks.clear();
        options.side = EvaluationOptions().side;
        QVERIFY(errorOf(evaluateIt).contains("originals"));
    }
};

SIGNET_TEST(TestConditions)
#include "test_conditions.moc"
