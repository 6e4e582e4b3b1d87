// What evaluations measure, by a signature without networks: the grid, images without a signature, forgery.
#include <cmath>
#include <set>

#include "core/base/error.h"
#include "core/examine/calibration_policy.h"
#include "core/examine/card_sections.h"
#include "core/examine/evaluation.h"
#include "core/examine/evaluation_tally.h"
#include "core/examine/forgery.h"
#include "core/examine/unsigned_check.h"
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

class TestEvaluation : public QObject, protected EvaluationFolder {
    Q_OBJECT

private Q_SLOTS:
    void init() { newFolder(); }

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
        const auto refusal = [&] { return errorOf([&] { checkUnsigned(model, options, 1, {}, nullptr); }); };
        QVERIFY(refusal().contains("no list of its training files"));
        models::saveTrainingList(at("model"), {});
        QCOMPARE(refusal(), QString());
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
