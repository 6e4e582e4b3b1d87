#include "attacked.h"
#include "support/pictures.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::test;

namespace {

using Rgb = QList<int>;

image::Image column(const QList<Rgb>& pixels) {
    image::Image out = image::makeImage(1, static_cast<int>(pixels.size()), 3);
    std::size_t at = 0;
    for (const Rgb& rgb : pixels)
        for (const int sample : rgb) out.data[at++] = static_cast<std::uint8_t>(sample);
    return out;
}

}  // namespace

/// The steps on colours, against values worked out by hand from their definitions.
class TestColourAttacks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void onePixel_data() {
        QTest::addColumn<QString>("spec");
        QTest::addColumn<Rgb>("before");
        QTest::addColumn<Rgb>("after");
        const Rgb blue{10, 100, 200};  // of luminance 84.49
        const Rgb orange{200, 100, 50};
        QTest::newRow("grey") << "grey" << blue << Rgb{84, 84, 84};
        QTest::newRow("no saturation") << "saturation:0" << blue << Rgb{84, 84, 84};
        QTest::newRow("half the saturation") << "saturation:0.5" << blue << Rgb{47, 92, 142};
        QTest::newRow("twice the saturation") << "saturation:2" << blue << Rgb{0, 116, 255};
        QTest::newRow("a third of the circle") << "hue:0.3333333333333333" << orange << Rgb{50, 200, 100};
        QTest::newRow("a third back") << "hue:-0.3333333333333333" << orange << Rgb{100, 50, 200};
        QTest::newRow("opposite") << "hue:0.5" << orange << Rgb{50, 150, 200};
        QTest::newRow("a tenth") << "hue:0.1" << orange << Rgb{200, 190, 50};
        QTest::newRow("a tenth back") << "hue:-0.1" << orange << Rgb{200, 50, 90};
        QTest::newRow("grey has no hue") << "hue:0.2" << Rgb{77, 77, 77} << Rgb{77, 77, 77};
        QTest::newRow("squared") << "gamma:2" << Rgb{0, 128, 255} << Rgb{0, 64, 255};
        QTest::newRow("root") << "gamma:0.5" << Rgb{1, 64, 255} << Rgb{16, 128, 255};
        QTest::newRow("three bits") << "posterise:3" << blue << Rgb{0, 96, 192};
        QTest::newRow("one bit") << "posterise:1" << blue << Rgb{0, 0, 128};
    }
    void onePixel() {
        QFETCH(QString, spec);
        QFETCH(Rgb, before);
        QFETCH(Rgb, after);
        QVERIFY(same(attacked(flat(3, 2, before[0], before[1], before[2]), qPrintable(spec)),
                     flat(3, 2, after[0], after[1], after[2])));
    }

    void greyHasEqualChannels() {
        const image::Image after = attacked(picture(64, 48), "grey");
        for (std::size_t i = 0; i < after.data.size(); i += 3)
            QVERIFY(after.data[i] == after.data[i + 1] && after.data[i] == after.data[i + 2]);
    }

    void equalisedByHand() {
        // 1020 pixels. Red: 255 of 10, 510 of 20, 255 of 200, step (1020 - 255) / 255 = 3: 1/3, 256/3, 766/3.
        // Green: one level. Blue: 765 of 5, 255 of 9, the same step: 1/3, 766/3.
        image::Image before = image::makeImage(34, 30, 3);
        image::Image expected = before;
        for (std::size_t i = 0; i < 1020; ++i) {
            before.data[3 * i] = i < 255 ? 200 : i < 765 ? 20 : 10;
            expected.data[3 * i] = i < 255 ? 255 : i < 765 ? 85 : 0;
            before.data[3 * i + 1] = expected.data[3 * i + 1] = 77;
            before.data[3 * i + 2] = i % 4 == 0 ? 9 : 5;
            expected.data[3 * i + 2] = i % 4 == 0 ? 255 : 0;
        }
        QVERIFY(same(attacked(before, "equalise"), expected));
    }

    void paletteByHand() {
        // Eight pixels along red; cut behind the fourth: means 2.5 and 207.5, rounded.
        const image::Image before = column({{0, 0, 0},
                                            {210, 0, 0},
                                            {0, 0, 0},
                                            {200, 0, 0},
                                            {210, 0, 0},
                                            {10, 0, 0},
                                            {0, 0, 0},
                                            {210, 0, 0}});
        const Rgb low{3, 0, 0}, high{208, 0, 0};
        QVERIFY(same(attacked(before, "palette:2"), column({low, high, low, high, high, low, low, high})));
        QVERIFY(same(attacked(before, "palette:4"), before));  // no more colours than that
    }

    void paletteTakesTheNearest() {
        // Cut behind the fourth pixel: means 25 and 110. 100 lies in the box of the first, but nearer to 110.
        const Rgb dark{0, 0, 0}, light{0, 110, 0}, between{0, 100, 0}, mean{0, 25, 0};
        QVERIFY(same(attacked(column({dark, dark, dark, between, light, light, light, light}), "palette:2"),
                     column({mean, mean, mean, light, light, light, light, light})));
    }

    void paletteSizes_data() {
        QTest::addColumn<int>("colours");
        for (const int colours : {2, 16, 64, 255, 256})
            QTest::newRow(qPrintable(QString::number(colours))) << colours;
    }
    void paletteSizes() {
        QFETCH(int, colours);
        const image::Image before = picture(64, 48);
        QVERIFY(coloursIn(before).size() > 1000);
        const image::Image after = attacked(before, qPrintable(QString("palette:%1").arg(colours)));
        const std::size_t used = coloursIn(after).size();
        QVERIFY2(used <= static_cast<std::size_t>(colours) && 2 * used > static_cast<std::size_t>(colours),
                 qPrintable(QString::number(used)));
        QVERIFY(same(attacked(after, qPrintable(QString("palette:%1").arg(colours))), after));
    }

    void medianByHand() {
        image::Image before = image::makeImage(3, 3, 3);
        for (std::size_t i = 0; i < 27; ++i) before.data[i] = static_cast<std::uint8_t>(10 * (i / 3 + 1));
        const image::Image after = attacked(before, "median:3");
        QCOMPARE(sampleAt(after, 1, 1, 0), 50);
        QCOMPARE(sampleAt(after, 0, 0, 1), 20);  // of 10, 10, 10, 10, 20, 20, 40, 40, 50: its edges repeated
        QCOMPARE(sampleAt(after, 2, 1, 2), 60);  // of 20, 30, 30, 50, 60, 60, 80, 90, 90
        image::Image spot = flat(31, 31, 10, 20, 30);
        for (int y = 12; y < 19; ++y)
            for (int x = 12; x < 19; ++x) spot.data[static_cast<std::size_t>((y * 31 + x) * 3)] = 250;
        QVERIFY(same(attacked(spot, "median:15"), flat(31, 31, 10, 20, 30)));
        QCOMPARE(sampleAt(attacked(spot, "median:5"), 15, 15, 0), 250);
    }
};

SIGNET_TEST(TestColourAttacks)
#include "test_colour_attacks.moc"
