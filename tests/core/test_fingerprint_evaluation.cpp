// What is measured of a fingerprinting model: its own pictures, always the same ones for a seed, and images
// of elsewhere, whatever is read off them.
#include <QTemporaryDir>

#include "core/base/error.h"
#include "core/fingerprint/fingerprint_card.h"
#include "core/fingerprint/fingerprint_evaluation.h"
#include "core/metrics/binomial.h"
#include "core/models/model_store.h"
#include "tests/core/small_fingerprint_model.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::fingerprint;

class TestFingerprintEvaluation : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ownPictures() {
        const QTemporaryDir folder;
        FingerprintModel model(test::smallFingerprintModel(folder.filePath("m").toStdString()), "cpu", 1);
        const BitTally one = readBack(model, 40, 7, {}), again = readBack(model, 40, 7, {});
        QCOMPARE(one.pictures(), std::int64_t{40});
        QCOMPARE(one.bitsRight(), again.bitsRight());
        QVERIFY(one.bitsRight() != readBack(model, 40, 8, {}).bitsRight());
        // Random networks read by chance, and the interval knows it.
        QVERIFY(one.interval().lower < 0.6 && one.interval().upper > 0.4);
        QVERIFY(one.interval().lower < one.accuracy() && one.accuracy() < one.interval().upper);
        QVERIFY(one.fewestRight() < model.bits() / 2 && one.wholeCodes() == 0);
        QCOMPARE(one.accuracy(), static_cast<double>(one.bitsRight()) / (40.0 * model.bits()));
        QVERIFY_EXCEPTION_THROWN(readBack(model, 1, 7, {}), Error);
    }

    /// Off every image the same is read: as biased as can be, and the p-values are as they should be.
    void nullDoesNotRestOnTheImages() {
        std::vector<float> logits(64, -1);
        for (std::size_t i = 0; i < 20; ++i) logits[i] = 1;
        NullMeasure null(64, 100, 3);
        for (int i = 0; i < 3000; ++i) null.add(logits);
        const Json report = null.report();
        QCOMPARE(report["bits_alike_of_two_images"].get<double>(), 1.0);
        QCOMPARE(report["ones_share"].get<double>(), 20.0 / 64);
        // The best of 100 codes is a whole number of bits: what chance it has to be so rare is known.
        for (const Json& level : report["p_at_most"]) {
            const auto needed = metrics::matchThreshold(64, level["p"].get<double>(), 100);
            const double chance =
                std::pow(10, metrics::correctedLog10P(metrics::log10BinomialTail(64, *needed), 100));
            QVERIFY2(level["lower95"].get<double>() <= chance * 1.05 &&
                         chance <= level["upper95"].get<double>() * 1.05,
                     level.dump().c_str());
        }
        QVERIFY(NullMeasure(64, 100, 3).report()["images"] == 0);
    }

    void keptAndTold() {
        const QTemporaryDir folder;
        models::Manifest manifest = test::smallFingerprintModel(folder.filePath("m").toStdString());
        QVERIFY_EXCEPTION_THROWN(fingerprintCard(manifest), Error);
        const Json own = {{"pictures", 1000},
                          {"bits", 12},
                          {"bit_accuracy", 0.9912},
                          {"bit_accuracy_lower95", 0.99},
                          {"bit_accuracy_upper95", 0.9924},
                          {"whole_codes", 900},
                          {"whole_codes_lower95", 0.88},
                          {"whole_codes_upper95", 0.92},
                          {"fewest_bits_right", 9}};
        NullMeasure null(12, 10, 1);
        std::vector<float> logits(12, 1);
        for (int i = 0; i < 10; ++i) null.add(logits);
        keepEvaluation(manifest, {{"read_back", own}, {"null", null.report()}});
        QVERIFY(!manifest.validated);  // ten images are not enough
        const std::string card = fingerprintCard(manifest);
        QVERIFY2(card.find("99.12 % of the bits are read right") != std::string::npos, card.c_str());
        Json enough = null.report();
        enough["images"] = 3000;
        keepEvaluation(manifest, {{"read_back", own}, {"null", enough}});
        QVERIFY(models::readManifest(manifest.folder).validated);
    }
};

SIGNET_TEST(TestFingerprintEvaluation)
#include "test_fingerprint_evaluation.moc"
