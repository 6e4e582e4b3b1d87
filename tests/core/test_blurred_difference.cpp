// CIEDE2000 after one Gaussian, and where the energy of a difference lies.

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/metrics/blurred_difference.h"
#include "core/metrics/measured.h"
#include "support/pictures.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::metrics;
using namespace signet::test;

namespace {

/// One level's wave of this length in red.
image::Image withWave(image::Image image, double wavelength, double amplitude) {
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x) {
            auto& red = image.data[static_cast<std::size_t>((y * image.width + x) * 3)];
            red = static_cast<std::uint8_t>(
                std::clamp(std::lround(red + amplitude * std::sin(2 * M_PI * x / wavelength)), 0L, 255L));
        }
    return image;
}

Lab labOfGrey(int level) {
    const double light = linearLight(level);
    return labOfXyz({0.9505 * light, light, 1.089 * light});
}

}  // namespace

class TestBlurredDifference : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Nothing is blurred in flat colours: the plain CIEDE2000 of the two.
    void flatColours() {
        const auto seen = blurredDifference(flat(40, 30, 100, 100, 100), flat(40, 30, 110, 110, 110));
        const double expected = ciede2000(labOfGrey(100), labOfGrey(110));
        QVERIFY2(std::abs(seen.p99 - expected) < 1e-3, qPrintable(QString::number(seen.p99)));
        QVERIFY(std::abs(seen.p999 - expected) < 1e-3);
        QCOMPARE(seen.shareOver1, 1.0);
        QCOMPARE(blurredDifference(flat(9, 9, 1, 2, 3), flat(9, 9, 1, 2, 3)).p999, 0.0);
    }

    /// In proportion to the longer side: a wave of the same share of it is as visible at any size, and 3 px
    /// at 768 hide what is finer.
    void inProportion() {
        const auto p99 = [](int side, double share) {
            const auto plain = flat(side, side / 2, 128, 128, 128);
            return blurredDifference(plain, withWave(plain, side * share, 12)).p99;
        };
        const double at256 = p99(256, 0.1);
        QVERIFY2(std::abs(p99(768, 0.1) - at256) < 0.05 * at256, qPrintable(QString::number(at256)));
        QVERIFY(std::abs(p99(3000, 0.1) - at256) < 0.05 * at256);  // by way of a reduced picture
        QVERIFY(at256 > 1);
        // exp(-2 (pi sigma / wavelength)^2) of a wave of 8 px at 768 is 6 % of it; CIEDE2000 grows slower
        // than the difference of colours.
        const double fine = p99(768, 8.0 / 768);
        QVERIFY2(fine < 0.16 * at256, qPrintable(QString::number(fine / at256)));
    }

    void turnedPicturesAreSeenAlike() {
        const auto wide = flat(96, 64, 90, 120, 150), high = flat(64, 96, 90, 120, 150);
        auto wideOther = wide, highOther = high;
        for (int y = 0; y < 64; ++y)
            for (int x = 0; x < 96; ++x) {
                const auto level = static_cast<std::uint8_t>(90 + 20 * (x / 12 % 2));
                wideOther.data[static_cast<std::size_t>((y * 96 + x) * 3)] = level;
                highOther.data[static_cast<std::size_t>((x * 64 + y) * 3)] = level;
            }
        QVERIFY(std::abs(blurredDifference(wide, wideOther).p99 - blurredDifference(high, highOther).p99) <
                1e-4);
    }

    void energyInTheMiddle() {
        const auto plain = flat(64, 48, 128, 128, 128);
        const auto even = flat(64, 48, 131, 126, 128);
        QVERIFY(std::abs(middleEnergy(plain, even) - 1) < 1e-9);
        auto inMiddle = plain, outside = plain;
        for (int y = 0; y < 48; ++y)
            for (int x = 0; x < 64; ++x) {
                const bool middle = x >= 16 && x < 48 && y >= 12 && y < 36;
                (middle ? inMiddle : outside).data[static_cast<std::size_t>((y * 64 + x) * 3)] = 140;
            }
        QVERIFY(std::abs(middleEnergy(plain, inMiddle) - 4) < 1e-9);
        QCOMPARE(middleEnergy(plain, outside), 0.0);
        QVERIFY(std::isnan(middleEnergy(plain, plain)));
    }

    void sizesMustAgree() {
        QVERIFY_EXCEPTION_THROWN(blurredDifference(flat(4, 4, 0, 0, 0), flat(4, 5, 0, 0, 0)), Error);
        QVERIFY_EXCEPTION_THROWN(middleEnergy({}, {}), Error);
    }

    void spreads_data() {
        QTest::addColumn<bool>("higher");
        QTest::addColumn<double>("worst");
        QTest::addColumn<double>("worst5");
        QTest::newRow("more is better") << true << 1.0 << 2.0;
        QTest::newRow("less is better") << false << 40.0 << 39.0;
    }
    void spreads() {
        QFETCH(bool, higher);
        QFETCH(double, worst);
        QFETCH(double, worst5);
        std::vector<double> values{INFINITY};
        for (int i = 40; i >= 1; --i) values.push_back(i);
        const Spread spread = spreadOf(values, higher ? Better::Higher : Better::Lower, {0, 100});
        QCOMPARE(spread.mean, 20.5);
        QCOMPARE(spread.worst, worst);
        QCOMPARE(spread.worst5, worst5);
        const Json json = toJson(spread);
        QCOMPARE(toJson(spreadFromJson(json)).dump(), json.dump());
        // As records were before.
        const Spread older = spreadFromJson(toJson(static_cast<const MeanCi95&>(spread)));
        QVERIFY(std::isnan(older.worst) && older.mean == 20.5);
        QVERIFY(!toJson(older).contains("worst"));
    }
};

SIGNET_TEST(TestBlurredDifference)
#include "test_blurred_difference.moc"
