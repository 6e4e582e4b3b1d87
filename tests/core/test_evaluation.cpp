// What evaluations measure, by a signature without networks: the grid, images without a signature, forgery.
#include <QTemporaryDir>

#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <set>
#include <stop_token>

#include "core/attacks/perturbation.h"
#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/examine/calibration_policy.h"
#include "core/examine/card_sections.h"
#include "core/examine/card_text.h"
#include "core/examine/drawn_check.h"
#include "core/examine/evaluation.h"
#include "core/examine/evaluation_tally.h"
#include "core/examine/forgery.h"
#include "core/examine/independent_images.h"
#include "core/examine/model_card.h"
#include "core/examine/removal.h"
#include "core/examine/unsigned_check.h"
#include "core/image/encode.h"
#include "core/metrics/quality.h"
#include "core/models/training_list.h"
#include "tests/core/image_builders.h"
#include "tests/core/made_signature.h"
#include "tests/support/test_program.h"

// Designated initialisers name what a test is about; the other fields keep their defaults.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

using namespace signet;
using namespace signet::examine;
using namespace signet::test;
using namespace signet::tests;
namespace fs = std::filesystem;

namespace {

QString saidText(const std::string& text) {
    return QString::fromStdString(text);
}

/// The i-th of the photographs that the tests are of.
image::Image evaluatedPicture(int i) {
    return makePicture(100, 110, 3, 8, static_cast<unsigned>(i + 1));
}

/// The photograph that a picture was made from, but for one level of one pixel.
image::Image broughtBack(const image::Image& picture, int photographs) {
    image::Image nearest = evaluatedPicture(0);
    for (int i = 1; i < photographs; ++i)
        if (const auto other = evaluatedPicture(i);
            metrics::mse(other, picture) < metrics::mse(nearest, picture))
            nearest = other;
    nearest.data[0] ^= 1;
    return nearest;
}

/// Does the same to every picture.
class MadeAttacker final : public Attacker {
public:
    using Work = std::function<image::Image(const Attacked&)>;

    MadeAttacker(std::string name, Work work, const fs::path& folder = {})
        : m_name(std::move(name)), m_work(std::move(work)) {
        m_model.folder = folder;
    }
    std::string name() const override { return m_name; }
    const models::Manifest& model() const override { return m_model; }
    Json settings() const override {
        return {{"remover", "eraser"},
                {"signature", "made"},
                {"keys", "public"},
                {"generator", "drawer"},
                {"steps", 40}};
    }
    image::Image attack(const Attacked& attacked, const WorkContext& /*context*/) override {
        return m_work(attacked);
    }

private:
    std::string m_name;
    Work m_work;
    models::Manifest m_model;
};

}  // namespace

class TestEvaluation : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path at(const std::string& name) const { return fs::path(m_folder->path().toStdString()) / name; }

    /// So many pictures of 100 x 110 px, half of each name.
    fs::path photographs(const std::string& folder, int count) const {
        fs::create_directories(at(folder));
        for (int i = 0; i < count; ++i)
            writeFileAtomically(at(folder) / ((i % 2 ? "sea_" : "land_") + std::to_string(i) + ".png"),
                                image::encode(evaluatedPicture(i), {}), IfExists::Refuse);
        return at(folder);
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        fs::create_directories(at("model"));
    }

    void rows() {
        auto model = madeSignature(at("model"));
        EvaluationOptions options;
        options.images = photographs("photos", 12);
        options.attacks = "none,flip";  // mirrored, no pixel is where it was
        options.side = 0;
        const auto rows = evaluate(model, options, 1, {}, {}, nullptr);
        QCOMPARE(rows.size(), std::size_t(2));
        QCOMPARE(rows[0].threshold, kKeyedThresholds.present);
        QCOMPARE(rows[0].truePositives.k, std::int64_t{12});
        QCOMPARE(rows[0].exactCodeRate->k, std::int64_t{12});
        QCOMPARE(rows[1].truePositives.k, std::int64_t{0});
        QCOMPARE(rows[1].exactCodeRate->k, std::int64_t{0});
        for (const auto& row : rows) {
            QCOMPARE(row.grid, 0);
            QCOMPARE(row.wrongCodeRate->k, std::int64_t{0});
            QCOMPARE(row.wrongCodeRate->n, std::int64_t{12});
            QCOMPARE(row.unsignedP->n(), std::int64_t{12});
            QCOMPARE(row.families.size(), std::size_t(2));
            QCOMPARE(saidText(row.families[0].family), QString("land"));
            QCOMPARE(row.families[1].truePositives.n, std::int64_t{6});
            QVERIFY(std::abs(row.quality.middleEnergy.mean - 1) < 0.2);
            QVERIFY(row.quality.psnrDb.worst <= row.quality.psnrDb.worst5 &&
                    row.quality.psnrDb.worst5 <= row.quality.psnrDb.mean);
            QCOMPARE(toJson(evaluationRowFromJson(toJson(row))).dump(), toJson(row).dump());
        }
        const auto all = allRows(rows);
        QCOMPARE(all.all.truePositives.k, std::int64_t{12});
        QCOMPARE(all.all.truePositives.n, std::int64_t{24});
        QCOMPARE(all.all.unsignedP->n(), std::int64_t{24});
        QCOMPARE(all.families[0].exactCodeRate->n, std::int64_t{12});
        const QString card = saidText(togetherText(rows));
        QVERIFY(card.contains("0 of 24 treated images of 12 photographs"));
        QVERIFY(card.contains("| land | 12 |"));
        options.grid = 99;
        QVERIFY_EXCEPTION_THROWN(evaluate(model, options, 1, {}, {}, nullptr), Error);
    }

    /// Rows of one's own choice are not kept as a grid.
    void ownAttacksAreNotKept() {
        auto model = madeSignature(at("model"));
        model.calibration = models::Calibration{};
        EvaluationOptions options;
        options.images = photographs("photos", 3);
        options.attacks = newestGrid().attacks;
        options.keep = true;
        QVERIFY_EXCEPTION_THROWN(evaluate(model, options, 1, {}, {}, nullptr), Error);
    }

    /// A code is wrong where it is named: with its check, or with a presence that is reported.
    void wrongCodes_data() {
        QTest::addColumn<QList<int>>("signs");
        QTest::addColumn<bool>("keyed");
        QTest::addColumn<bool>("isChecked");
        QTest::addColumn<double>("score");
        QTest::addColumn<bool>("right");
        QTest::addColumn<bool>("wrong");
        QTest::newRow("right") << QList<int>{1, 1, -1, -1} << true << true << 9.0 << true << false;
        QTest::newRow("wrong") << QList<int>{1, 1, -1, 1} << true << true << 9.0 << false << true;
        QTest::newRow("not readable") << QList<int>{} << true << false << 9.0 << false << false;
        QTest::newRow("without a check, reported")
            << QList<int>{1, 1, 1, -1} << false << false << 9.0 << false << true;
        QTest::newRow("without a check, not reported")
            << QList<int>{1, 1, 1, -1} << false << false << 2.0 << false << false;
    }
    void wrongCodes() {
        QFETCH(QList<int>, signs);
        QFETCH(bool, keyed);
        QFETCH(bool, isChecked);
        QFETCH(double, score);
        QFETCH(bool, right);
        QFETCH(bool, wrong);
        const auto model = madeSignature(at("model"));
        Reading reading;
        reading.scoreLogit = score;
        reading.codeChecked = isChecked;
        if (keyed) reading.keyed = KeyedEvidence{};
        for (const int sign : signs) reading.bitLogits.push_back(static_cast<float>(sign));
        const auto answer = codeAnswer(model, reading, {1, 1, 0, 0});
        QVERIFY(answer.has_value());
        QCOMPARE(answer->right, right);
        QCOMPARE(answer->wrong, wrong);
    }

    void unsignedFamilies() {
        auto model = madeSignature(at("model"));
        const auto folder = photographs("photos", 10);
        photographs("photos/scans", 4);
        const UnsignedOptions options{.folders = {folder}, .made = 6};
        const auto families = checkUnsigned(model, options, 1, {}, nullptr);
        std::set<std::string> names;
        for (const auto& family : families) {
            names.insert(family.set + "/" + family.family);
            QCOMPARE(family.reported.k, std::int64_t{0});
            QVERIFY(family.pValues->hold());
            QVERIFY(family.highestScore < kKeyedThresholds.present);
            QCOMPARE(toJson(unsignedFamilyFromJson(toJson(family))).dump(), toJson(family).dump());
        }
        QCOMPARE(names,
                 (std::set<std::string>{"photos/land", "photos/sea", "photos/scans", "made/flats",
                                        "made/gratings", "made/noise", "made/drawings", "made/scans"}));
        QCOMPARE(togetherOf(families).reported.n, std::int64_t{10 + 4 + 5 * 6});
        QVERIFY_EXCEPTION_THROWN(checkUnsigned(model, {}, 1, {}, nullptr), Error);
        fs::create_directories(at("empty"));
        QVERIFY_EXCEPTION_THROWN(checkUnsigned(model, {.folders = {at("empty")}}, 1, {}, nullptr), Error);
    }

    /// Signed images among the unsigned are counted; signed with other keys they are none.
    void reportedAreCounted() {
        auto model = madeSignature(at("model"));
        fs::create_directories(at("mixed"));
        for (unsigned i = 0; i < 6; ++i) {
            image::Image picture = makePicture(120, 100, 3, 8, i + 1);
            const std::vector<std::uint8_t> code{1, 0, 1, 0};
            if (i < 2)
                picture = image::addResidual(
                    picture, model.injector().residual(picture, {.code = code, .embedding = {}}), 1, 1,
                    nullptr);
            writeFileAtomically(at("mixed") / (std::to_string(i) + ".png"), image::encode(picture, {}),
                                IfExists::Refuse);
        }
        UnsignedOptions options{.folders = {at("mixed")}, .keep = true};
        const auto refusal = [&] {
            try {
                checkUnsigned(model, options, 1, {}, nullptr);
            } catch (const Error& error) {
                return saidText(error.what());
            }
            return QString("kept");
        };
        QVERIFY(refusal().contains("no list of its training files"));
        models::saveTrainingList(at("model"), {});
        QCOMPARE(refusal(), QString("kept"));
        const auto kept = keptRecords(model.manifest, kUnsignedFile);
        QCOMPARE(kept.size(), std::size_t(1));
        const auto family = unsignedFamilyFromJson(kept.front());
        QCOMPARE(saidText(family.family), QString("mixed"));
        QCOMPARE(family.reported.k, std::int64_t{2});
        QCOMPARE(family.reported.n, std::int64_t{6});
        QVERIFY(unsignedText(model.manifest).find("| mixed: mixed | 6 | 2 (") != std::string::npos);
        auto others = model.manifest;
        others.weightsSha256 = "bb";
        QCOMPARE(unsignedText(others), std::string());  // of other weights

        photographs("photos", 8);
        options = {.folders = {at("photos")}, .otherKeys = true};
        for (const auto& of : checkUnsigned(model, options, 1, {}, nullptr))
            QCOMPARE(of.reported.k, std::int64_t{0});
    }

    /// A generator whose first 9 pictures of 10 carry the made signature, and another code than asked for
    /// where the number can be divided by 4.
    static DrawingModel madeGenerator(LoadedModel& signature, const fs::path& folder) {
        DrawingModel generator;
        generator.manifest.name = "secured-made";
        generator.manifest.title = "A generator that was made up";
        generator.manifest.arch = "stylegan2";
        generator.manifest.weightsSha256 = "cc";
        generator.manifest.resolution = 100;
        generator.manifest.parameters = 1234;
        generator.manifest.folder = folder;
        generator.manifest.of = models::GeneratorFields{8, "made", "aa", "a", "plain", "bb"};
        generator.manifest.training = {{"task", "secure"}, {"batch", 16}, {"seed", 3}, {"data", "cats64"}};
        generator.draw = [&signature](std::uint64_t seed, std::uint64_t count, const WorkContext&,
                                      const std::function<void(const image::Image&)>& onPicture) {
            for (std::uint64_t i = 0; i < count; ++i) {
                image::Image picture = makePicture(100, 100, 3, 8, static_cast<unsigned>(seed + i));
                const std::vector<std::uint8_t> code{1, 0, 1, i % 4 == 0};
                if (i % 10 < 9)
                    picture = image::addResidual(
                        picture, signature.injector().residual(picture, {.code = code, .embedding = {}}), 1,
                        1, nullptr);
                onPicture(picture);
            }
        };
        return generator;
    }

    void drawnPicturesAreRead() {
        auto signature = madeSignature(at("model"));
        fs::create_directories(at("generator"));
        const auto generator = madeGenerator(signature, at("generator"));
        DrawnOptions options{.pictures = 20, .seed = 7, .attacks = "none,flip", .keep = true};
        const QString bare = saidText(modelCard(generator.manifest));
        QVERIFY(bare.contains("signet evaluate secured-made --images FOLDER --keep"));
        options.images = photographs("photos", 12);
        const auto refusal = [&] {
            try {
                checkDrawn(signature, generator, options, {}, nullptr);
            } catch (const Error& error) {
                return saidText(error.what());
            }
            return QString("kept");
        };
        QVERIFY(refusal().contains("list of training files"));
        models::saveTrainingList(at("model"), {});
        QCOMPARE(refusal(), QString("kept"));
        const auto rows = checkDrawn(signature, generator, options, {}, nullptr);
        QCOMPARE(rows.size(), std::size_t(2));
        const DrawnRow& row = rows[0];
        QCOMPARE(row.threshold, std::optional(kKeyedThresholds.present));
        QCOMPARE(row.drawn.reported->k, std::int64_t{18});
        QCOMPARE(row.drawn.reported->n, std::int64_t{20});
        QVERIFY(!row.drawn.aboveZero);  // a p-value has no score of 0 to be above
        QCOMPARE(row.exactCodeRate->k, std::int64_t{13});
        QCOMPARE(row.wrongCodeRate->k, std::int64_t{5});  // 0, 4, 8, 12 and 16
        QCOMPARE(row.real->reported->k, std::int64_t{0});
        QCOMPARE(row.real->reported->n, std::int64_t{12});
        QCOMPARE(row.inTraining, std::optional(0));
        QCOMPARE(rows[1].drawn.reported->k, std::int64_t{0});  // mirrored, no pixel is where it was
        for (const DrawnRow& one : rows)
            QCOMPARE(toJson(drawnRowFromJson(toJson(one))).dump(), toJson(one).dump());

        const QString card = saidText(modelCard(generator.manifest));
        for (const char* said :
             {"of the model `made`, weights SHA-256 `aa`", "Code: `a`",
              "| none | 90.00 (68.3–98.8) | 0 (≤ 22.09 %) |",
              "`signet evaluate secured-made --n 20 --seed 7 --attacks none,flip --images FOLDER --keep`",
              "20 pictures that it drew", "12 real pictures reduced to 100 px", "Fine-tuned from `plain`",
              "task `secure`, 16 pictures a step, seed 3, folder `cats64`", "1,234 parameters"})
            QVERIFY2(card.contains(QString::fromUtf8(said)), qPrintable(card));
        auto others = generator.manifest;
        others.weightsSha256 = "dd";
        QVERIFY(!saidText(modelCard(others)).contains("20 pictures"));  // of other weights
    }

    /// Scores that are no p-values count above 0, and at a threshold only where a calibration set one.
    void withoutACalibrationThereIsNoThreshold() {
        class Scores final : public Detector {
        public:
            int inputSide() const override { return 8; }
            int bits() const override { return 1; }
            Reading detect(const image::Image&) override {
                Reading reading;
                reading.scoreLogit = ++m_seen % 4 == 0 ? -1 : m_seen % 4;
                return reading;
            }

        private:
            int m_seen = 0;
        };
        auto signature = madeSignature(at("model"));
        const auto generator = madeGenerator(signature, at("model"));
        auto scoring = madeSignature(at("model"));
        scoring.networks.detector = std::make_unique<Scores>();
        const DrawnOptions options{.pictures = 8};
        auto row = checkDrawn(scoring, generator, options, {}, nullptr).front();
        QVERIFY(!row.threshold && !row.drawn.reported && !row.exactCodeRate && !row.real);
        QCOMPARE(row.drawn.aboveZero->k, std::int64_t{6});
        scoring.calibration = models::Calibration{};
        scoring.calibration->threshold = 2;
        row = checkDrawn(scoring, generator, options, {}, nullptr).front();
        QCOMPARE(row.drawn.reported->k, std::int64_t{4});
        QCOMPARE(row.drawn.aboveZero->k, std::int64_t{6});
        QCOMPARE(toJson(drawnRowFromJson(toJson(row))).dump(), toJson(row).dump());
    }

    /// The signature is the one that the generator names, by its weights.
    void aGeneratorsSignatureIsFound() {
        const fs::path workspace = at("workspace");
        models::Manifest installed;
        installed.name = "made";
        installed.arch = "keyed";
        installed.folder = workspace / "models" / "made";
        installed.setWeights({{{"injector", "detector"}, "weights.safetensors", "aa"}});
        fs::create_directories(installed.folder);
        models::saveManifest(installed);
        models::Manifest generator;
        generator.name = "secured-made";
        generator.of = models::GeneratorFields{8, "made", "aa", "a"};
        QCOMPARE(signatureOf(generator, {}, workspace).weightsSha256, std::string("aa"));
        QCOMPARE(signatureOf(generator, installed.folder.string(), workspace).name, std::string("made"));
        generator.of = models::GeneratorFields{8, "made", "bb", "a"};
        QVERIFY_EXCEPTION_THROWN(signatureOf(generator, {}, workspace), Error);
        generator.of = models::GeneratorFields{8};
        QVERIFY_EXCEPTION_THROWN(signatureOf(generator, {}, workspace), Error);
        QCOMPARE(signatureOf(generator, "made", workspace).name, std::string("made"));
    }

    /// What draws without a signature has a card too, and so has a latent diffusion's first stage.
    void cardsOfPlainGenerators() {
        models::Manifest model;
        model.name = model.title = "cats";
        model.arch = "ldm";
        model.resolution = 64;
        model.folder = at("model");
        model.of = models::GeneratorFields{768};
        model.run = {{"imported_from", "model.ckpt"}, {"sha256", "ee"}};
        QString card = saidText(modelCard(model));
        QVERIFY2(card.startsWith("# cats\n\n## What it is\n"), qPrintable(card));
        QVERIFY(card.contains("pictures of 64 × 64 px, each of 768 random numbers"));
        QVERIFY(card.contains("Imported from `model.ckpt`, SHA-256 `ee`"));
        QVERIFY(!card.contains("## What it signs") && !card.contains("--keep"));
        writeFileAtomically(at("model") / kLimitsFile, "\nDraws cats alone.\n\n", IfExists::Replace);
        model.of = models::AutoencoderFields{4};
        model.run = {};
        card = saidText(modelCard(model));
        QVERIFY(card.contains("1/4 of their side") && card.contains("It is not recorded."));
        QVERIFY2(card.contains("## Limits\n\nDraws cats alone.\n"), qPrintable(card));
        model.of = models::RemoverFields{};
        QVERIFY_EXCEPTION_THROWN(modelCard(model), Error);
    }

    /// The residual of the made signature is the same for all pictures: it is copied by averaging as by
    /// taking one. A register that knows the pictures catches them all.
    void forged_data() {
        QTest::addColumn<bool>("signs");
        QTest::addColumn<bool>("isKept");
        QTest::addColumn<bool>("registered");
        QTest::newRow("nothing is added") << false << false << false;
        QTest::newRow("signed") << true << false << false;
        QTest::newRow("signed, kept, with a register") << true << true << true;
    }
    void forged() {
        QFETCH(bool, signs);
        QFETCH(bool, isKept);
        QFETCH(bool, registered);
        auto model = madeSignature(at("model"), signs ? 3 : 0);
        ForgeryOptions options;
        options.images = photographs("photos", 32);
        options.pairs = {2, 10};
        options.side = 96;
        options.keep = isKept;
        int entered = 0, asked = 0;
        std::vector<std::uint8_t> signedWith;
        if (registered)
            options.copies = {[&](const image::Image& plain, const std::vector<std::uint8_t>& code) {
                                  QVERIFY(model.detector().detect(plain).scoreLogit < model.threshold());
                                  ++entered;
                                  signedWith = code;
                              },
                              [&](const Reading&, const std::vector<std::uint8_t>& code) {
                                  ++asked;
                                  return code == signedWith;
                              }};
        const auto rows = measureForgery(model, options, 1, {}, nullptr);
        QCOMPARE(rows.size(), std::size_t(3));
        QCOMPARE(saidText(rows[0].way), QString("copied"));
        QCOMPARE(rows[0].forgers, 10);
        QCOMPARE(rows[1].forgers, 5);
        QCOMPARE(rows[2].pairs, 10);
        for (const auto& row : rows) {
            QCOMPARE(row.reported.n, std::int64_t{22});
            QCOMPARE(row.reported.k, std::int64_t{signs ? 22 : 0});
            QCOMPARE(row.theirCode->k, row.reported.k);
            QCOMPARE(row.anotherCode->k, std::int64_t{0});
            QCOMPARE(row.asCopy.has_value(), registered);
            QCOMPARE(row.caught().k, std::int64_t{signs && !registered ? 0 : 22});
            if (signs && row.way == "averaged") QVERIFY(std::abs(row.psnrDb.mean - 46) < 0.5);
            QCOMPARE(toJson(forgeryRowFromJson(toJson(row))).dump(), toJson(row).dump());
        }
        QCOMPARE(entered, registered ? 10 : 0);
        QCOMPARE(asked, registered ? 3 * 22 : 0);
        const QString card = saidText(forgeryText(model.manifest));
        QCOMPARE(card.contains("| mean residual of 10 pairs | 22 | 4"), isKept);
        options.pairs = {13};  // leaves 19 to forge
        QVERIFY_EXCEPTION_THROWN(measureForgery(model, options, 1, {}, nullptr), Error);
        options.pairs = {0};
        QVERIFY_EXCEPTION_THROWN(measureForgery(model, options, 1, {}, nullptr), Error);
    }

    void removed_data() {
        QTest::addColumn<QString>("way");
        QTest::addColumn<int>("found");           // of 12, after the attacker
        QTest::addColumn<int>("foundMirrored");   // and after a flip
        QTest::addColumn<double>("leastGainDb");  // of the PSNR to the original
        QTest::addColumn<double>("greatestGainDb");
        QTest::newRow("nothing is taken off") << "nothing" << 12 << 0 << 0.0 << 0.0;
        QTest::newRow("the original is brought back") << "back" << 0 << 0 << 20.0 << 100.0;
        QTest::newRow("the picture is ruined") << "mirror" << 0 << 12 << -60.0 << -5.0;
    }
    /// Each attack without and after the attacker; a signature that is gone shows by the PSNR whether it was
    /// removed or the picture ruined.
    void removed() {
        QFETCH(QString, way);
        QFETCH(int, found);
        QFETCH(int, foundMirrored);
        QFETCH(double, leastGainDb);
        QFETCH(double, greatestGainDb);
        auto model = madeSignature(at("model"));
        EvaluationOptions options;
        options.images = photographs("photos", 12);
        options.attacks = "none,flip";
        options.side = 0;
        options.keep = way == "mirror";
        fs::create_directories(at("eraser"));
        models::TrainingList seen;
        for (const auto& file : training::listedFiles(independentImages(options.images, 5))) seen.add(file);
        models::saveTrainingList(at("eraser"), seen);
        const auto work = [&](const Attacked& attacked) {
            const image::Image& picture = attacked.picture;
            if (way == "back") return broughtBack(picture, 12);
            return way == "mirror" ? attacks::apply(picture, attacks::parsePerturbation("flip"), 1) : picture;
        };
        std::vector<std::unique_ptr<Attacker>> attackers;
        attackers.push_back(std::make_unique<MadeAttacker>("remover", work, at("eraser")));
        const auto rows = measureRemoval(model, attackers, options, 1, {}, nullptr);
        QCOMPARE(rows.size(), std::size_t(4));
        const std::array<std::int64_t, 4> wanted{12, found, 0, foundMirrored};
        const std::array<const char*, 4> names{"none", "remover", "flip", "remover+flip"};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const RemovalRow& row = rows[i];
            QCOMPARE(saidText(row.attack), QString(names[i]));
            QCOMPARE(row.truePositives.k, wanted[i]);
            QCOMPARE(row.truePositives.n, std::int64_t{12});
            QCOMPARE(row.falsePositives.k, std::int64_t{0});
            QCOMPARE(row.exactCodeRate->k, row.truePositives.k);
            QVERIFY(!row.inTraining);
            QCOMPARE(row.removal.has_value(), i % 2 == 1);
            QCOMPARE(toJson(removalRowFromJson(toJson(row))).dump(), toJson(row).dump());
        }
        QCOMPARE(*rows[1].removal->inTraining, 5);
        QCOMPARE(std::isnan(rows[1].removal->psnrToSignedDb.mean), way == "nothing");  // nothing differs
        const double gain = rows[1].quality.psnrDb.mean - rows[0].quality.psnrDb.mean;
        QVERIFY2(gain >= leastGainDb && gain <= greatestGainDb, qPrintable(QString::number(gain)));
        const QString card = saidText(removalText(model.manifest));
        QCOMPARE(card.contains("| remover+flip | 12 |"), options.keep);
        QCOMPARE(card.contains("the public key"), options.keep);
    }

    /// Every attacker is shown the signed and the unsigned pictures, with the code and the same seed.
    void severalAttackers() {
        auto model = madeSignature(at("model"));
        EvaluationOptions options;
        options.images = photographs("photos", 3);
        options.attacks = "none";
        options.side = 0;
        options.keep = true;
        std::vector<std::uint64_t> seeds;
        std::vector<std::size_t> bits;
        std::vector<std::unique_ptr<Attacker>> attackers;
        attackers.push_back(std::make_unique<MadeAttacker>("regenerate:40", [&](const Attacked& attacked) {
            seeds.push_back(attacked.seed);
            bits.push_back(attacked.code.size());
            return attacked.picture;
        }));
        attackers.push_back(std::make_unique<MadeAttacker>(
            "remover", [](const Attacked& attacked) { return broughtBack(attacked.picture, 3); }));
        const auto rows = measureRemoval(model, attackers, options, 1, {}, nullptr);
        QCOMPARE(rows.size(), std::size_t(3));
        const std::array<const char*, 3> names{"none", "regenerate:40", "remover"};
        const std::array<std::int64_t, 3> found{3, 3, 0};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QCOMPARE(saidText(rows[i].attack), QString(names[i]));
            QCOMPARE(rows[i].truePositives.k, found[i]);
        }
        QVERIFY(seeds == (std::vector<std::uint64_t>{1, 1, 2, 2, 3, 3}));
        QVERIFY(bits == std::vector<std::size_t>(6, MadePatterns::kBits));
        QVERIFY(rows[2].removal->psnrToUnsignedDb.mean > 60);  // one level of one pixel
        QVERIFY(rows[2].removal->secondsPerPicture > 0);
        const QString card = saidText(removalText(model.manifest));
        for (const char* said :
             {"| regenerate:40 | 3 |", "| remover | 3 |", "--remover eraser",
              "drawn anew by drawer from noise", "learned to take the signature of made off"})
            QVERIFY2(card.contains(said), said);

        // Records of before there were other attackers.
        Json before = toJson(rows[2]);
        for (const char* later : {"attacker", "psnr_to_unsigned_db", "seconds_per_picture"})
            before["removal"].erase(later);
        const RemovalRow read = removalRowFromJson(before);
        QCOMPARE(saidText(read.removal->attacker), QString("remover"));
        QVERIFY(read.removal->settings == rows[2].removal->settings);
        QCOMPARE(read.removal->psnrToUnsignedDb.n, 0);
    }

    void removalIsRefusedOrStopped() {
        auto model = madeSignature(at("model"));
        EvaluationOptions options;
        options.images = photographs("photos", 2);
        std::stop_source stop;
        std::vector<std::unique_ptr<Attacker>> attackers;
        attackers.push_back(std::make_unique<MadeAttacker>("remover", [&](const Attacked& attacked) {
            stop.request_stop();
            return attacked.picture;
        }));
        const auto refusal = [&] {
            try {
                measureRemoval(model, attackers, options, 1, {stop.get_token(), {}}, nullptr);
            } catch (const Error& error) {
                return error.code();
            }
            return ErrorCode::Internal;
        };
        QVERIFY(refusal() == ErrorCode::Cancelled);
        options.fpr = 1;
        QVERIFY(refusal() == ErrorCode::BadOption);
    }

    void pValuesKeepTheirThresholds() {
        models::Calibration c;
        c.unsignedScores = {0.1F, 0.2F, 9.0F};
        setThresholds(c, kKeyedThresholds);
        QCOMPARE(c.threshold, 6.0);
        QCOMPARE(c.balancedThreshold, 6.0);
        QCOMPARE(c.lowerThreshold, 3.0);
    }
};

SIGNET_TEST(TestEvaluation)
#include "test_evaluation.moc"
