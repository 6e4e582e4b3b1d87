// Geometry without a key: maps, folding, the lattice along which an estimate repeats, and the search for the
// pattern that synchronises.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "core/base/error.h"
#include "core/signature/evened_estimate.h"
#include "core/signature/sync_refinement.h"
#include "tests/core/carrier_builders.h"
#include "tests/core/counting_key.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::signature;
using test::kViewSide;
using test::ViewOf;
using tests::isRefused;

namespace {

constexpr double kPi = std::numbers::pi;

/// The least distance between a lattice's edges and a map's, over quarter turns and mirrors, in tile sizes.
double latticeError(const CarrierLattice& lattice, const FrameMap& map, int tile) {
    const FrameMap back = map.inverse();
    const ChipPoint origin = back.at(0, 0), right = back.at(tile, 0), down = back.at(0, tile);
    const std::array wanted{ChipPoint{right.x - origin.x, right.y - origin.y},
                            ChipPoint{down.x - origin.x, down.y - origin.y}};
    const double size = std::hypot(wanted[0].x, wanted[0].y);
    double least = 1e9;
    for (const bool isMirrored : {false, true}) {
        ChipPoint a{lattice.ax, lattice.ay}, b{lattice.bx, lattice.by};
        if (isMirrored) std::swap(a, b);
        for (int turn = 0; turn < 4; ++turn) {
            least = std::min(least, std::max(std::hypot(a.x - wanted[0].x, a.y - wanted[0].y),
                                             std::hypot(b.x - wanted[1].x, b.y - wanted[1].y)));
            const ChipPoint before = a;
            a = b;
            b = {-before.x, -before.y};
        }
    }
    return least / size;
}

}  // namespace

class TestCarrierLattice : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mapsAndTheirInverses() {
        const FrameMap map =
            ViewOf{.pitchX = 1.3, .pitchY = 0.8, .degrees = 33, .isMirrored = true, .perspectiveX = 0.1}.map(
                kViewSide, kViewSide);
        const ChipPoint there = map.at(20, 70), back = map.inverse().at(there.x, there.y);
        QVERIFY(std::hypot(back.x - 20, back.y - 70) < 1e-9);
        const ChipPoint twice = map.after(map.inverse()).at(5, 6);
        QVERIFY(std::hypot(twice.x - 5, twice.y - 6) < 1e-9);
        QVERIFY(!map.isAffine());
        QVERIFY(isRefused([] { (void)FrameMap{{1, 1, 0, 1, 1, 0, 0, 0, 1}}.inverse(); }));
    }

    void folding_data() {
        QTest::addColumn<int>("perChip");
        QTest::addColumn<double>("x");
        QTest::addColumn<double>("y");
        QTest::newRow("between four chips") << 1 << 2.25 << 3.5;
        QTest::newRow("over the border") << 1 << 31.75 << 31.5;
        QTest::newRow("tiles away") << 1 << 32 * 5 + 2.25 << -32 * 3 + 3.5;
        QTest::newRow("two places a chip") << 2 << 2.125 << 3.25;
    }
    /// One chip that is 1, laid on place (x, y) counted from the first chip's centre.
    void folding() {
        QFETCH(int, perChip);
        QFETCH(double, x);
        QFETCH(double, y);
        CarrierEstimate view{16, 16, std::vector<float>(256, 0)};
        view.values[0] = 1;
        const FrameMap map{{1, 0, x, 0, 1, y, 0, 0, 1}};
        const int side = 32 * perChip;
        std::vector<float> tile(static_cast<std::size_t>(side * side), 7);
        foldTile(view, {0, 0, 16, 16}, map, 32, perChip, tile);
        double sum = 0;
        for (int row = 0; row < side; ++row) {
            for (int column = 0; column < side; ++column) {
                const auto share = [&](double place, int at) {
                    const double apart = std::abs(std::remainder(place * perChip - at, side));
                    return std::max(0.0, 1 - apart);
                };
                const double value = tile[static_cast<std::size_t>(row * side + column)];
                QVERIFY(std::abs(value - share(x, column) * share(y, row)) < 0.002);
                sum += value;
            }
        }
        QVERIFY(std::abs(sum - 1) < 1e-5);
        foldTile(view, {4, 4, 8, 8}, map, 32, perChip, tile);  // the chip is not in this part
        QVERIFY(std::all_of(tile.begin(), tile.end(), [](float value) { return value == 0; }));
    }

    /// The spectrum of a folded view is what PatternBand says of the sum of its tiles.
    void spectra() {
        StepRandom random(1, 1, 3);
        const FoldedEstimate folded(test::noiseView(kViewSide, 2 * kViewSide, 0, random), m_band);
        const CarrierEstimate& view = folded.estimate();
        std::vector<float> sum(m_band.chips(), 0);
        for (int row = 0; row < view.rows; ++row)
            for (int column = 0; column < view.columns; ++column)
                sum[static_cast<std::size_t>(row % 32 * 32 + column % 32)] +=
                    view.values[static_cast<std::size_t>(row * view.columns + column)];
        const BandSpectrum wanted = spectrumOf(m_band.project(sum));
        double squares = 0;
        for (const auto& value : wanted) squares += std::norm(value);
        const BandSpectrum tile = folded.spectrumUnder(FrameMap{});
        QCOMPARE(tile.size(), wanted.size());
        for (std::size_t m = 0; m < tile.size(); ++m)
            QVERIFY(std::abs(tile[m] - wanted[m] / static_cast<float>(std::sqrt(squares))) < 1e-4);
    }

    void limits() {
        CarrierEstimate view{16, 16, std::vector<float>(256, 1)};
        view.values[7] = -1000;
        const CarrierEstimate after = limited(view, 5);
        const double root = std::sqrt((255 + 1e6) / 256);
        QVERIFY(std::abs(after.values[7] + 5 * root) < 1e-2);
        QCOMPARE(after.values[8], 1.0f);
    }

    /// A grating does not stand out of noise any more; what was weak is weaker still.
    void evens() {
        constexpr int kHalf = kViewSide / 2;
        StepRandom random(1, 1, 4);
        CarrierEstimate view = test::noiseView(kViewSide, kViewSide, 0, random);
        const auto wave = [](int column) { return static_cast<float>(std::cos(column * 0.25 * kPi)); };
        for (int i = 0; i < kViewSide * kViewSide; ++i) {
            float& value = view.values[static_cast<std::size_t>(i)];
            value += 2 * wave(i % kViewSide);
            if (i / kViewSide >= kHalf) value *= 0.5f;
        }
        /// The grating's share of the power of the upper half; root mean square of the lower by the upper.
        const auto measured = [&](const CarrierEstimate& of) {
            double product = 0;
            std::array<double, 2> squares{};
            for (int i = 0; i < kViewSide * kViewSide; ++i) {
                const double value = of.values[static_cast<std::size_t>(i)];
                const bool isUpper = i / kViewSide < kHalf;
                squares[isUpper ? 0 : 1] += value * value;
                if (isUpper) product += value * wave(i % kViewSide);
            }
            return std::pair(2 * product * product / (kViewSide * kHalf * squares[0]),
                             std::sqrt(squares[1] / squares[0]));
        };
        const auto before = measured(view), after = measured(evened(view));
        qInfo("grating %.2f, then %.2f of the power; weak half %.2f, then %.2f", before.first, after.first,
              before.second, after.second);
        QVERIFY(before.first > 0.6 && after.first < 0.35);
        QVERIFY(after.second < 0.75 * before.second);
        const CarrierEstimate nothing{16, 20, std::vector<float>(320, 0)};
        QCOMPARE(evened(nothing).values, nothing.values);
    }

    void lattices_data() {
        QTest::addColumn<double>("pitch");
        QTest::addColumn<double>("stretch");
        QTest::addColumn<double>("degrees");
        QTest::addColumn<bool>("isMirrored");
        QTest::newRow("as it is") << 1.0 << 1.0 << 0.0 << false;
        QTest::newRow("half as large") << 0.52 << 1.0 << 0.0 << false;
        QTest::newRow("twice as large") << 2.0 << 1.0 << 0.0 << false;
        QTest::newRow("turned") << 0.9 << 1.0 << 37.3 << false;
        QTest::newRow("turned and mirrored") << 1.2 << 1.0 << 111.0 << true;
        QTest::newRow("stretched") << 1.05 << 1.3 << 0.0 << false;
        QTest::newRow("turned and stretched") << 1.1 << 0.77 << 24.0 << true;
    }
    /// Where the noise is 3.5 times as strong as the carrier, the lattice is among the first few.
    void lattices() {
        QFETCH(double, pitch);
        QFETCH(double, stretch);
        QFETCH(double, degrees);
        QFETCH(bool, isMirrored);
        const FrameMap map = ViewOf{.pitchX = pitch * std::sqrt(stretch),
                                    .pitchY = pitch / std::sqrt(stretch),
                                    .degrees = degrees,
                                    .isMirrored = isMirrored}
                                 .map(kViewSide, kViewSide);
        StepRandom random(1, 2, 3);
        CarrierEstimate view = test::noiseView(kViewSide, kViewSide, 0, random);
        const CarrierKey key(m_band, SecretKey::publicDefault());
        const test::CarrierTile tile(m_band, key.patterns.carrier(key.code.encode(5)));
        test::addCarrier(view, tile, map, 0.28, {0, 0, kViewSide, kViewSide});
        const auto found = findLattices(view, m_band);
        QCOMPARE(found.size(), std::size_t{25});
        double least = 1e9;
        for (std::size_t i = 0; i < 4; ++i) least = std::min(least, latticeError(found[i], map, 32));
        qInfo("strength %.1f, error %.4f", found[0].strength, least);
        QVERIFY(least < 0.025);
        QCOMPARE(found.back().ax, 32.0);  // the identity
        QCOMPARE(found.back().bx, 0.0);
    }

    /// Chance: strengths are standard normal, so that the best of some ten thousand is 4 to 5.
    void latticesOfNoise() {
        StepRandom random(1, 2, 4);
        double sum = 0;
        for (int i = 0; i < 10; ++i)
            sum += findLattices(test::noiseView(kViewSide, kViewSide, 0.5, random), m_band)[0].strength;
        qInfo("mean strength of the first lattice of noise %.2f", sum / 10);
        QVERIFY(sum / 10 > 3 && sum / 10 < 5.5);
    }

    void search_data() {
        QTest::addColumn<double>("pitch");
        QTest::addColumn<double>("degrees");
        QTest::addColumn<bool>("isMirrored");
        QTest::addColumn<double>("perspective");
        int row = 0;
        for (const double degrees : {0.0, 90.0, 180.0, 270.0, 10.0})
            for (const bool isMirrored : {false, true})
                QTest::addRow("%g degrees%s", degrees, isMirrored ? ", mirrored" : "")
                    << 1.0 + 0.07 * row++ << degrees << isMirrored << 0.0;
        QTest::newRow("perspective") << 1.0 << 0.0 << false << 0.015;
    }
    /// The pattern is found where it lies, and refined to within half a chip.
    void search() {
        QFETCH(double, pitch);
        QFETCH(double, degrees);
        QFETCH(bool, isMirrored);
        QFETCH(double, perspective);
        const FrameMap map = ViewOf{.pitchX = pitch,
                                    .pitchY = pitch,
                                    .degrees = degrees,
                                    .isMirrored = isMirrored,
                                    .centreX = 41.3,
                                    .centreY = 55.8,
                                    .perspectiveX = perspective,
                                    .perspectiveY = -perspective}
                                 .map(kViewSide, kViewSide);
        StepRandom random(2, 2, 3);
        CarrierEstimate view = test::noiseView(kViewSide, kViewSide, 0, random);
        const CarrierKey key(m_band, SecretKey::publicDefault());
        const test::CarrierTile tile(m_band, key.patterns.carrier(key.code.encode(6)));
        test::addCarrier(view, tile, map, 0.35, {0, 0, kViewSide, kViewSide});
        const FoldedEstimate folded(view, m_band);
        const auto hits = searchSync(folded, key.sync, 8);
        QCOMPARE(hits.size(), std::size_t{8});
        QVERIFY(std::is_sorted(hits.begin(), hits.end(), [](const SyncHit& a, const SyncHit& b) {
            return a.correlation > b.correlation;
        }));
        QVERIFY(test::mapError(hits[0].map, map, kViewSide, kViewSide, 32) < 2);
        // What the search says is the correlation under the map that it says.
        QVERIFY(std::abs(correlation(folded, hits[0].map, key) - hits[0].correlation) < 0.02);
        const SyncRefinement refinement(folded, key.sync);
        const SyncHit once = refinement.refined(hits[0], false);
        const SyncHit twice = refinement.refined(once, true);
        const double error = test::mapError(twice.map, map, kViewSide, kViewSide, 32);
        qInfo("correlation %.3f, %.3f, %.3f; error %.2f chips", hits[0].correlation, once.correlation,
              twice.correlation, error);
        QVERIFY(once.correlation > hits[0].correlation - 0.005);
        QVERIFY(twice.correlation > once.correlation - 0.005);
        QVERIFY(error < 0.6);
    }

    void refused() {
        const auto folded = [&](const CarrierEstimate& view) { FoldedEstimate(view, m_band); };
        QVERIFY(isRefused([&] { folded({}); }));
        QVERIFY(isRefused([&] { folded({16, 15, std::vector<float>(240)}); }));
        QVERIFY(isRefused([&] { folded({16, 16, std::vector<float>(255)}); }));
        std::vector<float> values(256, 1);
        values[3] = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(isRefused([&] { folded({16, 16, values}); }));
        values[3] = 0;
        folded({16, 16, values});
        folded({40, 400, std::vector<float>(16000, 1)});
    }

private:
    double correlation(const FoldedEstimate& folded, const FrameMap& map, const CarrierKey& key) const {
        const BandSpectrum tile = folded.spectrumUnder(map);
        double sum = 0;
        for (std::size_t m = 0; m < tile.size(); ++m) sum += (tile[m] * std::conj(key.sync[m])).real();
        return sum;
    }

    const PatternBand m_band;
};

SIGNET_TEST(TestCarrierLattice)
#include "test_carrier_lattice.moc"
