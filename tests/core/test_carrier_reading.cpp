// What a key reads of an estimate: codes of pictures shown in many ways, the laws of the p-values, where the
// signature lies, several in one view.
#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>
#include <opencv2/imgproc.hpp>

#include "core/metrics/correlation_tail.h"
#include "core/signature/key_stream.h"
#include "core/signature/signed_regions.h"
#include "tests/core/carrier_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::signature;
using test::kViewSide;
using test::ViewOf;

namespace {

constexpr std::uint32_t kPayload = 0x12345678;

/// How far the sample's distribution lies above the uniform one: Kolmogorov and Smirnov's one-sided distance.
double excess(std::vector<double> p) {
    std::sort(p.begin(), p.end());
    double most = 0;
    for (std::size_t i = 0; i < p.size(); ++i)
        most = std::max(most, static_cast<double>(i + 1) / static_cast<double>(p.size()) - p[i]);
    return most;
}

}  // namespace

class TestCarrierReading : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void views_data() {
        QTest::addColumn<double>("smallest");
        QTest::addColumn<double>("largest");
        QTest::addColumn<double>("stretch");
        QTest::addColumn<double>("degrees");
        QTest::addColumn<double>("perspective");
        QTest::addColumn<double>("amplitude");  // noise has 1; of 0.17, a tenth of the bits are wrong
        QTest::addColumn<int>("leastRight");    // of 12
        const auto add = [](const char* name, double smallest, double largest, double stretch, double degrees,
                            double perspective, double amplitude, int leastRight) {
            QTest::newRow(name) << smallest << largest << stretch << degrees << perspective << amplitude
                                << leastRight;
        };
        add("as it is", 1, 1, 1, 0, 0, 0.17, 12);
        add("cropped", 1, 1.83, 1, 0, 0, 0.17, 11);
        add("on a page", 0.7, 0.95, 1, 0, 0, 0.17, 11);
        add("small on a page", 0.5, 0.52, 1, 0, 0, 0.22, 11);
        add("turned by any angle", 0.8, 1.4, 1, 180, 0, 0.18, 11);
        add("stretched", 1, 1.2, 1.3, 0, 0, 0.18, 11);
        add("stretched and turned", 0.9, 1.2, 1.3, 180, 0, 0.2, 11);
        add("perspective", 1, 1, 1, 0, 0.015, 0.22, 11);
        add("seen aslant", 1, 1, 1, 0, 0.1, 0.22, 8);
        add("turned and seen aslant", 0.9, 1.2, 1, 180, 0.1, 0.22, 8);
        add("weak", 1, 1.4, 1, 0, 0, 0.14, 6);
    }
    /// Anywhere in the picture, mirrored or not, on noise.
    void views() {
        QFETCH(double, smallest);
        QFETCH(double, largest);
        QFETCH(double, stretch);
        QFETCH(double, degrees);
        QFETCH(double, perspective);
        QFETCH(double, amplitude);
        QFETCH(int, leastRight);
        const test::CarrierTile tile(m_band, m_key.patterns.carrier(m_key.code.encode(kPayload)));
        StepRandom random(3, 1, 1);
        int right = 0, present = 0;
        double errors = 0, wrongBits = 0;
        for (int i = 0; i < 12; ++i) {
            const double pitch = smallest * std::pow(largest / smallest, random.uniform());
            const double ratio = std::sqrt(random.chance(0.5) ? stretch : 1 / stretch);
            const double slack = std::max(0.0, 48 - 48 / pitch);
            const FrameMap map = ViewOf{.pitchX = pitch * ratio,
                                        .pitchY = pitch / ratio,
                                        .degrees = random.uniform(-degrees, degrees),
                                        .isMirrored = random.chance(0.5),
                                        .centreX = 48 + random.uniform(-slack, slack),
                                        .centreY = 48 + random.uniform(-slack, slack),
                                        .perspectiveX = random.uniform(-perspective, perspective),
                                        .perspectiveY = random.uniform(-perspective, perspective)}
                                     .map(kViewSide, kViewSide);
            CarrierEstimate view = test::noiseView(kViewSide, kViewSide, 0, random);
            silenceOutside(view, map);
            // What lies on a page is as strong as what fills the view.
            test::addCarrier(view, tile, map, amplitude / std::min(1.0, pitch), {0, 0, kViewSide, kViewSide},
                             kViewSide, kViewSide);
            const CarrierReading reading = readCarrier(FoldedEstimate(view, m_band), m_key);
            present += reading.log10P <= -6;
            QCOMPARE(reading.softBits.size(), std::size_t{128});
            if (!reading.code) continue;
            QCOMPARE(reading.code->payload, kPayload);  // never a wrong one
            QVERIFY(reading.log10PCode <= -6);
            ++right;
            errors += test::mapError(reading.map, map, kViewSide, kViewSide, 32);
            const auto signs = m_key.code.encode(kPayload);
            int wrong = 0;
            for (std::size_t b = 0; b < signs.size(); ++b)
                wrong += reading.softBits[b] * static_cast<float>(signs[b]) < 0;
            QCOMPARE(wrong, reading.code->correctedErrors);
            wrongBits += wrong / 128.0;
        }
        qInfo("of 12: %d right, %d present; %.1f %% of the bits wrong, map off by %.2f chips", right, present,
              100 * wrongBits / std::max(right, 1), errors / std::max(right, 1));
        QVERIFY(right >= leastRight);
        QVERIFY(present >= leastRight);
        QVERIFY(errors / right < 1);
    }

    /// What was neither turned nor cut is read where no search finds it, and nothing is searched where it is
    /// clear.
    void asItIsShown() {
        const test::CarrierTile tile(m_band, m_key.patterns.carrier(m_key.code.encode(kPayload)));
        StepRandom random(8, 1, 1);
        int wrong = 0;
        const auto present = [&](double amplitude, double shift) {
            int found = 0;
            for (int i = 0; i < 12; ++i) {
                CarrierEstimate view = test::noiseView(kViewSide, kViewSide, 0, random);
                test::addCarrier(view, tile, FrameMap{{1, 0, shift, 0, 1, shift, 0, 0, 1}}, amplitude,
                                 {0, 0, kViewSide, kViewSide});
                const CarrierReading reading = readCarrier(FoldedEstimate(view, m_band), m_key);
                found += reading.log10P <= -6;
                wrong += reading.code && reading.code->payload != kPayload;
            }
            return found;
        };
        const int shown = present(0.1, 0), shifted = present(0.1, 7);
        qInfo("weak, of 12: as it is %d, shifted by 7 chips %d", shown, shifted);
        QVERIFY(shown >= shifted + 3);
        QCOMPARE(wrong, 0);

        CarrierEstimate view = test::noiseView(kViewSide, kViewSide, 0, random);
        test::addCarrier(view, tile, FrameMap{}, 0.25, {0, 0, kViewSide, kViewSide});
        const CarrierReading clear = readCarrier(FoldedEstimate(view, m_band), m_key);
        QVERIFY(clear.code && clear.log10P <= -12);
        QCOMPARE(clear.trials, std::int64_t{1});
        QCOMPARE(clear.map.h, FrameMap{}.h);
    }

    void otherViews_data() {
        QTest::addColumn<double>("lowPass");
        QTest::addColumn<double>("otherKey");
        QTest::addColumn<bool>("isGrating");
        QTest::newRow("noise") << 0.0 << 0.0 << false;
        QTest::newRow("coarse noise") << 1.0 << 0.0 << false;
        QTest::newRow("another key's signature") << 0.3 << 0.3 << false;
        QTest::newRow("a grating") << 0.3 << 0.0 << true;
    }
    /// Where this key signed nothing, small p-values are no more frequent than they say, and no code is
    /// named.
    void otherViews() {
        QFETCH(double, lowPass);
        QFETCH(double, otherKey);
        QFETCH(bool, isGrating);
        constexpr int kDraws = 70;
        const CarrierKey signer(m_band, SecretKey::publicDefault());
        const test::CarrierTile tile(m_band, signer.patterns.carrier(signer.code.encode(1)));
        StepRandom random(4, 1, 1);
        std::vector<double> all, sync, energy;
        double seconds = 0;
        for (const SecretKey& key : randomKeys(kDraws, 5)) {
            CarrierEstimate view = test::noiseView(kViewSide, kViewSide, lowPass, random);
            const double pitch = random.uniform(0.8, 1.5);
            if (otherKey > 0)
                test::addCarrier(view, tile,
                                 ViewOf{.pitchX = pitch, .pitchY = pitch}.map(kViewSide, kViewSide), otherKey,
                                 {0, 0, kViewSide, kViewSide});
            for (int i = 0; isGrating && i < kViewSide * kViewSide; ++i)
                view.values[static_cast<std::size_t>(i)] += static_cast<float>(
                    2 * std::sin(i % kViewSide * pitch) + 2 * ((i / kViewSide / 8 + i % kViewSide / 8) % 2));
            const CarrierKey reader(m_band, key);
            const std::clock_t start = std::clock();  // of the processor: other work is none of this
            const CarrierReading reading = readCarrier(FoldedEstimate(view, m_band), reader);
            seconds += static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
            QVERIFY(!reading.code);
            all.push_back(std::pow(10, reading.log10P));
            sync.push_back(std::pow(10, reading.log10PSync));
            energy.push_back(std::pow(10, reading.log10PEnergy));
        }
        qInfo("%.1f ms a view; least p %.2g, sync %.2g, energy %.2g", 1e3 * seconds / kDraws,
              *std::min_element(all.begin(), all.end()), *std::min_element(sync.begin(), sync.end()),
              *std::min_element(energy.begin(), energy.end()));
        const double limit =
            std::sqrt(std::log(1e4) / (2 * kDraws));  // passed by 1 of 10,000 uniform samples
        QVERIFY(excess(all) < limit);
        QVERIFY(excess(sync) < limit);
        QVERIFY(excess(energy) < limit);
        QVERIFY(*std::min_element(all.begin(), all.end()) > 1e-5);
    }

    /// The rank among random keys is the exact p-value that the bound of the law lies above.
    void ranks() {
        StepRandom random(5, 1, 1);
        std::vector<double> ranks;
        const ReadingOptions options{.randomKeys = 24, .seed = 9};
        for (const SecretKey& key : randomKeys(16, 6)) {
            const FoldedEstimate folded(test::noiseView(kViewSide, kViewSide, 0.4, random), m_band);
            const CarrierReading reading = readCarrier(folded, CarrierKey(m_band, key), options);
            const double rank = reading.rankP.value();
            const CarrierKey carrier(m_band, key);
            const double correlation = searchSync(folded, carrier.sync, 1).front().correlation;
            const int dimensions = static_cast<int>(carrier.patterns.dimensions());
            const double bound = std::pow(10, metrics::log10CorrelationTail(correlation, dimensions)) *
                                 static_cast<double>(folded.trials());
            QVERIFY(bound > rank - 3 * std::sqrt(rank * (1 - rank) / 24) - 0.08);
            ranks.push_back(rank);
        }
        QVERIFY(excess(ranks) < std::sqrt(std::log(1e4) / 32));
        std::sort(ranks.begin(), ranks.end());
        QVERIFY(ranks.front() < 0.5 && ranks.back() > 0.5);

        CarrierEstimate view = test::noiseView(kViewSide, kViewSide, 0, random);
        const test::CarrierTile tile(m_band, m_key.patterns.carrier(m_key.code.encode(kPayload)));
        test::addCarrier(view, tile, FrameMap{}, 0.25, {0, 0, kViewSide, kViewSide});
        const CarrierReading reading = readCarrier(FoldedEstimate(view, m_band), m_key, options);
        QCOMPARE(reading.rankP.value(), 1.0 / 25);
        QVERIFY(reading.log10PSync < -2);
        const CarrierReading again = readCarrier(FoldedEstimate(view, m_band), m_key);
        QVERIFY(!again.rankP);
        QCOMPARE(again.log10P, reading.log10P);  // the same every time
        QCOMPARE(again.map.h, reading.map.h);
    }

    void products() {
        QVERIFY(std::abs(log10Product(-1, -1) - std::log10(0.01 * (1 - std::log(0.01)))) < 1e-12);
        QCOMPARE(log10Product(0, 0), 0.0);
        QVERIFY(std::abs(log10Product(-500, -500) - (-1000 + std::log10(1 + 1000 * std::log(10.0)))) < 1e-9);
        QVERIFY(std::isinf(log10Product(-std::numeric_limits<double>::infinity(), -1)));
    }

    void nothing() {
        const CarrierReading reading = readCarrier(
            FoldedEstimate({kViewSide, kViewSide, std::vector<float>(kViewSide * kViewSide, 0)}, m_band),
            m_key);
        QCOMPARE(reading.log10P, 0.0);
        QVERIFY(!reading.code);
        QCOMPARE(reading.trials, std::int64_t{25 * 8 * 64 * 64 + 1});
        QCOMPARE(reading.readings, 17);
    }

    /// Half of the view is signed: there the carrier stands out, elsewhere its correlation is standard
    /// normal.
    void whereItLies() {
        StepRandom random(6, 1, 1);
        CarrierEstimate view = test::noiseView(kViewSide, kViewSide, 0.3, random);
        const auto carrier = m_key.patterns.carrier(m_key.code.encode(kPayload));
        test::addCarrier(view, test::CarrierTile(m_band, carrier), FrameMap{}, 0.4,
                         {0, 0, kViewSide, kViewSide / 2});
        const LocalCorrelation local = localCorrelation(view, FrameMap{}, m_band, carrier);
        QCOMPARE(local.rows, 24);
        QCOMPARE(local.columns, 24);
        double signedSum = 0, sum = 0, squares = 0;
        for (int row = 0; row < 24; ++row) {
            for (int column = 0; column < 24; ++column) {
                const double value = local.deviations[static_cast<std::size_t>(row * 24 + column)];
                if (column < 8) signedSum += value / (24 * 8);
                if (column < 16) continue;
                sum += value / (24 * 8);
                squares += value * value / (24 * 8);
            }
        }
        qInfo("mean %.2f where it lies; elsewhere %.2f, deviation %.2f", signedSum, sum, std::sqrt(squares));
        QVERIFY(signedSum > 4);
        QVERIFY(std::abs(sum) < 1);
        QVERIFY(std::sqrt(squares) > 0.4 && std::sqrt(squares) < 1.6);
        const auto outline = supportOutline(local, view);
        QVERIFY(overlap(outline, {0, 0, kViewSide / 2, kViewSide}, kViewSide, kViewSide) > 0.75);
        QVERIFY(supportOutline({2, 2, {0, 0, 0, 0}}, view).empty());
    }

    void regions_data() {
        QTest::addColumn<QList<QRect>>("places");
        QTest::addColumn<int>("columns");
        QTest::newRow("one that fills the view") << QList<QRect>{{0, 0, 96, 96}} << 96;
        QTest::newRow("one on a page") << QList<QRect>{{20, 16, 60, 64}} << 96;
        QTest::newRow("side by side, tile on tile") << QList<QRect>{{0, 0, 96, 96}, {96, 0, 96, 96}} << 192;
        QTest::newRow("two sizes") << QList<QRect>{{4, 8, 70, 80}, {84, 8, 70, 70}} << 160;
        QTest::newRow("none") << QList<QRect>{} << 96;
    }
    void regions() {
        QFETCH(QList<QRect>, places);
        QFETCH(int, columns);
        StepRandom random(7, 1, 1);
        CarrierEstimate view = test::noiseView(kViewSide, columns, 0.3, random);
        std::vector<std::uint32_t> wanted, found;
        for (const QRect& place : places) {
            wanted.push_back(100 + static_cast<std::uint32_t>(wanted.size()));
            const double pitch = place.height() / 96.0;
            const test::CarrierTile tile(m_band, m_key.patterns.carrier(m_key.code.encode(wanted.back())));
            const FrameMap map{{1 / pitch, 0, -place.x() / pitch, 0, 1 / pitch, -place.y() / pitch, 0, 0, 1}};
            test::addCarrier(view, tile, map, 0.3 / pitch,
                             {place.y(), place.x(), place.height(), place.width()});
        }
        const auto regions = readRegions(view, m_band, m_key);
        QVERIFY(!regions.empty());
        for (const SignedRegion& region : regions) {
            if (!region.reading.code) continue;
            found.push_back(region.reading.code->payload);
            const QRect place = places.at(static_cast<qsizetype>(found.back() - 100));
            const double share = overlap(
                region.outline, {place.x(), place.y(), place.width(), place.height()}, columns, kViewSide);
            qInfo("outline and place overlap by %.2f", share);
            QVERIFY(share > 0.6);
        }
        std::sort(found.begin(), found.end());
        QCOMPARE(found, wanted);
        if (places.isEmpty()) {
            QCOMPARE(regions.size(), std::size_t{1});
            QVERIFY(regions[0].outline.empty());
        }
    }

private:
    /// Beside the picture, on a page, an extractor says little.
    static void silenceOutside(CarrierEstimate& view, const FrameMap& map) {
        for (int i = 0; i < kViewSide * kViewSide; ++i) {
            const int row = i / kViewSide, column = i % kViewSide;
            const ChipPoint at = map.at(column + 0.5, row + 0.5);
            const bool isInside = std::min(at.x, at.y) >= 0 && std::max(at.x, at.y) <= kViewSide;
            if (!isInside) view.values[static_cast<std::size_t>(i)] *= 0.3f;
        }
    }

    /// Area that both have, of the area that either has.
    static double overlap(const std::vector<ChipPoint>& outline, const cv::Rect& place, int columns,
                          int rows) {
        std::vector<cv::Point> corners;
        for (const ChipPoint& corner : outline)
            corners.emplace_back(static_cast<int>(corner.x), static_cast<int>(corner.y));
        if (corners.empty()) return 0;
        cv::Mat inside = cv::Mat::zeros(rows, columns, CV_8U), wanted = inside.clone();
        cv::fillConvexPoly(inside, corners, 1);
        wanted(place).setTo(1);
        return cv::countNonZero(inside & wanted) / static_cast<double>(cv::countNonZero(inside | wanted));
    }

    const PatternBand m_band;
    const CarrierKey m_key{m_band, SecretKey::publicDefault()};
};

SIGNET_TEST(TestCarrierReading)
#include "test_carrier_reading.moc"
