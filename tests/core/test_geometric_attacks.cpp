#include <cmath>
#include <set>

#include "attacked.h"
#include "support/pictures.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::test;

namespace {

/// Red counts columns, green rows, two levels a pixel; blue is 0.
image::Image chart(int width, int height) {
    image::Image out = image::makeImage(width, height, 3);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const auto at = static_cast<std::size_t>((y * width + x) * 3);
            out.data[at] = static_cast<std::uint8_t>(2 * x);
            out.data[at + 1] = static_cast<std::uint8_t>(2 * y);
        }
    }
    return out;
}

QSize sizeOf(const image::Image& image) {
    return {image.width, image.height};
}

/// Where a pixel of a warped chart came from, to a quarter of a pixel.
QPointF sourceOf(const image::Image& warped, int x, int y) {
    return {sampleAt(warped, x, y, 0) / 2.0, sampleAt(warped, x, y, 1) / 2.0};
}

double distance(const QPointF& a, const QPointF& b) {
    return std::hypot(a.x() - b.x(), a.y() - b.y());
}

}  // namespace

class TestGeometricAttacks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void seededCrops_data() {
        QTest::addColumn<QString>("spec");
        QTest::addColumn<QSize>("size");  // of 100 x 80
        QTest::newRow("a quarter") << "crop-at:0.25" << QSize(50, 40);
        QTest::newRow("three quarters") << "crop-at:0.75" << QSize(87, 69);
        QTest::newRow("upright") << "crop-aspect:0.75" << QSize(60, 80);
        QTest::newRow("wide") << "crop-aspect:1.7778" << QSize(100, 56);
        QTest::newRow("narrowest") << "crop-aspect:0.1" << QSize(8, 80);
        QTest::newRow("flattest") << "crop-aspect:10" << QSize(100, 10);
    }
    void seededCrops() {
        QFETCH(QString, spec);
        QFETCH(QSize, size);
        const image::Image before = chart(100, 80);
        const QSize rest = sizeOf(before) - size;
        std::set<int> lefts, tops;
        for (std::uint64_t seed = 0; seed < 60; ++seed) {
            const image::Image after = attacked(before, qPrintable(spec), seed);
            QCOMPARE(sizeOf(after), size);
            const auto place = placeOf(after, before);
            QVERIFY(place.has_value());
            lefts.insert(place->first);
            tops.insert(place->second);
        }
        // Of 60 draws some come near both ends, wherever there is room.
        const auto spread = [](const std::set<int>& places, int room) {
            return *places.begin() <= room / 8 && *places.rbegin() >= room - room / 8 - 1 &&
                   *places.rbegin() <= room;
        };
        QVERIFY(spread(lefts, rest.width()));
        QVERIFY(spread(tops, rest.height()));
    }

    void cropOfTheSameShapeIsAll() {
        const image::Image before = picture(100, 80);
        QVERIFY(same(attacked(before, "crop-aspect:1.25", 7), before));
    }

    void turnsByAnyAngle_data() {
        QTest::addColumn<QString>("spec");
        QTest::addColumn<bool>("kept");
        QTest::newRow("size kept") << "rotate-any" << true;
        QTest::newRow("enlarged") << "rotate-out-any" << false;
    }
    void turnsByAnyAngle() {
        QFETCH(QString, spec);
        QFETCH(bool, kept);
        const image::Image before = chart(81, 81);
        std::set<int> eighths;
        for (std::uint64_t seed = 0; seed < 80; ++seed) {
            const image::Image after = attacked(before, qPrintable(spec), seed);
            QVERIFY(kept ? sizeOf(after) == sizeOf(before) : after.width >= 81 && after.height >= 81);
            // Where a pixel 20 px right of the centre came from tells the angle.
            const QPointF from = sourceOf(after, after.width / 2 + 20, after.height / 2) - QPointF(40, 40);
            QVERIFY(std::abs(std::hypot(from.x(), from.y()) - 20) < 1.5);
            eighths.insert(static_cast<int>((std::atan2(from.y(), from.x()) + M_PI) / (M_PI / 4)));
        }
        QVERIFY(eighths.size() >= 8);
    }

    void quarterTurns_data() {
        QTest::addColumn<QString>("spec");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<QList<int>>("reds");  // row by row
        // 0 2 4
        // 1 3 5
        QTest::newRow("counter-clockwise") << "turn:90" << QSize(2, 3) << QList<int>{4, 5, 2, 3, 0, 1};
        QTest::newRow("half") << "turn:180" << QSize(3, 2) << QList<int>{5, 3, 1, 4, 2, 0};
        QTest::newRow("clockwise") << "turn:270" << QSize(2, 3) << QList<int>{1, 0, 3, 2, 5, 4};
        QTest::newRow("top to bottom") << "flip-vertical" << QSize(3, 2) << QList<int>{1, 3, 5, 0, 2, 4};
    }
    void quarterTurns() {
        QFETCH(QString, spec);
        QFETCH(QSize, size);
        QFETCH(QList<int>, reds);
        image::Image before = image::makeImage(3, 2, 3);
        for (int x = 0; x < 3; ++x)
            for (int y = 0; y < 2; ++y)
                before.data[static_cast<std::size_t>((y * 3 + x) * 3)] = static_cast<std::uint8_t>(2 * x + y);
        const image::Image after = attacked(before, qPrintable(spec));
        QCOMPARE(sizeOf(after), size);
        for (int i = 0; i < 6; ++i) QCOMPARE(sampleAt(after, i % size.width(), i / size.width(), 0), reds[i]);
    }

    void turnsAgreeWithRotation_data() {
        QTest::addColumn<QString>("spec");
        QTest::addColumn<QString>("other");
        QTest::newRow("90") << "turn:90"
                            << "rotate-out:90";
        QTest::newRow("180") << "turn:180"
                             << "rotate:180";
        QTest::newRow("270") << "turn:270"
                             << "rotate-out:-90";
    }
    void turnsAgreeWithRotation() {
        QFETCH(QString, spec);
        QFETCH(QString, other);
        const image::Image before = picture(31, 20);
        QVERIFY(same(attacked(before, qPrintable(spec)), attacked(before, qPrintable(other))));
    }

    void rotationOnAnEnlargedCanvas_data() {
        QTest::addColumn<double>("degrees");
        for (const double degrees : {5.0, 45.0, -30.0, 135.0, -179.0})
            QTest::newRow(qPrintable(QString::number(degrees))) << degrees;
    }
    void rotationOnAnEnlargedCanvas() {
        QFETCH(double, degrees);
        const image::Image before = chart(100, 80);
        const image::Image after = attacked(before, qPrintable(QString("rotate-out:%1").arg(degrees)));
        const double angle = degrees * M_PI / 180;
        const double c = std::cos(angle), s = std::sin(angle);
        QCOMPARE(after.width, static_cast<int>(std::ceil(100 * std::abs(c) + 80 * std::abs(s))));
        QCOMPARE(after.height, static_cast<int>(std::ceil(80 * std::abs(c) + 100 * std::abs(s))));
        for (const QPoint corner : {QPoint(0, 0), QPoint(after.width - 1, 0)})
            for (int i = 0; i < 3; ++i) QVERIFY(sampleAt(after, corner.x(), corner.y(), i) >= 64);
        // Every pixel of the picture is there: counter-clockwise, x to the right and y down.
        for (const QPoint p : {QPoint(1, 1), QPoint(98, 1), QPoint(1, 78), QPoint(98, 78), QPoint(30, 60)}) {
            const double dx = p.x() - 49.5, dy = p.y() - 39.5;
            const int x = static_cast<int>(std::lround((after.width - 1) / 2.0 + c * dx + s * dy));
            const int y = static_cast<int>(std::lround((after.height - 1) / 2.0 - s * dx + c * dy));
            QVERIFY(sampleAt(after, x, y, 2) < 64);
            if (sampleAt(after, x, y, 2) == 0) QVERIFY(distance(sourceOf(after, x, y), p) <= 1);
        }
    }

    void stretches() {
        const image::Image before = picture(100, 80);
        std::set<std::pair<int, int>> sizes;
        for (std::uint64_t seed = 0; seed < 30; ++seed) {
            const image::Image after = attacked(before, "stretch:1.3", seed);
            sizes.insert({after.width, after.height});
        }
        QVERIFY(sizes == (std::set<std::pair<int, int>>{{130, 80}, {100, 104}}));
        // A ramp stays one: half-pixel centres.
        const image::Image wide = attacked(chart(100, 80), "scale:2");
        QCOMPARE(sizeOf(wide), QSize(200, 160));
        for (const int x : {10, 77, 150})
            QVERIFY(std::abs(sampleAt(wide, x, 40, 0) - 2 * ((x + 0.5) / 2 - 0.5)) <= 0.51);
    }

    /// A homography keeps straight lines and cross-ratios, and this one no parallels.
    void perspectiveIsAHomography() {
        const image::Image before = chart(120, 100);
        double uneven = 0;
        for (std::uint64_t seed = 0; seed < 12; ++seed) {
            const image::Image after = attacked(before, "perspective:0.2", seed);
            QCOMPARE(sizeOf(after), sizeOf(before));
            for (const QPoint step : {QPoint(12, 0), QPoint(0, 12), QPoint(10, 10)}) {
                QPointF p[4];
                for (int i = 0; i < 4; ++i) {
                    const QPoint at = QPoint(60, 50) + (2 * i - 3) * step / 2;
                    QCOMPARE(sampleAt(after, at.x(), at.y(), 2), 0);  // inside
                    p[i] = sourceOf(after, at.x(), at.y());
                }
                const QPointF along = p[3] - p[0];
                for (int i = 1; i < 3; ++i) {
                    const QPointF d = p[i] - p[0];
                    const double off =
                        (along.x() * d.y() - along.y() * d.x()) / std::hypot(along.x(), along.y());
                    QVERIFY2(std::abs(off) < 0.75, qPrintable(QString::number(off)));
                }
                const double ratio = distance(p[0], p[2]) * distance(p[1], p[3]) /
                                     (distance(p[1], p[2]) * distance(p[0], p[3]));
                QVERIFY2(std::abs(ratio - 4.0 / 3) < 0.1, qPrintable(QString::number(ratio)));
                uneven = std::max(uneven, std::abs(distance(p[0], p[1]) / distance(p[2], p[3]) - 1));
            }
        }
        QVERIFY2(uneven > 0.2, qPrintable(QString::number(uneven)));
    }

    void perspectiveMovesCornersByTheShare_data() {
        QTest::addColumn<double>("strength");
        for (const double strength : {0.02, 0.05, 0.2})
            QTest::newRow(qPrintable(QString::number(strength))) << strength;
    }
    void perspectiveMovesCornersByTheShare() {
        QFETCH(double, strength);
        const image::Image before = chart(120, 100);
        double moved = 0;
        for (std::uint64_t seed = 0; seed < 12; ++seed) {
            const image::Image after =
                attacked(before, qPrintable(QString("perspective:%1").arg(strength)), seed);
            int outside = 0;
            for (int y = 0; y < 100; ++y) {
                for (int x = 0; x < 120; ++x) {
                    const bool within =
                        x >= 1 + std::ceil(strength * 120) && x <= 118 - std::ceil(strength * 120) &&
                        y >= 1 + std::ceil(strength * 100) && y <= 98 - std::ceil(strength * 100);
                    const int blue = sampleAt(after, x, y, 2);
                    if (within) QCOMPARE(blue, 0);
                    outside += blue == 128;
                    if (blue == 0)
                        moved = std::max(moved, std::abs(sampleAt(after, x, y, 0) / 2.0 - x) / 120);
                }
            }
            QVERIFY(outside < 12000 * (1 - std::pow(1 - 2 * strength, 2)));
        }
        QVERIFY2(moved > 0.7 * strength, qPrintable(QString::number(moved)));
    }
};

SIGNET_TEST(TestGeometricAttacks)
#include "test_geometric_attacks.moc"
