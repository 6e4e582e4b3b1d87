#include <cmath>
#include <random>

#include "core/image/difference.h"
#include "core/image/resample.h"
#include "tests/core/image_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::image;
using namespace signet::tests;

namespace {

double sampleAt(const Image& image, int x, int y, int c) {
    const std::size_t at =
        (std::size_t(y) * std::size_t(image.width) + std::size_t(x)) * std::size_t(image.channels) +
        std::size_t(c);
    return image.depth == 16 ? image.samples16()[at] : image.data[at];
}

/// Weight of source position s for output position i of one axis, from the definition.
double weightOf(int s, int i, int from, int to) {
    const double scale = double(from) / to;
    if (from > to) {
        const double covered = std::min<double>(s + 1, (i + 1) * scale) - std::max<double>(s, i * scale);
        return std::max(covered, 0.0) / scale;
    }
    const double centre = std::clamp((i + 0.5) * scale - 0.5, 0.0, from - 1.0);
    return std::max(0.0, 1.0 - std::abs(s - centre));
}

double resampled(const Image& image, int width, int height, int x, int y, int c) {
    double sum = 0;
    for (int sy = 0; sy < image.height; ++sy) {
        const double wy = weightOf(sy, y, image.height, height);
        if (wy == 0) continue;
        for (int sx = 0; sx < image.width; ++sx)
            sum += wy * weightOf(sx, x, image.width, width) * sampleAt(image, sx, sy, c);
    }
    return sum;
}

Planes makeResidual(int width, int height, double amplitude) {
    Planes planes{width, height, {}};
    std::mt19937 random(7);
    planes.data.resize(std::size_t(3 * width * height));
    for (float& value : planes.data) value = float(amplitude * (double(random() % 20001) / 10000.0 - 1.0));
    return planes;
}

/// The residual plane c at the image's pixel, bilinear with half-pixel centres.
double residualAt(const Planes& r, int c, int x, int y, int width, int height) {
    const double px = std::clamp((x + 0.5) * r.width / width - 0.5, 0.0, r.width - 1.0);
    const double py = std::clamp((y + 0.5) * r.height / height - 0.5, 0.0, r.height - 1.0);
    const int x0 = int(px), y0 = int(py), x1 = std::min(x0 + 1, r.width - 1),
              y1 = std::min(y0 + 1, r.height - 1);
    const auto at = [&](int xx, int yy) {
        return double(r.data[std::size_t((c * r.height + yy) * r.width + xx)]);
    };
    const double fx = px - x0, fy = py - y0;
    return (at(x0, y0) * (1 - fx) + at(x1, y0) * fx) * (1 - fy) +
           (at(x0, y1) * (1 - fx) + at(x1, y1) * fx) * fy;
}

}  // namespace

class TestImageResample : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void planesAgreeWithTheDefinition_data() {
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("depth");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        for (int channels : {1, 3, 4})
            for (int depth : {8, 16}) {
                QTest::addRow("same-%d-%d", channels, depth) << channels << depth << 37 << 29;
                QTest::addRow("shrink-%d-%d", channels, depth) << channels << depth << 11 << 8;
                QTest::addRow("grow-%d-%d", channels, depth) << channels << depth << 90 << 41;
                QTest::addRow("mixed-%d-%d", channels, depth) << channels << depth << 50 << 13;
                QTest::addRow("point-%d-%d", channels, depth) << channels << depth << 1 << 1;
            }
    }
    void planesAgreeWithTheDefinition() {
        QFETCH(int, channels);
        QFETCH(int, depth);
        QFETCH(int, width);
        QFETCH(int, height);
        const Image picture = makePicture(37, 29, channels, depth);
        const Planes planes = toPlanes(picture, width, height);
        QCOMPARE(planes.width, width);
        QCOMPARE(planes.data.size(), std::size_t(3 * width * height));
        const double half = depth == 16 ? 32767.5 : 127.5;
        for (int c = 0; c < 3; ++c)
            for (int y = 0; y < height; ++y)
                for (int x = 0; x < width; ++x) {
                    const double expected =
                        resampled(picture, width, height, x, y, channels == 1 ? 0 : c) / half - 1.0;
                    const float value = planes.data[std::size_t((c * height + y) * width + x)];
                    QVERIFY2(std::abs(value - expected) < 2e-6,
                             qPrintable(QString::number(value - expected)));
                }
    }

    void resizedAgreesWithTheDefinition() {
        for (int channels : {1, 3, 4})
            for (int depth : {8, 16})
                for (const auto& [width, height] : {std::pair(20, 9), std::pair(77, 60), std::pair(37, 29)}) {
                    const Image picture = makePicture(37, 29, channels, depth);
                    const Image out = resize(picture, width, height);
                    QCOMPARE(out.depth, 8);
                    QCOMPARE(out.channels, channels);
                    for (int y = 0; y < height; ++y)
                        for (int x = 0; x < width; ++x)
                            for (int c = 0; c < channels; ++c) {
                                const double expected =
                                    resampled(picture, width, height, x, y, c) / (depth == 16 ? 257.0 : 1.0);
                                QVERIFY(std::abs(sampleAt(out, x, y, c) - expected) < 0.501);
                            }
                }
    }

    void emptySizesAreRefused() {
        const Image picture = makePicture(4, 4, 3);
        QCOMPARE(codeOf([&] { resize(picture, 0, 4); }), nameOf(ErrorCode::BadOption));
        QCOMPARE(codeOf([&] { toPlanes(picture, 4, -1); }), nameOf(ErrorCode::BadOption));
        QCOMPARE(codeOf([&] { toPlanes(Image{}, 4, 4); }), nameOf(ErrorCode::BadOption));
    }

    void residualAgreesWithTheDefinition_data() {
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("depth");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("threads");
        QTest::addColumn<double>("amplitude");
        for (int channels : {1, 3, 4})
            for (int depth : {8, 16}) {
                QTest::addRow("grow-%d-%d", channels, depth) << channels << depth << 517 << 389 << 2 << 0.05;
                QTest::addRow("clamp-%d-%d", channels, depth) << channels << depth << 61 << 47 << 1 << 1.5;
                QTest::addRow("shrink-%d-%d", channels, depth) << channels << depth << 10 << 7 << 4 << 0.3;
                QTest::addRow("wide-%d-%d", channels, depth) << channels << depth << 9001 << 3 << 2 << 0.1;
            }
    }
    void residualAgreesWithTheDefinition() {
        QFETCH(int, channels);
        QFETCH(int, depth);
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(int, threads);
        QFETCH(double, amplitude);
        const Image picture = makePicture(width, height, channels, depth);
        const Planes residual = makeResidual(16, 12, amplitude);
        const double strength = 0.8, full = depth == 16 ? 65535 : 255;
        double squaredError = -1;
        const Image out = addResidual(picture, residual, float(strength), threads, &squaredError);
        double squares = 0;
        std::size_t nearTies = 0;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                double change[3];
                for (int c = 0; c < 3; ++c)
                    change[c] = strength * full / 2 * residualAt(residual, c, x, y, width, height);
                for (int c = 0; c < channels; ++c) {
                    const double before = sampleAt(picture, x, y, c), after = sampleAt(out, x, y, c);
                    if (c == 3) {
                        QCOMPARE(after, before);
                        continue;
                    }
                    const double exact =
                        before + (channels == 1 ? (change[0] + change[1] + change[2]) / 3 : change[c]);
                    const double expected = std::clamp(std::round(exact), 0.0, full);
                    if (after != expected) {  // single precision may fall to the other side of a tie
                        QVERIFY(std::abs(exact - std::floor(exact) - 0.5) < (depth == 16 ? 2e-2 : 1e-4));
                        QCOMPARE(std::abs(after - expected), 1.0);
                        ++nearTies;
                    }
                    const double unit = depth == 16 ? 257 : 1;
                    squares += (after - before) * (after - before) / unit / unit * (channels == 1 ? 3 : 1);
                }
            }
        QVERIFY(nearTies * 50 < picture.sampleCount());
        QVERIFY(squares > 0);
        QVERIFY(std::abs(squaredError - squares) <= 1e-9 * squares);
    }

    void residualIsTheSameForAnyNumberOfThreads() {
        const Image picture = makePicture(1200, 901, 3);
        const Planes residual = makeResidual(256, 256, 0.1);
        double one = 0, four = 0;
        const Image a = addResidual(picture, residual, 1.0f, 1, &one);
        const Image b = addResidual(picture, residual, 1.0f, 4, &four);
        QCOMPARE(largestDifference(a, b), 0.0);
        QCOMPARE(one, four);
        QCOMPARE(largestDifference(addResidual(picture, residual, 0.0f, 2, nullptr), picture), 0.0);
    }

    void differences() {
        Image a = makeImage(2, 1, 3);
        Image b = a;
        a.data = {100, 100, 100, 50, 50, 50};
        b.data = {103, 98, 100, 250, 50, 50};
        const Difference once = absoluteDifference(a, b, 1);
        QCOMPARE(once.picture.data, (std::vector<std::uint8_t>{3, 2, 0, 200, 0, 0}));
        QCOMPARE(once.largest, 200.0);
        QCOMPARE(once.pixels, std::uint64_t(2));
        QCOMPARE(absoluteDifference(b, a, 5).picture.data, (std::vector<std::uint8_t>{15, 10, 0, 255, 0, 0}));
        QCOMPARE(absoluteDifference(a, a, 64).pixels, std::uint64_t(0));
    }

    void differencesOfOtherKinds() {
        // a 16-bit step of less than a level is seen; grey stands for three channels; alpha is left out
        Image grey = makeImage(1, 1, 1);
        grey.data = {100};
        Image deep = makeImage(1, 1, 4, 16);
        const std::uint16_t samples[] = {100 * 257 + 64, 100 * 257, 100 * 257, 7};
        std::copy_n(samples, 4, deep.samples16());
        const Difference seen = absoluteDifference(grey, deep, 8);
        QCOMPARE(seen.picture.data, (std::vector<std::uint8_t>{2, 0, 0}));
        QCOMPARE(seen.largest, 64 / 257.0);
        QCOMPARE(seen.pixels, std::uint64_t(1));
        const Image picture = makePicture(7, 5, 3);
        for (const Image& other : {makePicture(5, 7, 3), makePicture(7, 4, 3), Image{}})
            QCOMPARE(codeOf([&] { absoluteDifference(picture, other, 1); }), nameOf(ErrorCode::BadOption));
        QCOMPARE(codeOf([&] { absoluteDifference(picture, picture, 0); }), nameOf(ErrorCode::BadOption));
    }

    void halvingKeepsTheLargest() {
        Image picture = makeImage(5, 3, 1);
        picture.data = {0, 0, 0, 0, 9,  //
                        0, 7, 0, 0, 0,  //
                        1, 0, 0, 5, 0};
        const Image half = halvedByMaximum(picture);
        QCOMPARE(half.width, 3);
        QCOMPARE(half.height, 2);
        QCOMPARE(half.data, (std::vector<std::uint8_t>{7, 0, 9, 1, 5, 0}));
    }

    void brokenResiduals() {
        const Image picture = makePicture(16, 16, 3);
        QCOMPARE(codeOf([&] {
                     addResidual(picture, Planes{4, 4, {}}, 1, 1, nullptr);
                 }),
                 nameOf(ErrorCode::Internal));
        Planes notNumbers = makeResidual(4, 4, 0.5);
        for (float& value : notNumbers.data) value = std::nanf("");
        QCOMPARE(largestDifference(addResidual(picture, notNumbers, 1, 1, nullptr), picture), 0.0);
    }
};

SIGNET_TEST(TestImageResample)
#include "test_image_resample.moc"
