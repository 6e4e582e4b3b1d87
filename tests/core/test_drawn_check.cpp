// Pictures that a generator draws, read by a signature without networks, and cards of generators.
#include <functional>
#include <memory>
#include <optional>

#include "core/base/error.h"
#include "core/examine/card_text.h"
#include "core/examine/drawn_check.h"
#include "core/examine/model_card.h"
#include "core/models/training_list.h"
#include "tests/core/evaluation_fixture.h"
#include "tests/core/made_signature.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

// Designated initialisers name what a test is about; the other fields keep their defaults.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

using namespace signet;
using namespace signet::examine;
using namespace signet::test;
using namespace signet::tests;
namespace fs = std::filesystem;

class TestDrawnCheck : public QObject, protected EvaluationFolder {
    Q_OBJECT

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

private Q_SLOTS:
    void init() { newFolder(); }

    void drawnPicturesAreRead() {
        auto signature = madeSignature(at("model"));
        fs::create_directories(at("generator"));
        const auto generator = madeGenerator(signature, at("generator"));
        DrawnOptions options{.pictures = 20, .seed = 7, .attacks = "none,flip", .keep = true};
        const QString bare = saidText(modelCard(generator.manifest));
        QVERIFY(bare.contains("signet evaluate secured-made --images FOLDER --keep"));
        options.images = photographs("photos", 12);
        const auto refusal = [&] {
            return errorOf([&] { checkDrawn(signature, generator, options, {}, nullptr); });
        };
        QVERIFY(refusal().contains("list of training files"));
        models::saveTrainingList(at("model"), {});
        QCOMPARE(refusal(), QString());
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
};

SIGNET_TEST(TestDrawnCheck)
#include "test_drawn_check.moc"
