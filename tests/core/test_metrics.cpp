#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/metrics/binomial.h"
#include "core/metrics/correlation_tail.h"
#include "core/metrics/intervals.h"
#include "core/metrics/quality.h"
#include "core/metrics/read_errors.h"
#include "tests/support/error_of.h"
#include "tests/support/numbers.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::metrics;
using test::errorOf;

namespace {

/// Relative agreement; exact for an expected 0 or infinity.
#define COMPARE_NEAR(value, expected, relative)               \
    QVERIFY2(test::relativelyNear(value, expected, relative), \
             qPrintable(QString("%1, expected %2").arg(value, 0, 'g', 17).arg(expected, 0, 'g', 17)))

/// The formula images A and B of the project's golden values (64 x 64).
std::pair<image::Image, image::Image> toyPair() {
    image::Image a = image::makeImage(64, 64, 3);
    image::Image b = a;
    for (int y = 0; y < 64; ++y) {
        for (int x = 0; x < 64; ++x) {
            for (int c = 0; c < 3; ++c) {
                const auto at = static_cast<std::size_t>((y * 64 + x) * 3 + c);
                const int value = (3 * x + 5 * y + 40 * c + 4 * ((x * y) % 17)) % 256;
                a.data[at] = static_cast<std::uint8_t>(value);
                b.data[at] =
                    static_cast<std::uint8_t>(std::clamp(value + (7 * x + 11 * y + 13 * c) % 5 - 2, 0, 255));
            }
        }
    }
    return {a, b};
}

image::Image flat(int width, int height, std::uint8_t value) {
    image::Image out = image::makeImage(width, height, 3);
    std::fill(out.data.begin(), out.data.end(), value);
    return out;
}

}  // namespace

class TestMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void supportedProbabilities_data() {
        QTest::addColumn<double>("p");
        QTest::addColumn<int>("n");
        QTest::addColumn<double>("supported");
        QTest::newRow("supported") << 0.93 << 750 << 0.93;
        QTest::newRow("surer than 750 photographs say") << 0.99999 << 750 << 750.0 / 751;
        QTest::newRow("one photograph") << 1.0 << 1 << 0.5;
        QTest::newRow("nothing was measured") << 0.9999 << 0 << 0.5;
        QTest::newRow("no sense") << 0.2 << 750 << 0.5;
    }
    void supportedProbabilities() {
        QFETCH(double, p);
        QFETCH(int, n);
        QFETCH(double, supported);
        COMPARE_NEAR(supportedProbability(p, n), supported, 1e-12);
    }

    /// By hand: three bits that are right with 0.9 each.
    void readErrorsOfEqualBits() {
        const std::vector<double> p{0.9, 0.9, 0.9};
        const ReadErrors errors(p);
        const std::vector<std::uint8_t> none{0, 0, 0}, one{0, 1, 0}, all{1, 1, 1};
        QCOMPARE(errors.log10Likelihood(none), 0.0);
        QCOMPARE(errors.log10Tail(none), 0.0);
        COMPARE_NEAR(errors.log10Likelihood(one), -std::log10(9.0), 1e-12);
        COMPARE_NEAR(errors.log10Tail(one), std::log10(1 - 0.9 * 0.9 * 0.9), 1e-12);
        COMPARE_NEAR(errors.log10Tail(all), -3.0, 1e-12);
        QVERIFY(errorOf([] { ReadErrors(std::vector<double>{0.4}); }).startsWith("bad_option"));
        QVERIFY(
            errorOf([&] { (void)errors.log10Tail(std::vector<std::uint8_t>{1}); }).startsWith("bad_option"));
    }

    /// Against all 1,024 ways in which ten bits of different sureness can be wrong; and the test has its
    /// level: codes that were embedded are rejected no more often than it says.
    void readErrorsAreExact() {
        const std::vector<double> p{0.5, 0.55, 0.7, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9987};
        const ReadErrors errors(p);
        struct Way {
            double chance, weight;
            std::vector<std::uint8_t> wrong;
        };
        std::vector<Way> ways;
        for (int pattern = 0; pattern < 1024; ++pattern) {
            Way way{1, 0, {}};
            for (std::size_t i = 0; i < p.size(); ++i) {
                const bool wrong = (pattern >> i & 1) != 0;
                way.wrong.push_back(wrong);
                way.chance *= wrong ? 1 - p[i] : p[i];
                // the statistic's own rounding
                if (wrong) way.weight += std::round(std::log10(p[i] / (1 - p[i])) * 100);
            }
            ways.push_back(way);
        }
        for (const double level : {0.05, 0.01, 0.001}) {
            double rejected = 0;
            for (const Way& way : ways)
                if (errors.log10Tail(way.wrong) <= std::log10(level)) rejected += way.chance;
            QVERIFY2(rejected <= level, qPrintable(QString("%1 at %2").arg(rejected).arg(level)));
        }
        for (const Way& way : ways) {
            double tail = 0;
            for (const Way& other : ways)
                if (other.weight >= way.weight) tail += other.chance;
            QVERIFY(std::abs(errors.log10Tail(way.wrong) - std::log10(std::min(1.0, tail))) < 1e-9);
        }
    }

    void clopperPearson_data() {
        QTest::addColumn<qint64>("k");
        QTest::addColumn<qint64>("n");
        QTest::addColumn<double>("lower");
        QTest::addColumn<double>("upper");
        QTest::newRow("0 of 1000") << qint64(0) << qint64(1000) << 0.0 << 0.003682083896865671;
        QTest::newRow("1 of 1000") << qint64(1) << qint64(1000) << 2.5317487491294045e-05
                                   << 0.005558924279826672;
        QTest::newRow("50 of 1000") << qint64(50) << qint64(1000) << 0.0373353976046618
                                    << 0.06539048791549364;
        QTest::newRow("516 of 1000") << qint64(516) << qint64(1000) << 0.48451778022076214
                                     << 0.5473877721454373;
        QTest::newRow("999 of 1000") << qint64(999) << qint64(1000) << 0.9944410757201734
                                     << 0.9999746825125088;
        QTest::newRow("1000 of 1000") << qint64(1000) << qint64(1000) << 0.9963179161031344 << 1.0;
        QTest::newRow("1998 of 2000")
            << qint64(1998) << qint64(2000) << 0.9963923714301715 << 0.9998788724094432;
        QTest::newRow("nothing tried") << qint64(0) << qint64(0) << 0.0 << 1.0;
    }
    void clopperPearson() {
        QFETCH(qint64, k);
        QFETCH(qint64, n);
        QFETCH(double, lower);
        QFETCH(double, upper);
        const Interval interval = metrics::clopperPearson(k, n);
        COMPARE_NEAR(interval.lower, lower, 1e-10);
        COMPARE_NEAR(interval.upper, upper, 1e-12);
    }

    void oneSidedLimits() {
        COMPARE_NEAR(clopperPearsonUpper(0, 1000), 1 - std::pow(0.05, 1e-3), 1e-12);
        COMPARE_NEAR(clopperPearsonUpper(3, 600), 0.012871648947422902, 1e-10);
        COMPARE_NEAR(clopperPearsonLower(597, 600), 0.9871283510525771, 1e-12);
        QCOMPARE(clopperPearsonUpper(5, 5), 1.0);
        QCOMPARE(clopperPearsonLower(0, 5), 0.0);
    }

    void incompleteBeta_data() {
        QTest::addColumn<double>("a");
        QTest::addColumn<double>("b");
        QTest::addColumn<double>("x");
        QTest::addColumn<double>("expected");
        QTest::newRow("polynomial") << 2.0 << 3.0 << 0.4 << 0.5248;
        QTest::newRow("arc sine law") << 0.5 << 0.5 << 0.1 << 2 / M_PI * std::asin(std::sqrt(0.1));
        QTest::newRow("counts of a thousand") << 50.0 << 951.0 << 0.05 << 0.5202589429126795;
        QTest::newRow("large and even") << 1e5 << 1e5 << 0.501 << 0.8144532554424423;
        QTest::newRow("power") << 5e5 << 1.0 << 0.999999 << std::pow(0.999999, 5e5);
        QTest::newRow("low end") << 2.0 << 3.0 << 0.0 << 0.0;
        QTest::newRow("high end") << 2.0 << 3.0 << 1.0 << 1.0;
    }
    void incompleteBeta() {
        QFETCH(double, a);
        QFETCH(double, b);
        QFETCH(double, x);
        QFETCH(double, expected);
        COMPARE_NEAR(regularizedIncompleteBeta(a, b, x), expected, 1e-9);
        COMPARE_NEAR(regularizedIncompleteBeta(b, a, 1 - x), 1 - expected, 1e-9);
        if (x > 0 && x < 1) COMPARE_NEAR(betaQuantile(expected, a, b), x, 1e-9);
    }

    /// Expected values: mpmath's betainc with 60 digits.
    void energyShareTail_data() {
        QTest::addColumn<int>("k");
        QTest::addColumn<int>("n");
        QTest::addColumn<double>("share");
        QTest::addColumn<double>("log10P");
        struct Row {
            int k, n;
            double share, log10P;
        };
        for (const Row& row : {Row{1, 368, 1e-6, -0.0066845648489354453},
                               {1, 368, 0.01, -1.2599940590122454},
                               {1, 368, 0.05, -4.8379312287425331},
                               {1, 368, 0.25, -24.009379206874675},
                               {1, 368, 0.9, -184.85794074046088},
                               {1, 368, 0.9999, -735.38066721310832},
                               {129, 368, 0.2, -4.9166519678917364e-7},
                               {129, 368, 0.35, -0.30102149615843858},
                               {129, 368, 0.5, -4.6763920453631893},
                               {129, 368, 0.9, -72.281093778807523},
                               {129, 368, 0.999, -308.42901939602819},
                               {129, 368, 0.999999, -666.90168439296407},
                               {1, 3, 0.5, -0.53329068316985368},
                               {2, 10, 0.3, -0.61960783994297265},
                               {1, 2000, 0.75, -603.44508492970543},
                               {5, 9, 0.0, 0.0},
                               {5, 9, -0.1, 0.0},
                               {5, 9, 1.0, -std::numeric_limits<double>::infinity()}})
            QTest::addRow("%d of %d, %g", row.k, row.n, row.share)
                << row.k << row.n << row.share << row.log10P;
    }
    void energyShareTail() {
        QFETCH(int, k);
        QFETCH(int, n);
        QFETCH(double, share);
        QFETCH(double, log10P);
        COMPARE_NEAR(log10EnergyShareTail(share, k, n), log10P, 1e-9);
    }

    void correlationTail() {
        COMPARE_NEAR(log10CorrelationTail(0, 368), -0.3010299956639812, 1e-12);
        COMPARE_NEAR(log10CorrelationTail(0.3, 368), -8.6859262514304022, 1e-11);
        COMPARE_NEAR(log10CorrelationTail(-0.3, 368), -8.9507218291267024e-10, 1e-9);
        COMPARE_NEAR(log10CorrelationTail(0.99, 368), -313.83783837386654, 1e-11);
        COMPARE_NEAR(log10CorrelationTail(-0.01, 368), -0.23964371292992818, 1e-11);
        COMPARE_NEAR(log10CorrelationTail(-1, 368), 0.0, 1e-12);
        COMPARE_NEAR(correctedLog10P(log10CorrelationTail(0.99, 368), 1e12, Correction::Bonferroni),
                     -301.83783837386654, 1e-11);
        QVERIFY(errorOf([] { log10EnergyShareTail(0.5, 368, 368); }).startsWith("bad_option"));
        QVERIFY(errorOf([] { log10CorrelationTail(std::nan(""), 368); }).startsWith("bad_option"));
    }

    void quantiles() {
        COMPARE_NEAR(normalQuantile(0.975), 1.959963984540054, 1e-13);
        COMPARE_NEAR(normalQuantile(1e-12), -7.034483825301131, 1e-12);
        QVERIFY(std::abs(normalQuantile(0.5)) < 1e-15);
        COMPARE_NEAR(studentQuantile(0.975, 1), 12.706204736174694, 1e-10);
        COMPARE_NEAR(studentQuantile(0.975, 9), 2.262157162798205, 1e-10);
        COMPARE_NEAR(studentQuantile(0.05, 4), -2.131846786326651, 1e-10);
    }

    void impossibleCounts() {
        QVERIFY(errorOf([] { metrics::clopperPearson(11, 10); }).startsWith("bad_option"));
        QVERIFY(errorOf([] { metrics::clopperPearson(-1, 10); }).startsWith("bad_option"));
        QVERIFY(errorOf([] { metrics::clopperPearson(1, 10, 1.5); }).startsWith("bad_option"));
    }

    void binomialTail_data() {
        QTest::addColumn<int>("n");
        QTest::addColumn<int>("k");
        QTest::addColumn<double>("q");
        QTest::addColumn<double>("log10P");
        const std::pair<int, double> golden[] = {
            {64, -0.27148953811493515}, {67, -0.4823414852992127}, {68, -0.5716475347117789},
            {69, -0.6711725738168784},  {78, -2.0790752667265098}, {82, -3.0309410537544133},
            {92, -6.404415631843606},   {98, -9.190242614576988},  {103, -12.014721669744105},
            {111, -17.67239930317255},  {115, -21.15505040362316}, {119, -25.218127635508722},
            {121, -27.530863421522717}, {123, -30.09158539351337}, {126, -34.61501716039367},
            {127, -36.421249734690306}, {128, -38.531839444989586}};
        for (const auto& [k, expected] : golden)
            QTest::addRow("128 bits, %d", k) << 128 << k << 0.5 << expected;
        QTest::newRow("all of 2000") << 2000 << 2000 << 0.5
                                     << -2000 * std::log10(2.0);  // underflows as a double
        QTest::newRow("biased bits") << 20 << 20 << 0.3 << 20 * std::log10(0.3);
        QTest::newRow("below the mode") << 100 << 3 << 0.01 << -1.1003260980564977;
        QTest::newRow("none asked for") << 100 << 0 << 0.5 << 0.0;
        QTest::newRow("more than there are") << 8 << 9 << 0.5 << -std::numeric_limits<double>::infinity();
    }
    void binomialTail() {
        QFETCH(int, n);
        QFETCH(int, k);
        QFETCH(double, q);
        QFETCH(double, log10P);
        COMPARE_NEAR(log10BinomialTail(n, k, q), log10P, 1e-11);
    }

    void matchThreshold_data() {
        QTest::addColumn<int>("n");
        QTest::addColumn<double>("trials");
        QTest::addColumn<double>("alpha");
        QTest::addColumn<int>("threshold");  // -1: none
        const double trials[] = {1, 1e3, 1e6, 1e9};
        const int table[4][3] = {{82, 92, 98}, {92, 98, 103}, {98, 103, 108}, {103, 108, 112}};
        const double alphas[] = {1e-3, 1e-6, 1e-9};
        for (int i = 0; i < 4; ++i) {
            for (int j = 0; j < 3; ++j) {
                QTest::addRow("128 bits, %g codes, %g", trials[i], alphas[j])
                    << 128 << trials[i] << alphas[j] << table[i][j];
            }
        }
        QTest::newRow("32 bits, 1e-3") << 32 << 1.0 << 1e-3 << 26;
        QTest::newRow("32 bits, 1e-6") << 32 << 1.0 << 1e-6 << 30;
        QTest::newRow("256 bits, 1e-3") << 256 << 1.0 << 1e-3 << 154;
        QTest::newRow("16 bits cannot reach 1e-6") << 16 << 1.0 << 1e-6 << -1;
    }
    void matchThreshold() {
        QFETCH(int, n);
        QFETCH(double, trials);
        QFETCH(double, alpha);
        QFETCH(int, threshold);
        for (const auto correction : {Correction::Sidak, Correction::Bonferroni}) {
            QCOMPARE(metrics::matchThreshold(n, alpha, trials, correction).value_or(-1), threshold);
        }
    }

    void corrections() {
        COMPARE_NEAR(correctedLog10P(std::log10(0.01), 10), std::log10(1 - std::pow(0.99, 10)), 1e-12);
        COMPARE_NEAR(correctedLog10P(std::log10(0.01), 10, Correction::Bonferroni), -1.0, 1e-12);
        COMPARE_NEAR(correctedLog10P(-400, 1e6), -394.0, 1e-14);
        QCOMPARE(correctedLog10P(std::log10(0.5), 10, Correction::Bonferroni), 0.0);
        QVERIFY(errorOf([] { correctedLog10P(-3, 0); }).startsWith("bad_option"));
    }

    void goldenQuality() {
        const auto [a, b] = toyPair();
        COMPARE_NEAR(mse(a, b), 1.9879557291666667, 1e-14);
        COMPARE_NEAR(psnr(a, b), 45.14673652231519, 1e-14);
        COMPARE_NEAR(ssim(a, b), 0.9985706557833254, 1e-12);
    }

    void identicalImages() {
        const auto [a, b] = toyPair();
        QCOMPARE(psnr(a, a), std::numeric_limits<double>::infinity());
        COMPARE_NEAR(ssim(a, a), 1.0, 1e-14);
        QCOMPARE(QString::fromStdString(Json{{"psnr_db", psnr(a, a)}}.dump()), QString("{\"psnr_db\":null}"));
    }

    void flatImagesBySsimFormula() {
        // Without contrast only the luminance term is left.
        const double c1 = 2.55 * 2.55;
        const double expected = (2 * 100 * 110 + c1) / (100 * 100 + 110 * 110 + c1);
        COMPARE_NEAR(ssim(flat(11, 11, 100), flat(11, 11, 110)), expected, 1e-9);
        COMPARE_NEAR(ssim(flat(700, 40, 100), flat(700, 40, 110)), expected, 1e-9);
        COMPARE_NEAR(psnr(flat(3, 2, 100), flat(3, 2, 110)), 20 * std::log10(25.5), 1e-14);
    }

    void sampledSsim() {
        const auto [a, b] = toyPair();
        COMPARE_NEAR(ssimSampled(a, b, 54 * 54), ssim(a, b), 1e-12);
        COMPARE_NEAR(ssimSampled(a, b, 1'000'000), ssim(a, b), 1e-12);
        QVERIFY(std::abs(ssimSampled(a, b, 400) - ssim(a, b)) < 2e-4);
        const double one = ssimSampled(a, b, 1);
        QVERIFY(one > 0.9 && one < 1);
    }

    void stripsOfTallImages() {
        // Taller than one strip of the windowed filter: the same as the mean over all windows one by one.
        image::Image a = image::makeImage(61, 17'000, 3);
        std::uint32_t state = 1;
        for (auto& sample : a.data) {
            state = state * 1664525u + 1013904223u;
            sample = static_cast<std::uint8_t>(state >> 24);
        }
        image::Image b = a;
        for (std::size_t i = 0; i < b.data.size(); i += 3)
            b.data[i] = static_cast<std::uint8_t>(b.data[i] / 2);
        COMPARE_NEAR(ssim(a, b), ssimSampled(a, b, 61 * 17'000), 1e-11);
    }

    void otherPixelFormats() {
        image::Image grey = image::makeImage(16, 16, 1);
        std::fill(grey.data.begin(), grey.data.end(), std::uint8_t{100});
        QCOMPARE(mse(grey, flat(16, 16, 103)), 9.0);
        image::Image deep = image::makeImage(16, 16, 3, 16);
        std::fill_n(deep.samples16(), deep.sampleCount(), std::uint16_t{100 * 257});
        QCOMPARE(mse(deep, flat(16, 16, 100)), 0.0);
    }

    void refusedPairs() {
        QVERIFY(errorOf([] { mse(flat(4, 4, 0), flat(4, 5, 0)); }).startsWith("bad_option"));
        QVERIFY(errorOf([] { psnr(image::Image{}, image::Image{}); }).startsWith("bad_option"));
        QVERIFY(errorOf([] { ssim(flat(10, 40, 0), flat(10, 40, 0)); }).startsWith("too_small"));
        QVERIFY(errorOf([] { ssimSampled(flat(40, 10, 0), flat(40, 10, 0)); }).startsWith("too_small"));
        QVERIFY(errorOf([] { ssimSampled(flat(40, 40, 0), flat(40, 40, 0), 0); }).startsWith("bad_option"));
    }

    void meanWithInterval() {
        const double infinity = std::numeric_limits<double>::infinity();
        const std::vector<double> values{40, 42, infinity, 44};
        const MeanCi95 mean = meanAndCi95(values);
        QCOMPARE(mean.n, 3);
        QCOMPARE(mean.excluded, 1);
        QCOMPARE(mean.mean, 42.0);
        QCOMPARE(mean.standardDeviation, 2.0);
        const double half = 4.302652729749462 * 2 / std::sqrt(3.0);
        COMPARE_NEAR(mean.ci95.lower, 42 - half, 1e-10);
        COMPARE_NEAR(mean.ci95.upper, 42 + half, 1e-10);
        QVERIFY(std::isnan(meanAndCi95({}).mean));
        QCOMPARE(meanAndCi95(std::vector{7.0}).ci95.upper, infinity);
        // An interval of width zero is no interval: equal values say that few differ, not that none does.
        const auto sure = meanAndCi95(std::vector<double>(184, 1.0), {0, 1});
        QCOMPARE(sure.mean, 1.0);
        QCOMPARE(sure.ci95.lower, clopperPearsonLower(184, 184, 0.025));
        QCOMPARE(sure.ci95.upper, 1.0);
        const auto between = meanAndCi95(std::vector<double>(50, 0.25), {0, 1});
        const double limit = clopperPearsonLower(50, 50, 0.025);
        QCOMPARE(between.ci95.lower, 0.25 * limit);
        QCOMPARE(between.ci95.upper, 0.25 * limit + 1 - limit);
        QCOMPARE(meanAndCi95(std::vector<double>(50, 40.0)).ci95.upper, infinity);
        const auto edge = meanAndCi95(std::vector<double>{1, 1, 1, 0.97}, {0, 1});
        QVERIFY(edge.ci95.upper == 1 && edge.ci95.lower < edge.mean);
    }
};

SIGNET_TEST(TestMetrics)
#include "test_metrics.moc"
