// CIEDE2000 and the eye's low-pass.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "core/base/error.h"
#include "core/metrics/quality.h"
#include "core/metrics/visible_difference.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::metrics;

namespace {

/// The test data of Sharma, Wu & Dalal 2005, Table 1: two colours and their difference.
constexpr std::array<std::array<double, 7>, 34> kPairs{{
    {50.0000, 2.6772, -79.7751, 50.0000, 0.0000, -82.7485, 2.0425},
    {50.0000, 3.1571, -77.2803, 50.0000, 0.0000, -82.7485, 2.8615},
    {50.0000, 2.8361, -74.0200, 50.0000, 0.0000, -82.7485, 3.4412},
    {50.0000, -1.3802, -84.2814, 50.0000, 0.0000, -82.7485, 1.0000},
    {50.0000, -1.1848, -84.8006, 50.0000, 0.0000, -82.7485, 1.0000},
    {50.0000, -0.9009, -85.5211, 50.0000, 0.0000, -82.7485, 1.0000},
    {50.0000, 0.0000, 0.0000, 50.0000, -1.0000, 2.0000, 2.3669},
    {50.0000, -1.0000, 2.0000, 50.0000, 0.0000, 0.0000, 2.3669},
    {50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0009, 7.1792},
    {50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0010, 7.1792},
    {50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0011, 7.2195},
    {50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0012, 7.2195},
    {50.0000, -0.0010, 2.4900, 50.0000, 0.0009, -2.4900, 4.8045},
    {50.0000, -0.0010, 2.4900, 50.0000, 0.0010, -2.4900, 4.8045},
    {50.0000, -0.0010, 2.4900, 50.0000, 0.0011, -2.4900, 4.7461},
    {50.0000, 2.5000, 0.0000, 50.0000, 0.0000, -2.5000, 4.3065},
    {50.0000, 2.5000, 0.0000, 73.0000, 25.0000, -18.0000, 27.1492},
    {50.0000, 2.5000, 0.0000, 61.0000, -5.0000, 29.0000, 22.8977},
    {50.0000, 2.5000, 0.0000, 56.0000, -27.0000, -3.0000, 31.9030},
    {50.0000, 2.5000, 0.0000, 58.0000, 24.0000, 15.0000, 19.4535},
    {50.0000, 2.5000, 0.0000, 50.0000, 3.1736, 0.5854, 1.0000},
    {50.0000, 2.5000, 0.0000, 50.0000, 3.2972, 0.0000, 1.0000},
    {50.0000, 2.5000, 0.0000, 50.0000, 1.8634, 0.5757, 1.0000},
    {50.0000, 2.5000, 0.0000, 50.0000, 3.2592, 0.3350, 1.0000},
    {60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644},
    {63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630},
    {61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731},
    {35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645},
    {22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373},
    {36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146},
    {90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441},
    {90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381},
    {6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377},
    {2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082},
}};

using Plane = std::vector<double>;  ///< three values a pixel

image::Image filled(int width, int height, std::array<int, 3> colour) {
    image::Image out = image::makeImage(width, height, 3);
    for (std::size_t i = 0; i < out.data.size(); ++i) out.data[i] = static_cast<std::uint8_t>(colour[i % 3]);
    return out;
}

/// A picture with slopes, edges and texture.
image::Image scenery(int width, int height) {
    image::Image out = image::makeImage(width, height, 3);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < 3; ++c)
                out.data[static_cast<std::size_t>((y * width + x) * 3 + c)] = static_cast<std::uint8_t>(
                    std::clamp(60 + x * 120 / width + (x / 24 + y / 16) % 2 * 30 * c + (x * 7 + y * 13) % 9,
                               0, 255));
    return out;
}

/// What a signature looks like: a smooth pattern of some wavelength in one channel against another.
image::Image withPattern(image::Image image, double wavelength, double amplitude) {
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
            const double wave =
                amplitude * std::sin(2 * M_PI * x / wavelength) * std::cos(2 * M_PI * y / wavelength);
            auto* p = image.data.data() + static_cast<std::size_t>((y * image.width + x) * 3);
            p[0] = static_cast<std::uint8_t>(std::clamp(std::lround(p[0] + wave), 0L, 255L));
            p[1] = static_cast<std::uint8_t>(std::clamp(std::lround(p[1] - wave), 0L, 255L));
        }
    }
    return image;
}

/// S-CIELAB written down directly: every Gaussian at full size, in double precision.
Plane seenDirectly(const image::Image& image) {
    const int w = image.width, h = image.height;
    const auto at = [&](int x, int y) { return static_cast<std::size_t>((y * w + x) * 3); };
    Plane opponents(image.data.size());
    for (std::size_t i = 0; i < image.data.size(); i += 3) {
        double rgb[3], xyz[3];
        for (int c = 0; c < 3; ++c) {
            const double v = image.data[i + static_cast<std::size_t>(c)] / 255.0;
            rgb[c] = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
        }
        xyz[0] = 0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2];
        xyz[1] = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
        xyz[2] = 0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2];
        opponents[i] = 0.279 * xyz[0] + 0.72 * xyz[1] - 0.107 * xyz[2];
        opponents[i + 1] = -0.449 * xyz[0] + 0.29 * xyz[1] - 0.077 * xyz[2];
        opponents[i + 2] = 0.086 * xyz[0] - 0.59 * xyz[1] + 0.501 * xyz[2];
    }
    const double kernels[7][3] = {{0, 0.921, 0.0283}, {0, 0.105, 0.133}, {0, -0.108, 4.336},
                                  {1, 0.531, 0.0392}, {1, 0.330, 0.494}, {2, 0.488, 0.0536},
                                  {2, 0.371, 0.386}};
    const double total[3] = {0.918, 0.861, 0.859};
    Plane seen(opponents.size(), 0);
    for (const auto& k : kernels) {
        const int c = static_cast<int>(k[0]);
        const double spread = k[2] * kPixelsPerDegree;
        const int radius = static_cast<int>(3 * spread) + 1;
        std::vector<double> taps;
        double sum = 0;
        for (int i = -radius; i <= radius; ++i)
            sum += taps.emplace_back(std::exp(-i * i / (spread * spread)));
        Plane across(opponents.size());
        for (int y = 0; y < h; ++y)
            for (int x = 0; x < w; ++x)
                for (int i = -radius; i <= radius; ++i)
                    across[at(x, y) + static_cast<std::size_t>(c)] +=
                        taps[static_cast<std::size_t>(i + radius)] / sum *
                        opponents[at(std::clamp(x + i, 0, w - 1), y) + static_cast<std::size_t>(c)];
        for (int y = 0; y < h; ++y)
            for (int x = 0; x < w; ++x)
                for (int i = -radius; i <= radius; ++i)
                    seen[at(x, y) + static_cast<std::size_t>(c)] +=
                        k[1] / total[c] * taps[static_cast<std::size_t>(i + radius)] / sum *
                        across[at(x, std::clamp(y + i, 0, h - 1)) + static_cast<std::size_t>(c)];
    }
    return seen;
}

Lab labDirectly(const double* o) {
    // The opponent matrix solved for XYZ by Cramer's rule.
    const double m[3][3] = {{0.279, 0.72, -0.107}, {-0.449, 0.29, -0.077}, {0.086, -0.59, 0.501}};
    const auto det = [](const double a[3][3]) {
        return a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) -
               a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0]) +
               a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
    };
    double f[3];
    const double white[3] = {0.9505, 1, 1.089};
    for (int j = 0; j < 3; ++j) {
        double replaced[3][3];
        for (int r = 0; r < 3; ++r)
            for (int c = 0; c < 3; ++c) replaced[r][c] = c == j ? o[r] : m[r][c];
        const double t = std::max(0.0, det(replaced) / det(m) / white[j]);
        f[j] = t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }
    return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

VisibleDifference directly(const image::Image& a, const image::Image& b) {
    const Plane pa = seenDirectly(a), pb = seenDirectly(b);
    std::vector<double> differences;
    for (std::size_t i = 0; i < pa.size(); i += 3)
        differences.push_back(ciede2000(labDirectly(&pa[i]), labDirectly(&pb[i])));
    std::sort(differences.begin(), differences.end());
    const auto n = static_cast<double>(differences.size());
    const auto quantile = [&](double q) {
        return differences[static_cast<std::size_t>(std::ceil(q * n)) - 1];
    };
    const auto over = std::count_if(differences.begin(), differences.end(), [](double d) { return d > 1; });
    return {quantile(0.99), quantile(0.999), static_cast<double>(over) / n};
}

}  // namespace

class TestVisibleDifference : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void publishedPairs_data() {
        QTest::addColumn<int>("row");
        for (int i = 0; i < static_cast<int>(kPairs.size()); ++i) QTest::addRow("pair %d", i + 1) << i;
    }
    void publishedPairs() {
        QFETCH(int, row);
        const auto& p = kPairs[static_cast<std::size_t>(row)];
        const Lab a{p[0], p[1], p[2]}, b{p[3], p[4], p[5]};
        QVERIFY2(std::abs(ciede2000(a, b) - p[6]) < 5.1e-5,
                 qPrintable(QString::number(ciede2000(a, b), 'f', 6)));
        QVERIFY(std::abs(ciede2000(b, a) - p[6]) < 5.1e-5);
        QCOMPARE(ciede2000(a, a), 0.0);
    }

    /// Against the definition at full size: sampling and reduced pictures change little.
    void likeTheDefinition_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<double>("wavelength");
        QTest::addColumn<double>("amplitude");
        QTest::newRow("fine") << 150 << 97 << 3.0 << 12.0;
        QTest::newRow("middling") << 160 << 121 << 12.0 << 8.0;
        QTest::newRow("clouds") << 203 << 131 << 60.0 << 6.0;
        QTest::newRow("broad") << 131 << 200 << 300.0 << 6.0;
    }
    void likeTheDefinition() {
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(double, wavelength);
        QFETCH(double, amplitude);
        const auto a = scenery(width, height);
        const auto b = withPattern(a, wavelength, amplitude);
        const auto expected = directly(a, b);
        const auto measured = visibleDifference(a, b);
        const auto text = QString("%1 %2 %3, expected %4 %5 %6")
                              .arg(measured.p99)
                              .arg(measured.p999)
                              .arg(measured.shareOver1)
                              .arg(expected.p99)
                              .arg(expected.p999)
                              .arg(expected.shareOver1);
        QVERIFY2(std::abs(measured.p99 - expected.p99) < 0.03 * expected.p99 + 0.01, qPrintable(text));
        QVERIFY2(std::abs(measured.p999 - expected.p999) < 0.03 * expected.p999 + 0.01, qPrintable(text));
        QVERIFY2(std::abs(measured.shareOver1 - expected.shareOver1) < 0.02, qPrintable(text));
        QVERIFY(expected.p99 > 0);
    }

    /// The same PSNR, seen or not: what the measure is for.
    void cloudsAreSeenWhereFinePatternsAreNot() {
        const auto plain = filled(512, 512, {140, 150, 170});
        const auto fine = withPattern(plain, 2.5, 3);
        const auto clouds = withPattern(plain, 80, 3);
        QVERIFY(std::abs(psnr(plain, fine) - psnr(plain, clouds)) < 1);
        const auto f = visibleDifference(plain, fine);
        const auto c = visibleDifference(plain, clouds);
        QVERIFY2(f.p999 < 0.5 && f.shareOver1 == 0, qPrintable(QString::number(f.p999)));
        QVERIFY2(c.p99 > 2 && c.shareOver1 > 0.3, qPrintable(QString("%1 %2").arg(c.p99).arg(c.shareOver1)));
        QVERIFY(c.p999 >= c.p99);
    }

    void fewPlacesStandForAll() {
        const auto a = scenery(700, 500);
        const auto b = withPattern(a, 40, 6);
        const auto all = visibleDifference(a, b, 700 * 500);
        const auto some = visibleDifference(a, b, 20'000);
        QVERIFY(std::abs(all.p99 - some.p99) < 0.05 * all.p99);
        QVERIFY(std::abs(all.shareOver1 - some.shareOver1) < 0.02);
    }

    void extremes() {
        const auto a = scenery(40, 30);
        const auto same = visibleDifference(a, a);
        QCOMPARE(same.p999, 0.0);
        QCOMPARE(same.shareOver1, 0.0);
        const auto black = filled(33, 1, {0, 0, 0});
        const auto white = filled(33, 1, {255, 255, 255});
        const auto most = visibleDifference(black, white);
        QVERIFY2(std::abs(most.p99 - 100) < 0.5, qPrintable(QString::number(most.p99)));
        QCOMPARE(most.shareOver1, 1.0);
        auto grey16 = image::makeImage(33, 1, 1, 16);
        for (std::size_t i = 0; i < 33; ++i) grey16.samples16()[i] = 65535;
        QVERIFY(visibleDifference(grey16, white).p999 < 1e-9);
        QVERIFY_EXCEPTION_THROWN(visibleDifference(a, black), Error);
        QVERIFY_EXCEPTION_THROWN(visibleDifference(a, a, 0), Error);
        QVERIFY_EXCEPTION_THROWN(visibleDifference({}, {}), Error);
    }

    /// The time is printed, not judged: it hangs on the machine. What is judged is that places are sampled.
    void twelveMegapixels() {
        const auto a = scenery(4000, 3000);
        const auto b = withPattern(a, 120, 5);
        const auto begin = std::chrono::steady_clock::now();
        const auto seen = visibleDifference(a, b);
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
        qInfo("12 megapixels: %.3f s", spent.count());
        QVERIFY(seen.p99 > 1);
    }
};

SIGNET_TEST(TestVisibleDifference)
#include "test_visible_difference.moc"
